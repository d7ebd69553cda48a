//! Replies that break off, and conversations that are found in the middle of one.

use std::rc::Rc;

use natter_protocol::event::{FinishReason, StreamError, StreamEvent};

use super::Action;
use crate::model::failure::{Failure, FailureKind};
use crate::model::history::{self, History};
use crate::model::state::{Notice, Phase, Rules, State, TurnId};
use crate::model::thread::Thread;

const NOW: u64 = 1_795_366_800_000;
const FINISH: StreamEvent = StreamEvent::Finish(FinishReason::Stop);

fn delta(text: &str) -> StreamEvent {
    StreamEvent::TextDelta(text.into())
}

fn received(state: State, events: Vec<StreamEvent>) -> State {
    let turn = state.turn.id;
    state.update(Action::Received { turn, events, now: NOW + 50 }).update(Action::AskAgain { turn })
}

fn failed(state: State, kind: FailureKind) -> State {
    let turn = state.turn.id;
    let failure = Failure::cut_off(kind, "cut off");
    state.update(Action::Fail { turn, failure, now: NOW }).update(Action::AskAgain { turn })
}

/// A question at an endpoint that shows ids, and what has come of its answer.
fn asked(text: &str) -> State {
    let ask = Action::Send { text: "Hi".into(), id: "q".into(), reply_id: "a".into(), now: NOW };
    let thread = Thread { id: "c".into(), ..Thread::default() };
    let state = State { thread, ..State::new(Rules::default(), Vec::new(), String::new()) }.update(ask);
    let state = state.update(Action::Resumable { turn: TurnId(1) });
    if text.is_empty() { state } else { received(state, vec![delta(text)]) }
}

fn foreign(state: State) -> State {
    State { thread: Thread { resumable: false, ..state.thread }, ..state }
}

/// The same conversation on a page that comes later, by way of the storage.
fn reloaded(state: &State) -> State {
    let stored: Vec<u16> = history::encode(&state.messages, &state.stored_thread(), NOW).encode_utf16().collect();
    let History { messages, thread, .. } = history::decode(&stored, NOW, 1000);
    let recalled = State { thread, ..State::new(state.rules, messages, String::new()) };
    State::default().update(Action::Recall(Box::new(recalled)))
}

fn contents(state: &State) -> Vec<&str> {
    state.messages.iter().map(|message| message.content.as_str()).collect()
}

fn count(state: &State, is: fn(&Notice) -> bool) -> usize {
    state.notices.iter().filter(|notice| is(notice)).count()
}

#[test]
fn a_reply_that_breaks_off_is_asked_for_again_and_stays_until_it_comes() {
    for breaks in [
        |state| failed(state, FailureKind::Broken),
        |state| received(state, vec![StreamEvent::Error(StreamError::truncated())]),
    ] {
        let state = breaks(asked("Hel"));
        assert_eq!((state.running(), state.turn.resumes), (Some(TurnId(1)), 1));
        assert_eq!(contents(&state), ["Hi", "Hel"]);
        let state = received(state, vec![delta("He")]);
        assert_eq!(contents(&state), ["Hi", "He"], "from the beginning, not twice");
        let state = received(state, vec![delta("llo"), FINISH]);
        assert_eq!((state.phase.clone(), contents(&state)), (Phase::Idle, vec!["Hi", "Hello"]));
        assert_eq!(count(&state, |notice| matches!(notice, Notice::Received { .. })), 1);
        assert_eq!(count(&state, |notice| matches!(notice, Notice::Error { .. })), 0);
    }
}

#[test]
fn an_endpoint_that_shows_no_ids_is_not_asked_again() {
    let state = failed(foreign(asked("Hel")), FailureKind::Broken);
    assert_eq!((state.running(), state.turn.resumes), (None, 0));
    assert!(state.failure().is_some());
}

#[test]
fn asking_again_in_vain_ends() {
    let mut state = asked("Hel");
    for _ in 0..3 {
        state = received(failed(state, FailureKind::Broken), vec![delta("Hel")]);
        assert!(state.busy());
    }
    let further = received(state.clone(), vec![delta("lo")]);
    let further = failed(failed(failed(further, FailureKind::Broken), FailureKind::Broken), FailureKind::Broken);
    assert!(further.busy(), "new words begin the count anew");
    let state = failed(state, FailureKind::Broken);
    assert_eq!((state.busy(), contents(&state)), (false, vec!["Hi", "Hel"]));
    assert_eq!(count(&state, |notice| matches!(notice, Notice::Error { .. })), 1);
}

