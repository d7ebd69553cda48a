//! Answers without a model: the best sections of the notes, word by word.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use natter_protocol::event::{FinishReason, StreamEvent};
use natter_protocol::request::{Message, Role};

use super::{Events, small_talk};
use crate::context::{Context, Found, Index};

const UNKNOWN: &str = "I don't know that, sorry: my notes are about Natter and have nothing on it. A person can help: \
                       [write to us](/contact), or ask me something about Natter.";
/// How a question begins that leans on the one before.
const FOLLOW_UPS: &[&str] = &["and ", "what about", "how about", "but ", "also ", "or ", "why", "really", "then "];
/// A question with no more words of meaning than this may lean on the one before.
const SHORT: usize = 2;

/// What an answer begins with that stands in for a model's.
const NOTICE: &str = "_The assistant's model cannot be reached at the moment. This is what the site's notes say:_\n\n";

/// The notes and today's facts.
#[derive(Debug)]
pub(super) struct Offline {
    context: Arc<Context>,
    word_delay: Duration,
}

impl Offline {
    pub(super) fn new(context: Arc<Context>, word_delay: u64) -> Self {
        Self { context, word_delay: Duration::from_millis(word_delay) }
    }

    /// The answer in a model's place, which says so.
    pub(super) fn stand_in(&self, messages: &[Message]) -> Events {
        self.speak(&format!("{NOTICE}{}", self.words_for(messages)))
    }

    pub(super) fn answer(&self, messages: &[Message]) -> Events {
        self.speak(&self.words_for(messages))
    }

    fn speak(&self, answer: &str) -> Events {
        let words: Vec<String> = answer.split_inclusive(char::is_whitespace).map(str::to_owned).collect();
        let delay = self.word_delay;
        let spoken = stream::iter(words.into_iter().enumerate()).then(move |(nth, word)| async move {
            if nth > 0 && !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            StreamEvent::TextDelta(word)
        });
        let end = stream::iter([StreamEvent::Finish(FinishReason::Stop)]);
        spoken.chain(end).map(Ok).boxed()
    }

    fn words_for(&self, messages: &[Message]) -> String {
        let mut asked = messages.iter().rev().filter(|message| message.role == Role::User).map(Message::plain_text);
        let question = asked.next().unwrap_or_default();
        if let Some(courtesy) = small_talk::answer(&question) {
            return courtesy.into();
        }
        match find(&self.context.index(), &question, asked.next().as_deref()) {
            Some(found) => compose(found),
            None => UNKNOWN.into(),
        }
    }
}

/// Searches for the question; one that leans on the question before is searched together with it.
fn find<'a>(index: &'a Index, question: &str, before: Option<&str>) -> Option<Found<'a>> {
    let opening = question.trim_start().to_lowercase();
    let leans = FOLLOW_UPS.iter().any(|start| opening.starts_with(start));
    let both = before.map(|before| format!("{before} {question}"));
    match both {
        Some(both) if leans => index.find(&both).or_else(|| index.find(question)),
        Some(both) if index.weight_of(question) <= SHORT => index.find(question).or_else(|| index.find(&both)),
        _ => index.find(question),
    }
}

fn compose(Found { best, also }: Found<'_>) -> String {
    let more = also.map(|also| format!("\n\nSee also: {}", also.title)).unwrap_or_default();
    format!("**{}**\n\n{}{more}", best.title, best.text)
}

impl fmt::Display for Offline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} notes, offline (set OPENAI_API_KEY to have a model answer)", self.context.notes())
    }
}
