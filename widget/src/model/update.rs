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
    /// The visitor asks the failed question again.
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
                self.announce(turn);
            }
            Action::Fail { turn, failure } if self.running() == Some(turn) => self.fail(failure),
            Action::Fail { .. } => {}
            Action::Clear => self.clear(),
            Action::Undo => self.undo(),
            Action::ForgetCleared => self.cleared = None,
            Action::Online(online) => self.online = online,
            Action::Scrolled { at_end } => self.at_end = at_end,
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
            Action::Recall(recalled) => {
                self.stop();
                // The window stays as it is, and turns and notices go on being counted.
                let State { window, turn, unread, notices, noticed, .. } = self;
                self = State { window, turn, unread, notices, noticed, ..*recalled };
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
        // What cannot be sent now stays in the composer, so that it is not lost.
        if self.running().is_some() || !self.sendable(&text) {
            self.draft = text;
            return;
        }
        let message = Rc::new(ChatMessage { id, role: Role::User, content: text, timestamp: now });
        self.messages.push(Rc::clone(&message));
        self.forget_oldest();
        self.draft.clear();
        self.greeted_at.get_or_insert(now);
        self.cleared = None;
        self.notice(Notice::Sent { message, conversation_length: self.messages.len() });
        self.begin_turn(reply_id, now);
    }

    fn retry(&mut self, reply_id: String, now: u64) {
        if self.failure().is_none() {
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
        match (&self.phase, self.messages.last_mut()) {
            (Phase::Streaming(_), Some(reply)) => Rc::make_mut(reply).content.push_str(text),
            _ => {
                let id = self.turn.reply_id.clone();
                let reply = ChatMessage { id, role: Role::Assistant, content: text.into(), timestamp: now };
                self.messages.push(Rc::new(reply));
                self.forget_oldest();
                self.phase = Phase::Streaming(self.turn.id);
            }
        }
    }

    fn finish(&mut self, now: u64) {
        self.phase = Phase::Idle;
        self.unreached = 0;
        self.contact = None;
        if let Some(message) = self.messages.last().cloned() {
            self.notice(Notice::Received { message, response_time: now.saturating_sub(self.turn.asked_at) });
        }
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

    /// Hands the sentences that are now complete to the announcer.
    fn announce(&mut self, turn: TurnId) {
        let Some(reply) = self.messages.last().filter(|m| m.role == Role::Assistant && self.turn.id == turn) else {
            return;
        };
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
mod tests {
    use natter_protocol::event::FinishReason;

    use super::*;

    const NOW: u64 = 1_795_366_800_000;

    fn fresh() -> State {
        State::new(Rules { max_messages: 4, max_length: 20 }, Vec::new(), String::new())
    }

    fn asked(state: State, text: &str) -> State {
        let id = format!("q{}", state.turn.id.0);
        let reply_id = format!("a{}", state.turn.id.0);
        state.update(Action::Send { text: text.into(), id, reply_id, now: NOW })
    }

    fn received(state: State, events: Vec<StreamEvent>) -> State {
        let turn = state.turn.id;
        state.update(Action::Received { turn, events, now: NOW + 50 })
    }

    fn delta(text: &str) -> StreamEvent {
        StreamEvent::TextDelta(text.into())
    }

    fn failed(state: State, kind: FailureKind) -> State {
        let failure = Failure { kind, code: "c".into(), message: "m".into(), retryable: true };
        let turn = state.turn.id;
        state.update(Action::Fail { turn, failure })
    }

    fn contents(state: &State) -> Vec<&str> {
        state.messages.iter().map(|message| message.content.as_str()).collect()
    }

    const FINISH: StreamEvent = StreamEvent::Finish(FinishReason::Stop);

    #[test]
    fn a_turn_goes_from_sending_over_streaming_to_idle() {
        let state = asked(fresh(), "Hi");
        assert_eq!((state.phase.clone(), contents(&state)), (Phase::Sending(TurnId(1)), vec!["Hi"]));
        let state = received(state, vec![delta("He"), delta("")]);
        assert_eq!((state.phase.clone(), state.running()), (Phase::Streaming(TurnId(1)), Some(TurnId(1))));
        let state = received(state, vec![delta("llo"), FINISH, delta(" too late")]);
        assert_eq!((state.phase.clone(), contents(&state)), (Phase::Idle, vec!["Hi", "Hello"]));
        let times = state.notices.iter().filter_map(|notice| match notice {
            Notice::Received { response_time, .. } => Some(*response_time),
            _ => None,
        });
        assert_eq!(times.collect::<Vec<_>>(), [50]);
    }

    #[test]
    fn what_arrives_for_another_turn_is_ignored() {
        let state = asked(fresh(), "one").update(Action::Stop);
        let state = asked(state, "two");
        let before = state.clone();
        let stale = TurnId(1);
        let state = state.update(Action::Received { turn: stale, events: vec![delta("x"), FINISH], now: NOW });
        let failure = Failure::empty("m");
        assert_eq!(state.update(Action::Fail { turn: stale, failure }), before);
    }

    #[test]
    fn stopping_keeps_what_has_come() {
        let state = received(asked(fresh(), "Hi"), vec![delta("Hel")]).update(Action::Stop);
        assert_eq!((state.phase.clone(), contents(&state)), (Phase::Idle, vec!["Hi", "Hel"]));
        let state = received(state, vec![delta("lo")]);
        assert_eq!(contents(&state), ["Hi", "Hel"]);
    }

    #[test]
    fn what_cannot_be_sent_stays_in_the_composer() {
        for text in ["", " \n", "longer than twenty characters"] {
            let state = asked(fresh(), text);
            assert_eq!((state.draft.as_str(), state.messages.len()), (text, 0));
        }
        let state = asked(asked(fresh(), "one"), "two");
        assert_eq!((state.draft.as_str(), contents(&state)), ("two", vec!["one"]));
    }

    #[test]
    fn a_failure_keeps_the_question_and_retry_asks_it_again() {
        let error = StreamError { code: "x".into(), message: "Broken".into(), retryable: true };
        let state = received(asked(fresh(), "Hi"), vec![delta("par"), StreamEvent::Error(error)]);
        assert_eq!(state.failure().map(|failure| failure.message.as_str()), Some("Broken"));
        assert_eq!(contents(&state), ["Hi", "par"], "the partial answer stays until the retry");
        let state = state.update(Action::Retry { reply_id: "again".into(), now: NOW });
        assert_eq!((state.phase.clone(), contents(&state)), (Phase::Sending(TurnId(2)), vec!["Hi"]));
        assert_eq!(state.request(10), r#"{"messages":[{"role":"user","content":"Hi"}]}"#);
    }

    #[test]
    fn retry_without_a_failure_does_nothing() {
        let state = received(asked(fresh(), "Hi"), vec![delta("Hello"), FINISH]);
        let before = state.clone();
        assert_eq!(state.update(Action::Retry { reply_id: "again".into(), now: NOW }), before);
    }

    #[test]
    fn an_answer_without_a_word_is_a_failure() {
        let state = received(asked(fresh(), "Hi"), vec![StreamEvent::Start { message_id: None }, FINISH]);
        assert_eq!(state.failure().map(|failure| failure.message.as_str()), Some("The answer was empty"));
    }

    #[test]
    fn the_contact_offer_comes_when_nobody_can_answer() {
        let once = failed(asked(fresh(), "a"), FailureKind::Unreachable);
        assert_eq!(once.contact, None);
        let again = |state: State| state.update(Action::Retry { reply_id: "r".into(), now: NOW });
        let twice = failed(again(once.clone()), FailureKind::Unreachable);
        assert_eq!(twice.contact, Some(Contact::Editing));
        let offline = failed(again(once.clone().update(Action::Online(false))), FailureKind::Unreachable);
        assert_eq!(offline.contact, None, "the visitor's own network is not our absence");
        let refused_between = failed(again(failed(again(once), FailureKind::Other)), FailureKind::Unreachable);
        assert_eq!(refused_between.contact, None, "not twice in a row");
        assert_eq!(failed(asked(fresh(), "a"), FailureKind::Unavailable).contact, Some(Contact::Editing));
        let answered = received(again(twice), vec![delta("b"), FINISH]);
        assert_eq!(answered.contact, None);
    }

    #[test]
    fn only_the_latest_messages_are_kept_and_sent() {
        let mut state = fresh();
        for text in ["1", "2", "3"] {
            state = received(asked(state, text), vec![delta(&format!("r{text}")), FINISH]);
        }
        assert_eq!(contents(&state), ["2", "r2", "3", "r3"]);
        let state = asked(state, "4");
        assert_eq!(
            state.request(2),
            r#"{"messages":[{"role":"assistant","content":"r3"},{"role":"user","content":"4"}]}"#
        );
    }

    #[test]
    fn clearing_can_be_taken_back() {
        let state = received(asked(fresh(), "Hi"), vec![delta("Hello"), FINISH]).update(Action::Clear);
        assert!(state.messages.is_empty());
        assert_eq!(contents(&state.clone().update(Action::Undo)), ["Hi", "Hello"]);
        let forgotten = state.update(Action::ForgetCleared).update(Action::Undo);
        assert!(forgotten.messages.is_empty());
    }

    #[test]
    fn clearing_in_the_middle_of_a_reply_stops_it() {
        let state = received(asked(fresh(), "Hi"), vec![delta("Hel")]).update(Action::Clear);
        let state = received(state, vec![delta("lo"), FINISH]);
        assert_eq!((state.phase.clone(), state.messages.len()), (Phase::Idle, 0));
    }

    #[test]
    fn answers_that_nobody_sees_are_counted_until_the_window_opens() {
        let answer = |state| received(asked(state, "Hi"), vec![delta("Hello"), FINISH]);
        let state = answer(answer(fresh()).update(Action::Show { window: Window::Minimized, now: NOW }));
        assert_eq!(state.unread, 2);
        let state = answer(state.update(Action::Show { window: Window::Open, now: NOW }));
        assert_eq!(state.unread, 0);
    }

    #[test]
    fn the_greeting_has_the_time_of_the_first_opening() {
        let open = |state: State, now| state.update(Action::Show { window: Window::Open, now });
        let state = open(open(fresh(), 5).update(Action::Toggle { now: 6 }), 7);
        assert_eq!(state.greeted_at, Some(5));
    }

    #[test]
    fn the_announcer_gets_whole_sentences_once() {
        let state = received(asked(fresh(), "Hi"), vec![delta("One. Tw")]);
        assert_eq!(state.announcement, "One.");
        let state = received(state, vec![delta("o. Three")]);
        assert_eq!(state.announcement, "Two.");
        let state = received(state, vec![FINISH]);
        assert_eq!(state.announcement, "Three");
    }

    #[test]
    fn a_bad_contact_form_is_told_and_a_good_one_is_sent() {
        let form = |fields: [&str; 3]| fresh().update(Action::SubmitContact(fields.map(str::to_owned))).contact;
        assert!(matches!(form(["", "a@b.c", "x"]), Some(Contact::Invalid(_))));
        assert!(matches!(form(["Ada", "a@b.c", "x"]), Some(Contact::Sending(_))));
    }

    #[test]
    fn another_place_brings_its_own_conversation() {
        let mine = received(asked(fresh(), "secret"), vec![delta("Hel")]);
        let mine = mine.update(Action::Show { window: Window::Open, now: NOW });
        let theirs = State::new(mine.rules, Vec::new(), "draft".into());
        let state = mine.update(Action::Recall(Box::new(theirs)));
        assert_eq!((state.messages.len(), state.draft.as_str(), state.window), (0, "draft", Window::Open));
        assert_eq!(state.running(), None);
    }
}