#[test]
fn what_cannot_be_had_again_is_cut_off() {
    let state = failed(failed(asked("Hel"), FailureKind::Broken), FailureKind::Other);
    assert_eq!(state.failure().map(|failure| failure.message.as_str()), Some("cut off"));
    let state = state.update(Action::Retry { reply_id: "b".into(), now: NOW });
    assert_eq!((contents(&state), state.turn.resumes), (vec!["Hi"], 0), "another answer to the same question");
    let state = failed(failed(asked(""), FailureKind::Broken), FailureKind::Other);
    assert!(state.is_unanswered());
}

#[test]
fn without_a_network_the_reply_is_asked_for_when_there_is_one() {
    let broken = failed(asked("Hel"), FailureKind::Broken);
    let told_before = failed(broken.clone().update(Action::Online(false)), FailureKind::Unreachable);
    let told_after = failed(broken, FailureKind::Unreachable).update(Action::Online(false));
    for waiting in [told_before, told_after] {
        assert_eq!((waiting.phase.clone(), contents(&waiting)), (Phase::Waiting(TurnId(1)), vec!["Hi", "Hel"]));
        let state = received(waiting.update(Action::Online(true)), vec![delta("Hello"), FINISH]);
        assert_eq!((state.phase.clone(), contents(&state)), (Phase::Idle, vec!["Hi", "Hello"]));
    }
}

#[test]
fn a_page_that_comes_later_goes_on_with_the_reply() {
    for text in ["", "Hel"] {
        let state = reloaded(&asked(text));
        assert_eq!((state.busy(), state.turn.resumes), (true, 1), "{text}");
        assert_eq!(state.streaming_id().is_some(), !text.is_empty());
        let state = received(state, vec![delta("Hello"), FINISH]);
        assert_eq!((state.phase.clone(), contents(&state)), (Phase::Idle, vec!["Hi", "Hello"]));
        assert_eq!(state.unread, 1, "the window is closed");
        let times = state.notices.iter().filter_map(|notice| match notice {
            Notice::Received { response_time, .. } => Some(*response_time),
            _ => None,
        });
        assert_eq!(times.collect::<Vec<_>>(), [50], "since the question");
        assert_eq!(reloaded(&state).phase, Phase::Idle);
    }
}

#[test]
fn a_page_that_comes_later_and_gets_nothing_says_so() {
    let state = failed(reloaded(&asked("Hel")), FailureKind::Other);
    assert!(state.failure().is_some_and(|failure| failure.retryable));
    assert!(failed(reloaded(&asked("")), FailureKind::Other).is_unanswered());
    let state = reloaded(&foreign(asked("Hel")));
    assert_eq!((state.turn.resumes, state.running()), (0, None));
    assert!(state.failure().is_some(), "without ids the answer shows as cut off at once");
    assert!(reloaded(&foreign(asked(""))).is_unanswered());
}

#[test]
fn only_what_a_page_that_comes_later_gets_is_unread() {
    for text in ["", "Hel"] {
        let state = reloaded(&asked(text));
        assert_eq!(failed(state.clone(), FailureKind::Other).unread, 0, "the visitor left it as it is");
        let state = failed(received(state, vec![delta(text)]), FailureKind::Other);
        assert_eq!(state.unread, 0, "it is what was there before");
    }
    let error = StreamEvent::Error(StreamError { code: "x".into(), message: "no".into(), retryable: true });
    assert_eq!(received(reloaded(&asked("Hel")), vec![delta("Hello"), error]).unread, 1);
}

#[test]
fn a_version_that_had_not_begun_makes_room_for_the_one_before() {
    let answered = received(asked("Hello"), vec![FINISH]);
    let another = answered.update(Action::Regenerate { now: NOW });
    let state = reloaded(&another);
    assert!(matches!(state.phase, Phase::Sending(_)));
    assert_eq!(contents(&received(state.clone(), vec![delta("Good day"), FINISH])), ["Hi", "Good day"]);
    assert_eq!(contents(&failed(state, FailureKind::Other)), ["Hi", "Hello"]);
    assert_eq!(contents(&reloaded(&foreign(another))), ["Hi", "Hello"]);
}

#[test]
fn what_was_stopped_or_never_asked_is_not_asked_for() {
    for text in ["", "Hel"] {
        let stopped = asked(text).update(Action::Stop { now: NOW });
        assert_eq!((stopped.stops, reloaded(&stopped).phase), (1, Phase::Idle));
    }
    let ask = Action::Send { text: "Hi".into(), id: "q".into(), reply_id: "a".into(), now: NOW };
    let offline = received(asked("Hello"), vec![FINISH]).update(Action::Online(false)).update(ask);
    assert!(reloaded(&offline).is_unanswered());
}

