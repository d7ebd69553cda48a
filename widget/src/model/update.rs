//! The state machine: one state and one action give the next state.

use std::rc::Rc;

use natter_protocol::event::{StreamError, StreamEvent};
use natter_protocol::request::Role;

use super::contact::{Contact, ContactForm};
use super::failure::{Failure, FailureKind};
use super::message::ChatMessage;
use super::speech;
use super::state::{Notice, Phase, Rules, State, Turn, TurnId, Window};
use super::strings::ENGLISH;

/// Notices kept for the one who publishes them; it runs after every render, so few are ever waiting.
const NOTICES_KEPT: usize = 32;

/// Everything that can happen. Times are ms since 1970; ids are made by the caller.
#[derive(Debug, Clone)]
pub enum Action {
    /// The window is to show this much.
    Show {
        /// How much.
        window: Window,
        /// Now.
        now: u64,
    },
    /// A closed window is to open, any other to close.
    Toggle {
        /// Now.
        now: u64,
    },
    /// The composer's text changed.
    Draft(String),
    /// The visitor asks.
    Send {
        /// The question.
        text: String,
        /// The question's id.
        id: String,
        /// The answer's id.
        reply_id: String,
        /// Now.
        now: u64,
    },
    /// The visitor asks the failed or unanswered question again.
    Retry {
        /// The new answer's id.
        reply_id: String,
        /// Now.
        now: u64,
    },
    /// The visitor has read enough.
    Stop,
    /// More of a reply came.
    Received {
        /// Whose reply.
        turn: TurnId,
        /// What came.
        events: Vec<StreamEvent>,
        /// Now.
        now: u64,
    },
    /// A reply did not come, or not whole.
    Fail {
        /// Whose reply.
        turn: TurnId,
        /// Why.
        failure: Failure,
    },
    /// The visitor clears the history.
    Clear,
    /// The visitor takes the clearing back.
    Undo,
    /// The time for taking it back is over.
    ForgetCleared,
    /// The browser lost or found its network.
    Online(bool),
    /// The visitor scrolled.
    Scrolled {
        /// Whether the end is in sight now.
        at_end: bool,
    },
    /// The visitor sends the contact form: name, email address, message.
    SubmitContact([String; 3]),
    /// The contact form arrived or did not.
    Contact(Contact),
    /// The owner changed the settings.
    Obey(Rules),
    /// Another tab saved the conversation.
    Sync {
        /// As it is stored now.
        messages: Vec<ChatMessage>,
        /// Whether this tab has something that is not stored yet.
        unsaved: bool,
    },
    /// The owner named another place for the conversation, and this is what it holds.
    Recall(Box<State>),
}

impl State {
    /// The state after `action`.
    #[must_use]
    pub fn update(mut self, action: Action) -> Self {
        match action {
            Action::Show { window, now } => self.show(window, now),
            Action::Toggle { now } if self.window == Window::Closed => self.show(Window::Open, now),
            Action::Toggle { now } => self.show(Window::Closed, now),
            Action::Draft(text) => self.draft = text,
            Action::Send { text, id, reply_id, now } => self.send(text, id, reply_id, now),
            Action::Retry { reply_id, now } => self.retry(reply_id, now),
            Action::Stop => self.stop(),
            Action::Received { turn, events, now } => {
                for event in events {
                    if self.running() != Some(turn) {
                        break;
                    }
                    self.receive(event, now);
                }
                if self.turn.id == turn {
                    self.announce();
                }
            }
            Action::Fail { turn, failure } if self.running() == Some(turn) => self.fail(failure),
            Action::Fail { .. } => {}
            Action::Clear => self.clear(),
            Action::Undo => self.undo(),
            Action::ForgetCleared => self.cleared = None,
            Action::Online(online) => self.online = online,
            Action::Scrolled { at_end } => self.at_end = at_end,
            Action::SubmitContact(_) if matches!(self.contact, Some(Contact::Sending(_))) => {}
            Action::SubmitContact([name, email, message]) => {
                let form = ContactForm { name, email, message };
                self.contact = Some(match form.check(&ENGLISH) {
                    Ok(()) => Contact::Sending(form),
                    Err(faults) => Contact::Invalid(faults),
                });
            }
            Action::Contact(contact) => {
                if contact == Contact::Sent {
                    self.notice(Notice::Contact);
                }
                self.contact = Some(contact);
            }
            Action::Obey(rules) => {
                self.rules = rules;
                self.forget_oldest();
            }
            Action::Sync { messages, unsaved } => self.sync(messages, unsaved),
            Action::Recall(recalled) => {
                self.stop();
                // The window stays as it is, and turns and notices go on being counted.
                let State { window, turn, unread, notices, noticed, .. } = self;
                // A visitor who sees the window goes on seeing the greeting.
                let greeted_at = recalled.greeted_at.or(self.greeted_at);
                self = State { window, turn, greeted_at, unread, notices, noticed, ..*recalled };
            }
        }
        self
    }

