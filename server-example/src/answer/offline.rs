//! Answers without a model: the best sections of the notes, word by word.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use natter_protocol::event::{FinishReason, StreamEvent};
use natter_protocol::request::{Message, Role};

use super::knowledge::{self, Section};
use super::search::{Found, Index};
use super::{Events, small_talk};
use crate::context::Context;
use crate::settings::{Settings, SettingsError};

const UNKNOWN: &str = "I don't know that, sorry: my notes are about Natter and have nothing on it. A person can help: \
                       [write to us](/contact), or ask me something about Natter.";
/// How a question begins that leans on the one before.
const FOLLOW_UPS: &[&str] = &["and ", "what about", "how about", "but ", "also ", "or ", "why", "really", "then "];
/// A question with no more words of meaning than this may lean on the one before.
const SHORT: usize = 2;

/// The notes and today's facts.
#[derive(Debug)]
pub(crate) struct Offline {
    notes: Vec<Section>,
    context: Context,
    word_delay: Duration,
    /// Made of the notes and the facts they were last.
    index: Mutex<(Vec<Section>, Arc<Index>)>,
}

impl Offline {
    pub(super) fn new(settings: &Settings, context: Context) -> Result<Self, SettingsError> {
        let path = settings.context.knowledge.as_deref();
        let notes = knowledge::load(path).map_err(|why| SettingsError::path("knowledge", path, &why))?;
        let facts = context.sections();
        let index = Index::new([notes.clone(), facts.clone()].concat());
        let word_delay = Duration::from_millis(settings.context.word_delay);
        Ok(Self { notes, context, word_delay, index: Mutex::new((facts, Arc::new(index))) })
    }

    pub(super) fn answer(&self, messages: &[Message]) -> Events {
        let answer = self.words_for(messages);
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
        let index = self.index();
        match find(&index, &question, asked.next().as_deref()) {
            Some(found) => compose(found),
            None => UNKNOWN.into(),
        }
    }

    /// The index, made anew when the facts have changed.
    fn index(&self) -> Arc<Index> {
        let facts = self.context.sections();
        let mut kept = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != facts {
            let index = Index::new([self.notes.clone(), facts.clone()].concat());
            *kept = (facts, Arc::new(index));
        }
        Arc::clone(&kept.1)
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
        write!(f, "{} notes, offline (set OPENAI_API_KEY to have a model answer)", self.notes.len())
    }
}
