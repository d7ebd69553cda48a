//! What a visitor does with messages that are there already.

use std::rc::Rc;

use natter_protocol::request::Role;

use crate::model::message::{ChatMessage, Feedback};
use crate::model::state::{Notice, State};

impl State {
    pub(super) fn edit(&mut self, id: Option<String>) {
        let editable = |id: &String| {
            !self.busy() && self.messages.iter().any(|message| message.id == *id && message.role == Role::User)
        };
        self.editing = id.filter(editable);
    }

    pub(super) fn save_edit(&mut self, text: String, id: String, reply_id: String, now: u64) {
        let edited = |message: &Rc<ChatMessage>| self.editing.as_ref() == Some(&message.id);
        if let Some(at) = self.messages.iter().position(edited)
            && self.sendable(&text)
        {
            self.messages.truncate(at);
            self.ask(Self::question(text, id, reply_id), now);
        }
    }

    pub(super) fn show_version(&mut self, id: &str, to: usize) {
        let arriving = self.busy() && self.turn.reply_id == id;
        if let Some(message) = self.message_mut(id).filter(|_| !arriving) {
            message.show_version(to);
        }
    }

    pub(super) fn rate(&mut self, id: String, value: Option<Feedback>, comment: Option<String>) {
        if comment.as_ref().is_some_and(|comment| comment.trim().is_empty()) {
            self.commenting = None;
            return;
        }
        let Some(message) = self.message_mut(&id).filter(|message| message.role == Role::Assistant) else { return };
        // More about a rating leaves it as it is.
        let value = if comment.is_some() { value.or(message.feedback) } else { value };
        message.feedback = value;
        self.commenting = (value.is_some() && comment.is_none()).then(|| id.clone());
        if value.is_some() {
            self.tell(self.rules.strings.feedback_thanks());
        }
        self.notice(Notice::Feedback { message_id: id, value, comment });
    }

    pub(super) fn copied(&mut self, what: Option<String>) {
        if what.is_some() {
            self.tell(self.rules.strings.copied());
        } else if self.announcement == self.rules.strings.copied() {
            // So that the next copy is told again.
            self.announcement.clear();
        }
        self.copied = what;
    }

    fn message_mut(&mut self, id: &str) -> Option<&mut ChatMessage> {
        self.messages.iter_mut().find(|message| message.id == id).map(Rc::make_mut)
    }
}
