//! What the widget knows at one moment.

use std::rc::Rc;

use natter_protocol::request::Role;

use super::contact::Contact;
use super::failure::{Failure, FailureKind};
use super::message::{ChatMessage, Feedback};
use super::speech::Speech;
use super::strings::{ENGLISH, Strings};
use super::thread::Thread;

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

/// What the header says of the assistant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// Ready for a question.
    #[default]
    Online,
    /// Busy with an answer.
    Typing,
    /// The visitor has no network.
    Offline,
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
    /// Asked without a network: the request goes out when there is one.
    Waiting(TurnId),
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
    /// Which version of the answer was shown before it began another one.
    pub(super) replaced: usize,
    /// Whether it failed after the answer had begun.
    pub(super) partial: bool,
    /// Whether its reply broke off and is to be asked for again in a moment.
    pub broken: bool,
    /// How often its reply was asked for again from the beginning.
    pub resumes: u32,
    /// How often in a row that brought nothing new.
    pub(super) in_vain: u32,
    /// Bytes of the answer that had come when it had come farthest.
    pub heard: usize,
    /// Whether what comes next begins the answer again.
    pub(super) anew: bool,
    /// Whether another tab asked, and tells what it gets.
    pub joined: bool,
    /// Whether all that has come of it was there already when the conversation was recalled.
    pub(super) known: bool,
}

/// A question that goes out when the running turn ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    /// The question.
    pub message: ChatMessage,
    /// The id its answer gets.
    pub reply_id: String,
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
    Feedback { message_id: String, value: Option<Feedback>, comment: Option<String> },
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
    /// Whether the window is a part of the page, and so always open.
    pub inline: bool,
    /// The words for what it says itself.
    pub strings: &'static Strings,
    /// Whether tabs tell each other of the answer that one of them gets.
    pub shares: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { max_messages: 50, max_length: 1000, inline: false, strings: &ENGLISH, shares: false }
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
    /// What the endpoint knows the conversation by. Its `unfinished` is that of the stored conversation until that is
    /// taken up.
    pub thread: Thread,
    /// Where the current turn stands.
    pub phase: Phase,
    /// The current or last turn.
    pub turn: Turn,
    /// How many turns were stopped.
    pub stops: u32,
    /// The thread of the one that was stopped last.
    pub stopped: Thread,
    /// The question that waits for the running turn to end.
    pub queued: Option<Queued>,
    /// What the assistant is at, in a few words, while no text comes.
    pub activity: Option<String>,
    /// When the failed question may be asked again, in ms since 1970; `None` when it may be at once.
    pub retry_at: Option<u64>,
    /// The time of the last failure or [`Tick`](super::update::Action::Tick), in ms since 1970.
    pub clock: u64,
    /// What the header says. It follows [`State::status_due`], though not as fast.
    pub status: Status,
    /// What stands in the composer.
    pub draft: String,
    /// The id of the question that is being edited.
    pub editing: Option<String>,
    /// The id of the answer whose rating a comment may be added to.
    pub commenting: Option<String>,
    /// What was just copied: a message's id, or what else the view calls it by.
    pub copied: Option<String>,
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
    /// How much of the streaming answer the announcer has got.
    pub speech: Speech,
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
            Phase::Idle | Phase::Waiting(_) | Phase::Failed(..) => None,
        }
    }

    /// Whether a turn is going on, with or without a network: it can be stopped, and the next question has to wait.
    #[must_use]
    pub fn busy(&self) -> bool {
        !matches!(self.phase, Phase::Idle | Phase::Failed(..))
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

    /// Seconds until the failed question may be asked again; 0 when it may be now.
    #[must_use]
    pub fn retry_in(&self) -> u32 {
        self.retry_at.map_or(0, |at| at.saturating_sub(self.clock).div_ceil(1000) as u32)
    }

    /// What the header ought to say.
    #[must_use]
    pub fn status_due(&self) -> Status {
        match self.running() {
            _ if !self.online => Status::Offline,
            Some(_) => Status::Typing,
            None => Status::Online,
        }
    }

    /// Whether the last question got no answer and nothing tells why: it was stopped at once, or the page was left.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.phase == Phase::Idle && self.is_last_asked()
    }

    /// Whether the last message is a question.
    pub(super) fn is_last_asked(&self) -> bool {
        self.messages.last().is_some_and(|last| last.role == Role::User)
    }

    /// What the visitor wrote and has not asked yet: the question that waits, and what stands in the composer.
    #[must_use]
    pub fn unsent(&self) -> String {
        match &self.queued {
            None => self.draft.clone(),
            Some(queued) if self.draft.is_empty() => queued.message.content.clone(),
            Some(queued) => [&queued.message.content, "\n", &self.draft].concat(),
        }
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
            FailureKind::Broken | FailureKind::Other => false,
        }
    }
}