    fn show(&mut self, window: Window, now: u64) {
        let before = std::mem::replace(&mut self.window, window);
        match (before, window) {
            (Window::Closed, Window::Open | Window::Minimized) => self.notice(Notice::Open),
            (Window::Open, Window::Minimized) => self.notice(Notice::Minimize),
            (Window::Minimized, Window::Open) => self.notice(Notice::Expand),
            (Window::Open | Window::Minimized, Window::Closed) => self.notice(Notice::Close),
            _ => return,
        }
        if window == Window::Open {
            self.greeted_at.get_or_insert(now);
            if self.unread > 0 {
                self.unread = 0;
                self.notice(Notice::Unread { count: 0 });
            }
        }
    }

    fn send(&mut self, text: String, id: String, reply_id: String, now: u64) {
        // What cannot be sent now stays in the composer, so that it is not lost, unless the visitor is writing there.
        if self.running().is_some() || !self.sendable(&text) {
            if self.draft.is_empty() {
                self.draft = text;
            }
            return;
        }
        if self.draft == text {
            self.draft.clear();
        }
        let message = Rc::new(ChatMessage { id, role: Role::User, content: text, timestamp: now });
        self.messages.push(Rc::clone(&message));
        self.forget_oldest();
        self.greeted_at.get_or_insert(now);
        self.cleared = None;
        self.notice(Notice::Sent { message, conversation_length: self.messages.len() });
        self.begin_turn(reply_id, now);
    }

    fn retry(&mut self, reply_id: String, now: u64) {
        if self.failure().is_none() && !self.is_unanswered() {
            return;
        }
        // A cut-off answer makes room for the new one.
        while self.messages.last().is_some_and(|last| last.role == Role::Assistant) {
            self.messages.pop();
        }
        if !self.messages.is_empty() {
            self.begin_turn(reply_id, now);
        }
    }

    fn begin_turn(&mut self, reply_id: String, now: u64) {
        self.turn = Turn { id: TurnId(self.turn.id.0 + 1), reply_id, asked_at: now };
        self.phase = Phase::Sending(self.turn.id);
        self.at_end = true;
        self.spoken = 0;
        self.announcement.clear();
    }

    fn stop(&mut self) {
        if self.running().is_some() {
            self.phase = Phase::Idle;
            self.notice(Notice::Stop);
        }
    }

    fn receive(&mut self, event: StreamEvent, now: u64) {
        match event {
            StreamEvent::TextDelta(text) if !text.is_empty() => self.append(&text, now),
            StreamEvent::Error(error) => self.fail(error.into()),
            StreamEvent::Finish(_) => match self.phase {
                Phase::Streaming(_) => self.finish(now),
                _ => self.fail(Failure::empty(ENGLISH.empty_answer)),
            },
            // Not shown yet: reasoning, sources, suggestions, status, usage.
            _ => {}
        }
    }

