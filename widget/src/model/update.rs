//! The state machine: one state and one action give the next state.

mod receive;
mod resume;
mod steer;
mod sync;
mod turn;

use natter_protocol::event::StreamEvent;

use super::contact::{Contact, ContactForm};
use super::failure::Failure;
use super::history::History;
use super::message::Feedback;
use super::state::{Notice, Phase, Rules, State, Status, TurnId, Window};
use super::thread::Thread;

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
    /// The visitor asks. While a turn is going on, one question waits for it to end.
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
    /// The visitor wants another answer to the last question.
    Regenerate {
        /// Now.
        now: u64,
    },
    /// The visitor has read enough.
    Stop {
        /// Now.
        now: u64,
    },
    /// The visitor takes the waiting question back into the composer.
    Unqueue,
    /// The visitor begins to edit the question of this id, or gives up editing.
    Edit(Option<String>),
    /// The visitor asks the edited question; what came after it is dropped.
    SaveEdit {
        /// The question as it is now.
        text: String,
        /// Its new id.
        id: String,
        /// The answer's id.
        reply_id: String,
        /// Now.
        now: u64,
    },
    /// The visitor looks at another version of an answer.
    ShowVersion {
        /// The answer's id.
        id: String,
        /// The position among its versions.
        to: usize,
    },
    /// The visitor rates an answer, takes the rating back, or says more about it.
    Feedback {
        /// The answer's id.
        id: String,
        /// The rating.
        value: Option<Feedback>,
        /// What the visitor says about it.
        comment: Option<String>,
    },
    /// The visitor begins to say more about the answer of this id, or has nothing to say.
    Comment(Option<String>),
    /// Something was copied (a message's id, or what else the view calls it by), or that needs no telling any more.
    Copied(Option<String>),
    /// More of a reply came.
    Received {
        /// Whose reply.
        turn: TurnId,
        /// What came.
        events: Vec<StreamEvent>,
        /// Now.
        now: u64,
    },
    /// The reply shows that its endpoint can say it again.
    Resumable {
        /// Whose reply.
        turn: TurnId,
    },
    /// The moment after a reply broke off is over.
    AskAgain {
        /// Whose reply.
        turn: TurnId,
    },
    /// A reply did not come, or not whole.
    Fail {
        /// Whose reply.
        turn: TurnId,
        /// Why.
        failure: Failure,
        /// Now.
        now: u64,
    },
    /// Time passes while a failed question may not be asked again yet: it is now so many ms since 1970.
    Tick(u64),
    /// The visitor clears the history.
    Clear,
    /// The visitor takes the clearing back.
    Undo,
    /// The time for taking it back is over.
    ForgetCleared,
    /// What is unread was read, as in another tab.
    Read,
    /// The browser lost or found its network.
    Online(bool),
    /// What the header is to say.
    Status(Status),
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
        stored: History,
        /// There if this tab has something that is not stored yet: the time of the newest message that others know.
        unsaved: Option<u64>,
    },
    /// A place for the conversation was named, the first or another one, and this is what it holds.
    Recall(Box<State>),
}

impl State {
    /// The state after `action`.
    #[must_use]
    pub fn update(mut self, action: Action) -> Self {
        self.act(action);
        self
    }

