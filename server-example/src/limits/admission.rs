//! One answer that was let through: it holds its place and pays its price for as long as it is on its way.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::{Stream, StreamExt};
use natter_protocol::event::{StreamEvent, Usage};
use tokio::runtime::Handle;

use super::budget::Budget;
use super::streams::Permit;
use crate::answer::{Events, Item, ends};
use crate::client::Client;

/// Characters that a token holds on average, when the model does not say how many it used.
const CHARACTERS_PER_TOKEN: usize = 4;

/// Leave for one answer. Dropped unused, it costs nothing.
#[derive(Debug)]
#[must_use]
pub(crate) struct Admission {
    pub(super) permit: Permit,
    pub(super) budget: Arc<Budget>,
    pub(super) client: Client,
    /// Characters of the conversation that is asked with.
    pub(super) asked: usize,
}

impl Admission {
    /// The same events. When they end, or are dropped midway, the place is free again and the tokens are charged: what
    /// the model says it used, or else a guess from the characters of both sides.
    pub(crate) fn bill(self, events: Events) -> Events {
        let Self { permit, budget, client, asked } = self;
        let bill = Bill { characters: asked, usage: None, said: false, failed: false, budget, client, _permit: permit };
        Billed { bill: Some(bill), events }.boxed()
    }
}

struct Billed {
    /// Settled with the last event, so that whoever has read the answer finds the place free. Before `events`, so that
    /// it is settled when the model hears that the visitor left.
    bill: Option<Bill>,
    events: Events,
}

impl Stream for Billed {
    type Item = Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.events.poll_next_unpin(context));
        if let Some(bill) = &mut self.bill {
            match &item {
                Some(Ok(event)) => bill.note(event),
                Some(Err(_)) => bill.failed = !bill.said,
                None => {}
            }
        }
        if item.as_ref().is_none_or(ends) {
            self.bill = None;
        }
        Poll::Ready(item)
    }
}

/// What an answer used up to now. It is charged when it is dropped, since a visitor may leave at any time.
struct Bill {
    characters: usize,
    /// What the model says, once, in the end.
    usage: Option<Usage>,
    said: bool,
    /// It failed before it said anything, which is nobody's to pay.
    failed: bool,
    budget: Arc<Budget>,
    client: Client,
    _permit: Permit,
}

impl Bill {
    fn note(&mut self, event: &StreamEvent) {
        match event {
            StreamEvent::TextDelta(text) | StreamEvent::ReasoningDelta(text) => {
                self.said = true;
                self.characters += text.chars().count();
            }
            StreamEvent::Usage(usage) => self.usage = Some(*usage),
            _ => {}
        }
    }

    fn tokens(&self) -> u64 {
        match self.usage {
            Some(usage) => usage.input_tokens.saturating_add(usage.output_tokens),
            None if self.failed => 0,
            None => self.characters.div_ceil(CHARACTERS_PER_TOKEN) as u64,
        }
    }
}

impl Drop for Bill {
    fn drop(&mut self) {
        let tokens = self.tokens();
        if tokens == 0 || !self.budget.is_limited() {
            return;
        }
        let shared = self.budget.charge(self.client, tokens);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(shared);
        }
    }
}
