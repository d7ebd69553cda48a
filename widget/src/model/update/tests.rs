//! What every action does to a state.

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
    assert_eq!(state.request(2), r#"{"messages":[{"role":"assistant","content":"r3"},{"role":"user","content":"4"}]}"#);
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

#[test]
fn sending_from_elsewhere_leaves_the_draft_alone() {
    let writing = fresh().update(Action::Draft("half typed".into()));
    assert_eq!(asked(writing.clone(), "from the page").draft, "half typed");
    let busy = asked(fresh(), "one").update(Action::Draft("half typed".into()));
    assert_eq!(asked(busy, "two").draft, "half typed");
    assert_eq!(asked(writing, "half typed").draft, "");
}

#[test]
fn a_question_without_an_answer_can_be_asked_again() {
    let stopped = asked(fresh(), "Hi").update(Action::Stop);
    assert!(stopped.is_unanswered());
    let reloaded = State::new(stopped.rules, stopped.messages.iter().map(|m| (**m).clone()).collect(), String::new());
    let retried = reloaded.update(Action::Retry { reply_id: "r".into(), now: NOW });
    assert_eq!((retried.running().is_some(), contents(&retried)), (true, vec!["Hi"]));
    assert!(!received(retried, vec![delta("Hello"), FINISH]).is_unanswered());
}

#[test]
fn tabs_share_one_conversation() {
    let message = |id: &str, timestamp| ChatMessage { id: id.into(), role: Role::User, content: id.into(), timestamp };
    let here = State::new(Rules::default(), vec![message("a", 1), message("b", 3)], "draft".into());
    let sync = |state: &State, unsaved| {
        let messages = vec![message("a", 1), message("c", 2)];
        state.clone().update(Action::Sync { messages, unsaved })
    };
    assert_eq!(contents(&sync(&here, false)), ["a", "c"], "all of ours was stored, so what is gone was taken away");
    let merged = sync(&here, true);
    assert_eq!(contents(&merged), ["a", "c", "b"]);
    assert!(Rc::ptr_eq(&merged.messages[0], &here.messages[0]), "what both know is not drawn again");
    assert_eq!(merged.draft, "draft");
    let asking = asked(here, "d");
    assert_eq!(contents(&sync(&asking, false)), ["a", "c", "b", "d"]);
}

#[test]
fn a_reply_goes_on_where_it_stands_when_another_tab_asks_meanwhile() {
    let state = received(asked(fresh(), "Hi"), vec![delta("Hel")]);
    let theirs = ChatMessage { id: "z".into(), role: Role::User, content: "Theirs".into(), timestamp: NOW + 60 };
    let state = state.update(Action::Sync { messages: vec![theirs], unsaved: true });
    let state = received(state, vec![delta("lo."), FINISH]);
    assert_eq!(contents(&state), ["Hi", "Hello.", "Theirs"]);
    assert_eq!(state.announcement, "Hello.");
    assert!(state.notices.iter().any(|n| matches!(n, Notice::Received { message, .. } if message.content == "Hello.")));
}
