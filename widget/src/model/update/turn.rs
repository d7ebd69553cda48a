//! A turn from the question to its end: what begins one, what waits for it, what ends it.

use std::rc::Rc;

use natter_protocol::request::Role;

use crate::model::failure::FailureKind;
use crate::model::message::ChatMessage;
use crate::model::speech::Speech;
use crate::model::state::{Notice, Phase, Queued, State, Turn, TurnId};

impl State {
    pub(super) fn send(&mut self, text: String, id: String, reply_id: String, now: u64) {
        // What cannot be sent now stays in the composer, so that it is not lost, unless the visitor is writing there.
        if self.busy() && self.queued.is_some() || !self.sendable(&text) {
            if self.draft.is_empty() {
                self.draft = text;
            }
            return;
        }
        if self.draft == text {
            self.draft.clear();
        }
        let mut question = Self::question(text, id, reply_id);
        if self.busy() {
            self.queued = Some(question);
            self.tell(self.rules.strings.queued());
            return;
        }
        if let Some(queued) = &mut self.queued {
            // One that has waited since before the last failure goes first.
            std::mem::swap(queued, &mut question);
        }
        self.ask(question, now);
    }

    pub(super) fn question(text: String, id: String, reply_id: String) -> Queued {
        Queued { message: ChatMessage { id, content: text, ..ChatMessage::default() }, reply_id }
    }

    /// Puts the question into the conversation and begins its turn.
    pub(super) fn ask(&mut self, question: Queued, now: u64) {
        let message = Rc::new(ChatMessage { timestamp: now, ..question.message });
        self.messages.push(Rc::clone(&message));
        self.forget_oldest();
        self.greeted_at.get_or_insert(now);
        self.cleared = None;
        self.notice(Notice::Sent { message, conversation_length: self.messages.len() });
        self.begin_turn(question.reply_id, now);
    }

    /// The turn before it is over: asks the question that waits.
    pub(super) fn send_queued(&mut self, now: u64) {
        if let Some(question) = self.queued.take() {
            // The end of the last answer, or that there is one, still has to be said.
            let announcement = self.announcement.clone();
            self.ask(question, now);
            self.announcement = announcement;
        }
    }

    pub(super) fn unqueue(&mut self) {
        self.draft = self.unsent();
        self.queued = None;
    }

    pub(super) fn retry(&mut self, reply_id: String, now: u64) {
        if self.failure().is_none() && !self.is_unanswered() || self.retry_at.is_some_and(|at| now < at) {
            return;
        }
        // A cut-off answer makes room for the new one.
        if std::mem::take(&mut self.turn.partial) {
            self.drop_version();
        }
        match self.messages.last() {
            Some(last) if last.role == Role::User => self.begin_turn(reply_id, now),
            Some(_) => self.begin_version(now),
            None => self.phase = Phase::Idle,
        }
    }

    pub(super) fn regenerate(&mut self, now: u64) {
        let answered = self.messages.last().is_some_and(|last| last.role == Role::Assistant);
        if !self.busy() && answered && self.retry_at.is_none_or(|at| at <= now) {
            self.begin_version(now);
        }
    }

    /// Asks for another version of the last message.
    fn begin_version(&mut self, now: u64) {
        let Some(last) = self.messages.last_mut() else { return };
        let (id, replaced) = (last.id.clone(), last.shown);
        Rc::make_mut(last).begin_version(now);
        self.begin_turn(id, now);
        self.turn.replaced = replaced;
    }

    pub(super) fn begin_turn(&mut self, reply_id: String, now: u64) {
        let id = TurnId(self.turn.id.0 + 1);
        self.turn = Turn { id, reply_id, asked_at: now, ..Turn::default() };
        self.phase = if self.online { Phase::Sending(id) } else { Phase::Waiting(id) };
        self.retry_at = None;
        self.editing = None;
        self.commenting = None;
        self.at_end = true;
        self.speech = Speech::default();
        self.announcement.clear();
        if !self.online {
            self.tell(self.rules.strings.waiting_for_connection());
        }
    }

    pub(super) fn set_online(&mut self, online: bool) {
        self.online = online;
        self.phase = match std::mem::take(&mut self.phase) {
            Phase::Waiting(turn) if online => Phase::Sending(turn),
            // The request may fail before the browser says why.
            Phase::Failed(turn, failure)
                if !online
                    && failure.kind == FailureKind::Unreachable
                    && self.editing.is_none()
                    && (!self.turn.partial || self.turn.resumes > 0) =>
            {
                self.unreached = 0;
                self.retry_at = None;
                Phase::Waiting(turn)
            }
            phase => phase,
        };
    }

    pub(super) fn stop(&mut self) {
        if self.busy() {
            self.end_turn(Phase::Idle);
            self.stops += 1;
            self.stopped = self.thread.clone();
            self.notice(Notice::Stop);
        }
    }

    /// The turn is over and leaves `phase`. An answer without a word is none: the version before it returns.
    pub(super) fn end_turn(&mut self, phase: Phase) {
        self.phase = phase;
        self.activity = None;
        self.turn.partial = self.reply().is_some_and(|reply| !reply.content.is_empty());
        if !self.turn.partial {
            self.drop_version();
        }
    }

    /// The answer of the current or last turn, as far as it has come.
    pub(super) fn reply(&self) -> Option<&Rc<ChatMessage>> {
        // By its id: what another tab saved meanwhile may stand behind it.
        self.messages.iter().rfind(|message| message.id == self.turn.reply_id)
    }

    /// Takes out the newest version of the turn's answer, and the answer when that is the only one.
    fn drop_version(&mut self) {
        let Some(at) = self.messages.iter().rposition(|message| message.id == self.turn.reply_id) else { return };
        if !Rc::make_mut(&mut self.messages[at]).drop_newest(self.turn.replaced) {
            self.messages.remove(at);
        }
    }
}