#[test]
fn clearing_stops_the_reply_and_begins_another_conversation() {
    let state = asked("Hel").update(Action::Clear);
    assert_eq!((state.stops, state.thread), (1, Thread::default()));
}

#[test]
fn a_tab_follows_the_one_that_has_the_reply() {
    let there = asked("Hel");
    let tab = failed(reloaded(&there), FailureKind::Other);
    let whole = received(there, vec![delta("lo"), FINISH]);
    let messages = whole.messages.iter().map(|message| (**message).clone()).collect();
    let stored = History { messages, thread: whole.stored_thread(), ..History::default() };
    let tab = tab.update(Action::Sync { stored, unsaved: None });
    assert_eq!((tab.phase.clone(), contents(&tab)), (Phase::Idle, vec!["Hi", "Hello"]));
    assert_eq!(tab.messages.iter().map(Rc::as_ref).count(), 2);
}

/// The state of another tab once this one has stored its own.
fn synced(tab: State, there: &State) -> State {
    let messages = there.messages.iter().map(|message| (**message).clone()).collect();
    let stored = History { messages, thread: there.stored_thread(), ..History::default() };
    tab.update(Action::Sync { stored, unsaved: None })
}

/// A tab that hears of others.
fn tab() -> State {
    State::new(Rules { shares: true, ..Rules::default() }, Vec::new(), String::new())
}

#[test]
fn what_another_tab_is_being_told_shows_here_as_well() {
    let there = foreign(asked(""));
    let here = synced(tab(), &there);
    assert_eq!((here.busy(), here.turn.joined, here.turn.resumes), (true, true, 0));
    assert_eq!((contents(&here), here.turn.reply_id.as_str()), (vec!["Hi"], "a"));
    let here = received(here, vec![delta("Hel")]);
    assert_eq!((contents(&here), here.streaming_id()), (vec!["Hi", "Hel"], Some("a")));
    let further = received(there, vec![delta("Hello")]);
    let here = received(synced(here, &further), vec![delta("lo"), FINISH]);
    assert_eq!((here.phase.clone(), contents(&here)), (Phase::Idle, vec!["Hi", "Hello"]));
    let told = |notice: &Notice| matches!(notice, Notice::Sent { .. } | Notice::Received { .. });
    assert_eq!(count(&here, told), 0, "the page is told where it was asked");
    assert_eq!(here.unread, 1, "the window is closed");
    assert_eq!(here.update(Action::Read).unread, 0);
}

#[test]
fn a_tab_that_comes_in_the_middle_hears_all_of_it() {
    let there = received(foreign(asked("Hel")), vec![delta("lo")]);
    let here = synced(tab(), &there);
    assert_eq!((contents(&here), here.streaming_id()), (vec!["Hi", "Hello"], Some("a")));
    let here = received(here, vec![delta("Hello you"), FINISH]);
    assert_eq!(contents(&here), ["Hi", "Hello you"], "from the beginning, not twice");
}

#[test]
fn where_the_other_tab_is_gone_its_reply_is_asked_for_or_cut_off() {
    let here = synced(tab(), &asked("Hel"));
    let here = failed(here, FailureKind::Broken);
    assert_eq!((here.busy(), here.turn.joined, here.turn.resumes), (true, false, 1));
    let there = foreign(asked("Hel"));
    let here = failed(synced(tab(), &there), FailureKind::Broken);
    assert!(here.failure().is_some());
    assert_eq!(count(&here, |notice| matches!(notice, Notice::Error { .. })), 0);
    let again = synced(here, &there);
    assert!(!again.busy(), "whatever else is stored, nobody has it");
    assert!(failed(synced(tab(), &foreign(asked(""))), FailureKind::Broken).is_unanswered());
}

#[test]
fn an_answer_that_is_arriving_here_is_not_given_up_for_another() {
    let here = State { rules: tab().rules, ..asked("Hel") };
    let ask = Action::Send { text: "There".into(), id: "q2".into(), reply_id: "a2".into(), now: NOW + 100 };
    let here = synced(here, &tab().update(ask));
    assert_eq!((here.turn.reply_id.as_str(), here.turn.joined), ("a", false));
    assert_eq!(contents(&here), ["Hi", "Hel", "There"]);
    let done = received(here, vec![delta("lo"), FINISH]);
    assert_eq!(contents(&done), ["Hi", "Hello", "There"]);
}

#[test]
fn a_history_that_another_tab_brought_back_comes_once() {
    let whole = received(foreign(asked("Hello")), vec![FINISH]);
    let cleared = whole.clone().update(Action::Clear);
    assert!(cleared.cleared.is_some());
    let back = synced(cleared, &whole);
    assert_eq!((contents(&back), back.cleared.is_some()), (vec!["Hi", "Hello"], false));
}