    fn append(&mut self, text: &str, now: u64) {
        // By its id: what another tab saved meanwhile may stand behind it.
        match self.messages.iter_mut().rfind(|message| message.id == self.turn.reply_id) {
            Some(reply) => Rc::make_mut(reply).content.push_str(text),
            None => {
                let id = self.turn.reply_id.clone();
                let reply = ChatMessage { id, role: Role::Assistant, content: text.into(), timestamp: now };
                self.messages.push(Rc::new(reply));
                self.forget_oldest();
                self.phase = Phase::Streaming(self.turn.id);
            }
        }
    }

    /// The answer of the current or last turn, as far as it has come.
    fn reply(&self) -> Option<&Rc<ChatMessage>> {
        self.messages.iter().rfind(|message| message.id == self.turn.reply_id)
    }

    fn finish(&mut self, now: u64) {
        self.phase = Phase::Idle;
        self.unreached = 0;
        self.contact = None;
        if let Some(message) = self.reply().cloned() {
            self.notice(Notice::Received { message, response_time: now.saturating_sub(self.turn.asked_at) });
        }
        self.count_unseen();
    }

    /// What became of a question while the window does not show it is told by the launcher.
    fn count_unseen(&mut self) {
        if self.window != Window::Open {
            self.unread += 1;
            self.notice(Notice::Unread { count: self.unread });
        }
    }

    fn fail(&mut self, failure: Failure) {
        match failure.kind {
            FailureKind::Unreachable => self.unreached += 1,
            _ => self.unreached = 0,
        }
        if self.is_unavailable(&failure) {
            self.contact.get_or_insert_default();
        }
        self.notice(Notice::Error {
            code: failure.code.clone(),
            message: failure.message.clone(),
            retryable: failure.retryable,
        });
        self.phase = Phase::Failed(self.turn.id, failure);
        self.count_unseen();
    }

    fn clear(&mut self) {
        self.stop();
        self.phase = Phase::Idle;
        self.contact = None;
        let messages = std::mem::take(&mut self.messages);
        if !messages.is_empty() {
            self.cleared = Some(messages);
            self.notice(Notice::Clear);
        }
    }

    fn undo(&mut self) {
        if let Some(mut messages) = self.cleared.take() {
            messages.append(&mut self.messages);
            self.messages = messages;
            self.forget_oldest();
        }
    }

    /// Takes over what another tab saved; what only this tab knows yet stays, behind what both know.
    fn sync(&mut self, messages: Vec<ChatMessage>, unsaved: bool) {
        let ours = std::mem::take(&mut self.messages);
        let known = |theirs: &ChatMessage| ours.iter().find(|our| our.id == theirs.id && our.content == theirs.content);
        let mut merged: Vec<_> =
            messages.into_iter().map(|theirs| known(&theirs).cloned().unwrap_or_else(|| Rc::new(theirs))).collect();
        if unsaved || self.running().is_some() {
            let missing = |our: &&Rc<ChatMessage>| merged.iter().all(|message| message.id != our.id);
            let only_here: Vec<_> = ours.iter().filter(missing).cloned().collect();
            merged.extend(only_here);
            merged.sort_by_key(|message| message.timestamp);
        }
        self.messages = merged;
        self.forget_oldest();
    }

    /// Hands the sentences that are now complete to the announcer.
    fn announce(&mut self) {
        let Some(reply) = self.reply() else { return };
        let done = self.running().is_none();
        let until = speech::spoken_until(&reply.content, self.spoken, done);
        if until > self.spoken {
            self.announcement = reply.content[self.spoken..until].trim().to_owned();
            self.spoken = until;
        }
    }

    fn notice(&mut self, notice: Notice) {
        self.notices.push(notice);
        self.noticed += 1;
        let over = self.notices.len().saturating_sub(NOTICES_KEPT);
        self.notices.drain(..over);
    }
}

impl From<StreamError> for Failure {
    fn from(error: StreamError) -> Self {
        let kind = if error.code == "unavailable" { FailureKind::Unavailable } else { FailureKind::Other };
        Self { kind, code: error.code, message: error.message, retryable: error.retryable }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
