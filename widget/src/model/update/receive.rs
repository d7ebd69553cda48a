//! What comes of a turn: the reply, event by event, or a failure.

use std::rc::Rc;

use natter_protocol::event::{Source, StreamError, StreamEvent};
use natter_protocol::request::Role;

use crate::model::failure::{Failure, FailureKind};
use crate::model::message::ChatMessage;
use crate::model::speech;
use crate::model::state::{Notice, Phase, State, Window};

/// The most sources and suggestions that one answer shows.
const MAX_SOURCES: usize = 50;
const MAX_SUGGESTIONS: usize = 4;

impl State {
    pub(super) fn receive(&mut self, event: StreamEvent, now: u64) {
        match event {
            StreamEvent::TextDelta(text) if !text.is_empty() => {
                self.activity = None;
                self.arriving(now).content.push_str(&text);
            }
            StreamEvent::ReasoningDelta(text) if !text.is_empty() => self.arriving(now).reasoning.push_str(&text),
            StreamEvent::Source(source) => {
                let sources = &mut self.arriving(now).sources;
                // A document without an address is told by its title.
                let same =
                    |known: &Source| known.url == source.url && (!known.url.is_empty() || known.title == source.title);
                if sources.len() < MAX_SOURCES && !sources.iter().any(same) {
                    sources.push(source);
                }
            }
            StreamEvent::Suggestion(text) if !text.trim().is_empty() => {
                let suggestions = &mut self.arriving(now).suggestions;
                if suggestions.len() < MAX_SUGGESTIONS && !suggestions.contains(&text) {
                    suggestions.push(text);
                }
            }
            StreamEvent::Status(text) => {
                if self.window == Window::Open {
                    self.tell(&text);
                }
                self.activity = Some(text);
            }
            StreamEvent::Error(error) => self.fail(error.into(), now),
            StreamEvent::Finish(_) => self.finish(now),
            _ => {}
        }
    }

    /// The answer that is arriving, which begins with this if it has not yet.
    fn arriving(&mut self, now: u64) -> &mut ChatMessage {
        let begins = matches!(self.phase, Phase::Sending(_));
        self.phase = Phase::Streaming(self.turn.id);
        let at = self.messages.iter().rposition(|message| message.id == self.turn.reply_id);
        let at = at.unwrap_or_else(|| {
            let id = self.turn.reply_id.clone();
            self.messages.push(Rc::new(ChatMessage { id, role: Role::Assistant, ..ChatMessage::default() }));
            self.forget_oldest();
            self.messages.len() - 1
        });
        let reply = Rc::make_mut(&mut self.messages[at]);
        if begins {
            reply.timestamp = now;
        }
        if std::mem::take(&mut self.turn.anew) {
            reply.begin_again();
        }
        reply
    }

    fn finish(&mut self, now: u64) {
        let Some(message) = self.reply().filter(|reply| !reply.content.is_empty()).cloned() else {
            return self.fail(Failure::empty(self.rules.strings.empty_answer()), now);
        };
        self.end_turn(Phase::Idle);
        self.unreached = 0;
        self.contact = None;
        self.announce(true);
        // One tab tells of it: the one that asked.
        if !self.turn.joined {
            self.notice(Notice::Received { message, response_time: now.saturating_sub(self.turn.asked_at) });
        }
        self.count_unseen();
        self.send_queued(now);
    }

    pub(super) fn fail(&mut self, failure: Failure, now: u64) {
        // What came together with the failure counts as well.
        self.listen();
        if self.resumes(&failure) {
            return;
        }
        let joined = self.turn.joined;
        let again = self.turn.resumes > 0 || joined && failure.kind == FailureKind::Broken;
        if failure.kind == FailureKind::Unreachable
            && !self.online
            && (again || matches!(self.phase, Phase::Sending(_)))
        {
            self.phase = Phase::Waiting(self.turn.id);
            return;
        }
        match failure.kind {
            FailureKind::Unreachable => self.unreached += 1,
            _ => self.unreached = 0,
        }
        if self.is_unavailable(&failure) {
            self.contact.get_or_insert_default();
        }
        let (message, retryable) = (failure.message.clone(), failure.retryable);
        if !joined {
            self.notice(Notice::Error { code: failure.code.clone(), message: message.clone(), retryable });
        }
        self.clock = now;
        self.retry_at = failure.retry_after.filter(|_| retryable).map(|seconds| now + u64::from(seconds) * 1000);
        self.announce(true);
        self.end_turn(Phase::Failed(self.turn.id, failure));
        if again && self.is_last_asked() {
            // Nothing is cut off where nothing had come: the question shows as not answered.
            self.phase = Phase::Idle;
            self.retry_at = None;
        }
        // That a page which came later got no more of an answer is no news: the visitor left it as it is.
        if !self.turn.known && self.count_unseen() {
            self.tell(&message);
        }
        if !retryable {
            self.send_queued(now);
        }
    }

    /// What became of a question while the window does not show it is told by the launcher. Says whether it does not.
    fn count_unseen(&mut self) -> bool {
        let unseen = self.window != Window::Open;
        if unseen {
            self.unread += 1;
            self.tell(&self.rules.strings.count(self.rules.strings.unread(), self.unread as isize));
            self.notice(Notice::Unread { count: self.unread });
        }
        unseen
    }

    /// Hands the sentences that are now complete to the announcer, while the window shows them.
    pub(super) fn announce(&mut self, done: bool) {
        let Some(at) = self.messages.iter().rposition(|message| message.id == self.turn.reply_id) else { return };
        if self.window == Window::Open {
            let sentences = self.speech.next(&self.messages[at].content, done);
            if !sentences.is_empty() {
                let said = speech::plain(sentences, self.rules.strings);
                self.tell(&said);
            }
        }
    }
}

impl From<StreamError> for Failure {
    fn from(error: StreamError) -> Self {
        let kind = match error.code.as_str() {
            "unavailable" => FailureKind::Unavailable,
            StreamError::TRUNCATED => FailureKind::Broken,
            _ => FailureKind::Other,
        };
        Self { kind, code: error.code, message: error.message, retryable: error.retryable, retry_after: None }
    }
}