    /// Makes this the state after `action`.
    pub fn act(&mut self, action: Action) {
        match action {
            Action::Show { window, now } => self.show(window, now),
            Action::Toggle { now } if self.window == Window::Closed => self.show(Window::Open, now),
            Action::Toggle { now } => self.show(Window::Closed, now),
            Action::Draft(text) => self.draft = text,
            Action::Send { text, id, reply_id, now } => self.send(text, id, reply_id, now),
            Action::Retry { reply_id, now } => self.retry(reply_id, now),
            Action::Regenerate { now } => self.regenerate(now),
            Action::Stop { now } if self.busy() => {
                self.stop();
                self.send_queued(now);
            }
            Action::Stop { .. } => {}
            Action::Unqueue => self.unqueue(),
            Action::Edit(id) => self.edit(id),
            Action::SaveEdit { text, id, reply_id, now } => self.save_edit(text, id, reply_id, now),
            Action::ShowVersion { id, to } => self.show_version(&id, to),
            Action::Feedback { id, value, comment } => self.rate(id, value, comment),
            Action::Comment(id) => self.commenting = id,
            Action::Copied(what) => self.copied(what),
            Action::Received { turn, events, now } => {
                for event in events {
                    if self.running() != Some(turn) {
                        break;
                    }
                    self.receive(event, now);
                }
                if self.running() == Some(turn) {
                    self.announce(false);
                    self.listen();
                }
            }
            Action::AskAgain { turn } if self.turn.broken && self.running() == Some(turn) => self.ask_again(),
            Action::AskAgain { .. } => {}
            Action::Resumable { turn } => self.thread.resumable |= self.running() == Some(turn),
            Action::Fail { turn, failure, now } if self.running() == Some(turn) => self.fail(failure, now),
            Action::Fail { .. } => {}
            Action::Tick(now) => {
                self.clock = now;
                self.retry_at = self.retry_at.filter(|at| *at > now);
            }
            Action::Clear => self.clear(),
            Action::Undo => self.undo(),
            Action::ForgetCleared => self.cleared = None,
            Action::Read => self.read(),
            Action::Online(online) => self.set_online(online),
            Action::Status(status) => self.status = status,
            Action::Scrolled { at_end } => self.at_end = at_end,
            Action::SubmitContact(_) if matches!(self.contact, Some(Contact::Sending(_))) => {}
            Action::SubmitContact([name, email, message]) => {
                let form = ContactForm { name, email, message };
                self.contact = Some(match form.check(self.rules.strings) {
                    Ok(()) => Contact::Sending(form),
                    Err(faults) => Contact::Invalid(faults),
                });
            }
            Action::Contact(contact) => {
                if contact == Contact::Sent {
                    self.notice(Notice::Contact);
                    self.tell(self.rules.strings.contact_sent());
                }
                self.contact = Some(contact);
            }
            Action::Obey(rules) => {
                self.rules = rules;
                self.forget_oldest();
            }
            Action::Sync { stored, unsaved } => self.sync(stored, unsaved),
            Action::Recall(recalled) => {
                self.stop();
                // The window stays as it is, and turns and notices go on being counted.
                let old = std::mem::replace(self, *recalled);
                (self.window, self.turn, self.status, self.unread) = (old.window, old.turn, old.status, old.unread);
                (self.notices, self.noticed) = (old.notices, old.noticed);
                (self.stops, self.stopped) = (old.stops, old.stopped);
                // What was unread is in the other place.
                self.read();
                // A visitor who sees the window goes on seeing the greeting.
                self.greeted_at = self.greeted_at.or(old.greeted_at);
                self.take_up();
                self.turn.known = true;
            }
        }
        // However the message went: what it was being edited or commented in goes with it.
        let gone = |id: &String| self.messages.iter().all(|message| message.id != *id);
        if self.editing.as_ref().is_some_and(gone) {
            self.editing = None;
        }
        if self.commenting.as_ref().is_some_and(gone) {
            self.commenting = None;
        }
    }

    fn show(&mut self, window: Window, now: u64) {
        let inline = self.rules.inline;
        let window = if inline { Window::Open } else { window };
        let before = std::mem::replace(&mut self.window, window);
        match (before, window) {
            // It was never closed for the visitor.
            (Window::Closed, _) if inline => {}
            (Window::Closed, Window::Open | Window::Minimized) => self.notice(Notice::Open),
            (Window::Open, Window::Minimized) => self.notice(Notice::Minimize),
            (Window::Minimized, Window::Open) => self.notice(Notice::Expand),
            (Window::Open | Window::Minimized, Window::Closed) => self.notice(Notice::Close),
            _ => return,
        }
        if window == Window::Open {
            self.greeted_at.get_or_insert(now);
            self.read();
        }
    }

    fn read(&mut self) {
        if self.unread > 0 {
            self.unread = 0;
            self.notice(Notice::Unread { count: 0 });
        }
    }

    fn clear(&mut self) {
        self.stop();
        self.phase = Phase::Idle;
        self.retry_at = None;
        self.contact = None;
        self.thread = Thread::default();
        self.unqueue();
        let messages = std::mem::take(&mut self.messages);
        if !messages.is_empty() {
            self.cleared = Some(messages);
            self.tell(self.rules.strings.history_cleared());
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

    /// Has `text` announced. A live region tells what changed in it, so the same text again ends with a space that does
    /// not count as one.
    fn tell(&mut self, text: &str) {
        let again = self.announcement == text;
        self.announcement = [text, if again { "\u{a0}" } else { "" }].concat();
    }

    fn notice(&mut self, notice: Notice) {
        self.notices.push(notice);
        self.noticed += 1;
        let over = self.notices.len().saturating_sub(NOTICES_KEPT);
        self.notices.drain(..over);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod resume_tests;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
