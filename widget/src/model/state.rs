//! What the widget knows at one moment.

use std::rc::Rc;

use natter_protocol::json::Object;
use natter_protocol::request::Role;

use super::contact::Contact;
use super::failure::{Failure, FailureKind};
use super::message::ChatMessage;

/// How much of the window shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Window {
    /// Only the launcher.
    #[default]
    Closed,
    /// All of it.
    Open,
    /// Only the header.
    Minimized,
}

/// Names one question and its answer; what arrives for another one than the current is stale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TurnId(pub u32);

/// Where the current turn stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is going on.
    #[default]
    Idle,
    /// Asked; not one word has come yet.
    Sending(TurnId),
    /// The answer is arriving.
    Streaming(TurnId),
    /// The turn ended without a whole answer.
    Failed(TurnId, Failure),
}

/// What the turn's answer will be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Turn {
    /// Its name.
    pub id: TurnId,
    /// The id the answer gets.
    pub reply_id: String,
    /// When it was asked, in ms since 1970.
    pub asked_at: u64,
}

/// Something that happened and that the world outside may want to know.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // The names are those of the public events.
pub enum Notice {
    Open,
    Close,
    Minimize,
    Expand,
    Sent { message: Rc<ChatMessage>, conversation_length: usize },
    Received { message: Rc<ChatMessage>, response_time: u64 },
    Error { code: String, message: String, retryable: bool },
    Unread { count: usize },
    Clear,
    Stop,
    Contact,
}

/// The settings that the state machine itself obeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Messages kept on screen and in the history, at least a question and its answer; the oldest go first.
    pub max_messages: usize,
    /// Unicode scalar values in one message.
    pub max_length: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self { max_messages: 50, max_length: 1000 }
    }
}

/// The whole state. [`State::update`] is the only thing that changes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// What the owner set.
    pub rules: Rules,
    /// How much of the window shows.
    pub window: Window,
    /// When the greeting was first shown; `None` before the first opening.
    pub greeted_at: Option<u64>,
    /// The conversation without the greeting, oldest first.
    pub messages: Vec<Rc<ChatMessage>>,
    /// Where the current turn stands.
    pub phase: Phase,
    /// The current or last turn.
    pub turn: Turn,
    /// What stands in the composer.
    pub draft: String,
    /// Answers, and failures to get one, that the window did not show.
    pub unread: usize,
    /// Whether the visitor is at the end of the transcript, which then follows the reply.
    pub at_end: bool,
    /// Whether the browser believes to have a network.
    pub online: bool,
    /// How often in a row the endpoint could not be reached.
    pub unreached: u32,
    /// The contact offer, while the assistant is unavailable.
    pub contact: Option<Contact>,
    /// What "Undo" brings back after the history was cleared.
    pub cleared: Option<Vec<Rc<ChatMessage>>>,
    /// Bytes of the streaming answer that were handed to the announcer.
    pub spoken: usize,
    /// What the announcer says.
    pub announcement: String,
    /// The latest notices, oldest first, and how many there were in all.
    pub notices: Vec<Notice>,
    /// How many notices there ever were.
    pub noticed: usize,
}

impl State {
    /// A closed window with this conversation in it.
    #[must_use]
    pub fn new(rules: Rules, messages: Vec<ChatMessage>, draft: String) -> Self {
        let mut state = Self {
            rules,
            greeted_at: messages.first().map(|first| first.timestamp),
            messages: messages.into_iter().map(Rc::new).collect(),
            draft,
            at_end: true,
            online: true,
            ..Self::default()
        };
        state.forget_oldest();
        state
    }

    /// The turn whose request must be running, if any. The same while it goes from sending to streaming.
    #[must_use]
    pub fn running(&self) -> Option<TurnId> {
        match self.phase {
            Phase::Sending(turn) | Phase::Streaming(turn) => Some(turn),
            Phase::Idle | Phase::Failed(..) => None,
        }
    }

    /// The id of the message that is still being written.
    #[must_use]
    pub fn streaming_id(&self) -> Option<&str> {
        matches!(self.phase, Phase::Streaming(_)).then_some(self.turn.reply_id.as_str())
    }

    /// The failure that stands at the end of the transcript.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match &self.phase {
            Phase::Failed(_, failure) => Some(failure),
            _ => None,
        }
    }

    /// Whether the last question got no answer and nothing tells why: it was stopped at once, or the page was left.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.phase == Phase::Idle && self.messages.last().is_some_and(|last| last.role == Role::User)
    }

    /// The body for the endpoint, `{"messages": [{"role", "content"}]}`: the last `count` messages up to the question.
    #[must_use]
    pub fn request(&self, count: usize) -> String {
        let asked = self.messages.iter().rposition(|m| m.role == Role::User).map_or(0, |at| at + 1);
        let sent = &self.messages[asked.saturating_sub(count.max(1))..asked];
        let sent = sent.iter().map(|m| Object::new().text("role", m.role.name()).text("content", &m.content).end());
        Object::new().list("messages", sent).end()
    }

    /// Whether `text` may be sent: not blank and not too long.
    #[must_use]
    pub fn sendable(&self, text: &str) -> bool {
        !text.trim().is_empty() && self.characters_left(text) >= 0
    }

    /// How many characters of the limit `text` leaves; negative when it is over.
    #[must_use]
    pub fn characters_left(&self, text: &str) -> isize {
        self.rules.max_length as isize - text.chars().count() as isize
    }

    /// Drops what is over the limit from the front.
    pub(super) fn forget_oldest(&mut self) {
        let over = self.messages.len().saturating_sub(self.rules.max_messages.max(2));
        self.messages.drain(..over);
    }

    /// Whether a failure of this kind means that nobody can answer right now.
    pub(super) fn is_unavailable(&self, failure: &Failure) -> bool {
        match failure.kind {
            FailureKind::Unavailable => true,
            FailureKind::Unreachable => self.online && self.unreached >= 2,
            FailureKind::Other => false,
        }
    }
}
