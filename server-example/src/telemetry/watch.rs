//! Looks on while an answer passes: when its first token came, how it ended, and how many are on their way.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use futures_util::Stream;
use futures_util::stream::StreamExt;
use natter_protocol::event::StreamEvent;
use tracing::Span;

use super::Metrics;
use crate::answer::{Events, Item};

/// About how many bytes of an answer the log gets at most.
const MAX_LOGGED: usize = 64 * 1024;

/// One answer with eyes on it. Dropped before its end, it was not wanted any more.
struct Observed {
    events: Events,
    metrics: Metrics,
    asked: Instant,
    /// The request's, so that what is logged on the way carries its id.
    span: Span,
    /// Question and answer, when the log may hold them.
    said: Option<(String, String)>,
    spoke: bool,
    outcome: Outcome,
}

enum Outcome {
    /// Nothing has come yet.
    Waiting,
    /// It goes on.
    Going,
    /// It failed before anything came: it becomes a refusal, which is counted where that is written.
    Refused,
    Ended(&'static str),
}

impl Metrics {
    /// `events`, counted. With the question, the log gets it and the answer's text.
    pub(crate) fn watch(&self, events: Events, question: Option<String>) -> Events {
        self.began();
        Observed {
            events,
            metrics: self.clone(),
            asked: Instant::now(),
            span: Span::current(),
            said: question.map(|question| (question, String::new())),
            spoke: false,
            outcome: Outcome::Waiting,
        }
        .boxed()
    }
}

impl Observed {
    fn see(&mut self, item: Option<&Item>) {
        self.outcome = match (item, &self.outcome) {
            (_, Outcome::Ended(_)) => return,
            (Some(Err(_)), Outcome::Waiting) => Outcome::Refused,
            (Some(Err(error)), _) => Outcome::Ended(error.code().name()),
            (None, _) => Outcome::Ended("truncated"),
            (Some(Ok(StreamEvent::Error(_))), _) => Outcome::Ended("upstream_failed"),
            (Some(Ok(StreamEvent::Finish(_))), _) => Outcome::Ended("ok"),
            (Some(Ok(StreamEvent::TextDelta(text))), _) => {
                if !std::mem::replace(&mut self.spoke, true) {
                    self.metrics.first_token(self.asked.elapsed());
                }
                if let Some((_, answer)) = self.said.as_mut().filter(|(_, answer)| answer.len() < MAX_LOGGED) {
                    answer.push_str(text);
                }
                Outcome::Going
            }
            (Some(Ok(_)), _) => Outcome::Going,
        };
    }
}

impl Stream for Observed {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        let item = ready!(this.span.in_scope(|| this.events.poll_next_unpin(cx)));
        this.see(item.as_ref());
        Poll::Ready(item)
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.metrics.ended();
        let outcome = match self.outcome {
            Outcome::Refused => return,
            Outcome::Waiting | Outcome::Going => "cancelled",
            Outcome::Ended(outcome) => outcome,
        };
        self.metrics.answered(outcome);
        let ms = self.asked.elapsed().as_millis() as u64;
        let (question, answer) = self.said.take().unzip();
        self.span.in_scope(|| tracing::info!(outcome, ms, question, answer, "the answer is over"));
    }
}
