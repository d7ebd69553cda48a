//! What every action does to a state.

use std::rc::Rc;

use natter_protocol::event::{FinishReason, Source, StreamError};
use proptest::prelude::*;

use super::*;
use crate::model::failure::FailureKind;
use crate::model::message::{ChatMessage, conversation_markdown};
use crate::model::request::RequestFormat;

const NOW: u64 = 1_795_366_800_000;

fn fresh() -> State {
    State::new(Rules { max_messages: 4, max_length: 20, ..Rules::default() }, Vec::new(), String::new())
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
    failing(state, Failure { kind, ..Failure::empty("m") })
}

fn failing(state: State, failure: Failure) -> State {
    let turn = state.turn.id;
    state.update(Action::Fail { turn, failure, now: NOW })
}

fn stopped(state: State) -> State {
    state.update(Action::Stop { now: NOW + 60 })
}

fn retried(state: State) -> State {
    let reply_id = format!("a{}", state.turn.id.0);
    state.update(Action::Retry { reply_id, now: NOW })
}

fn regenerated(state: State) -> State {
    state.update(Action::Regenerate { now: NOW + 70 })
}

fn opened(state: State) -> State {
    state.update(Action::Show { window: Window::Open, now: NOW })
}

fn answered(state: State, text: &str) -> State {
    received(state, vec![delta(text), FINISH])
}

fn stored(messages: Vec<ChatMessage>) -> History {
    History { messages, ..History::default() }
}

/// Each version of the last message, the current one in brackets.
fn versions(state: &State) -> Vec<String> {
    let Some(last) = state.messages.last() else { return Vec::new() };
    let mut versions: Vec<_> = last.versions.iter().map(|version| version.content.clone()).collect();
    versions.insert(last.shown, format!("[{}]", last.content));
    versions
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
    let state = asked(fresh(), "one").update(Action::Stop { now: NOW + 60 });
    let state = asked(state, "two");
    let before = state.clone();
    let stale = TurnId(1);
    let state = state.update(Action::Received { turn: stale, events: vec![delta("x"), FINISH], now: NOW });
    let failure = Failure::empty("m");
    assert_eq!(state.update(Action::Fail { turn: stale, failure, now: NOW }), before);
}

#[test]
fn stopping_keeps_what_has_come() {
    let state = received(asked(fresh(), "Hi"), vec![delta("Hel")]).update(Action::Stop { now: NOW + 60 });
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
    let state = asked(asked(asked(fresh(), "one"), "two"), "three");
    assert_eq!((state.draft.as_str(), contents(&state)), ("three", vec!["one"]));
}

#[test]
fn a_failure_keeps_the_question_and_retry_asks_it_again() {
    let error = StreamError { code: "x".into(), message: "Broken".into(), retryable: true };
    let state = received(asked(fresh(), "Hi"), vec![delta("par"), StreamEvent::Error(error)]);
    assert_eq!(state.failure().map(|failure| failure.message.as_str()), Some("Broken"));
    assert_eq!(contents(&state), ["Hi", "par"], "the partial answer stays until the retry");
    let state = state.update(Action::Retry { reply_id: "again".into(), now: NOW });
    assert_eq!((state.phase.clone(), contents(&state)), (Phase::Sending(TurnId(2)), vec!["Hi"]));
    assert_eq!(state.request(RequestFormat::OpenAi, 10, None), r#"{"messages":[{"role":"user","content":"Hi"}]}"#);
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
        state.request(RequestFormat::OpenAi, 2, None),
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
fn a_window_that_is_a_part_of_the_page_is_always_open_and_says_nothing_of_it() {
    let rules = Rules { inline: true, ..Rules::default() };
    let mut state = State::new(rules, Vec::new(), String::new());
    for window in [Window::Open, Window::Minimized, Window::Closed] {
        state.act(Action::Show { window, now: NOW });
        assert_eq!(state.window, Window::Open, "after {window:?}");
    }
    state.act(Action::Toggle { now: NOW });
    assert_eq!((state.window, state.greeted_at), (Window::Open, Some(NOW)));
    assert_eq!(state.notices, []);
}

#[test]
fn the_greeting_has_the_time_of_the_first_opening() {
    let open = |state: State, now| state.update(Action::Show { window: Window::Open, now });
    let state = open(open(fresh(), 5).update(Action::Toggle { now: 6 }), 7);
    assert_eq!(state.greeted_at, Some(5));
}

#[test]
fn the_announcer_gets_whole_sentences_once() {
    let state = received(asked(opened(fresh()), "Hi"), vec![delta("One. Tw")]);
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
    let busy = asked(asked(fresh(), "one"), "two").update(Action::Draft("half typed".into()));
    assert_eq!(asked(busy, "three").draft, "half typed");
    assert_eq!(asked(writing, "half typed").draft, "");
}

#[test]
fn a_question_without_an_answer_can_be_asked_again() {
    let stopped = asked(fresh(), "Hi").update(Action::Stop { now: NOW + 60 });
    assert!(stopped.is_unanswered());
    let reloaded = State::new(stopped.rules, stopped.messages.iter().map(|m| (**m).clone()).collect(), String::new());
    let retried = reloaded.update(Action::Retry { reply_id: "r".into(), now: NOW });
    assert_eq!((retried.running().is_some(), contents(&retried)), (true, vec!["Hi"]));
    assert!(!received(retried, vec![delta("Hello"), FINISH]).is_unanswered());
}

#[test]
fn tabs_share_one_conversation() {
    let message =
        |id: &str, timestamp| ChatMessage { id: id.into(), content: id.into(), timestamp, ..ChatMessage::default() };
    let here = State::new(Rules::default(), vec![message("a", 1), message("b", 3)], "draft".into());
    let sync = |state: &State, unsaved| {
        let messages = vec![message("a", 1), message("c", 2)];
        state.clone().update(Action::Sync { stored: stored(messages), unsaved })
    };
    assert_eq!(contents(&sync(&here, None)), ["a", "c"], "all of ours was stored, so what is gone was taken away");
    let rated = sync(&here, Some(3));
    assert_eq!(contents(&rated), ["a", "c"], "they knew it, so it was taken away, whatever else is new here");
    let merged = sync(&here, Some(1));
    assert_eq!(contents(&merged), ["a", "c", "b"]);
    assert!(Rc::ptr_eq(&merged.messages[0], &here.messages[0]), "what both know is not drawn again");
    assert_eq!(merged.draft, "draft");
    let asking = asked(here, "d");
    assert_eq!(contents(&sync(&asking, None)), ["a", "c", "b", "d"]);
}

#[test]
fn a_reply_goes_on_where_it_stands_when_another_tab_asks_meanwhile() {
    let state = received(asked(opened(fresh()), "Hi"), vec![delta("Hel")]);
    let theirs =
        ChatMessage { id: "z".into(), content: "Theirs".into(), timestamp: NOW + 60, ..ChatMessage::default() };
    let state = state.update(Action::Sync { stored: stored(vec![theirs]), unsaved: Some(0) });
    let state = received(state, vec![delta("lo."), FINISH]);
    assert_eq!(contents(&state), ["Hi", "Hello.", "Theirs"]);
    assert_eq!(state.announcement, "Hello.");
    assert!(state.notices.iter().any(|n| matches!(n, Notice::Received { message, .. } if message.content == "Hello.")));
}

#[test]
fn another_answer_keeps_the_one_before() {
    let state = answered(asked(fresh(), "Hi"), "one");
    let id = state.turn.reply_id.clone();
    let asking = regenerated(state);
    assert_eq!((versions(&asking), asking.running()), (vec!["one".into(), "[]".into()], Some(TurnId(2))));
    assert_eq!(asking.request(RequestFormat::OpenAi, 10, None), r#"{"messages":[{"role":"user","content":"Hi"}]}"#);
    assert_eq!(versions(&stopped(asking.clone())), ["[one]"], "nothing came");
    let partial = received(asking, vec![delta("tw")]);
    assert_eq!(partial.clone().update(Action::ShowVersion { id: id.clone(), to: 0 }), partial, "it is being written");
    assert_eq!(versions(&stopped(partial.clone())), ["one", "[tw]"]);
    let state = answered(partial, "o");
    assert_eq!((versions(&state), state.turn.reply_id.as_str()), (vec!["one".into(), "[two]".into()], id.as_str()));
    let back = state.update(Action::ShowVersion { id: id.clone(), to: 0 });
    assert_eq!(versions(&back), ["[one]", "two"]);
    let again = regenerated(back.clone());
    assert_eq!(versions(&again), ["one", "two", "[]"]);
    assert_eq!(versions(&stopped(again)), ["[one]", "two"], "the one that was shown returns");
    assert_eq!(back.clone().update(Action::ShowVersion { id, to: 2 }), back);
}

#[test]
fn a_failed_other_answer_can_be_asked_for_again() {
    let state = regenerated(answered(asked(fresh(), "Hi"), "one"));
    let nothing = failed(state.clone(), FailureKind::Other);
    assert_eq!((versions(&nothing), nothing.failure().is_some()), (vec!["[one]".into()], true));
    assert_eq!(versions(&retried(nothing)), ["one", "[]"]);
    let partial = failed(received(state, vec![delta("tw")]), FailureKind::Other);
    assert_eq!(versions(&partial), ["one", "[tw]"]);
    assert_eq!(versions(&retried(partial.clone())), ["one", "[]"]);
    assert_eq!(versions(&regenerated(partial.clone())), ["one", "tw", "[]"]);
    let id = partial.turn.reply_id.clone();
    let looking_back = partial.update(Action::ShowVersion { id, to: 0 });
    assert_eq!(versions(&retried(looking_back)), ["one", "[]"], "what goes is the part, not what is looked at");
}

#[test]
fn only_the_last_answer_can_be_had_anew() {
    assert_eq!(regenerated(fresh()), fresh());
    let unanswered = stopped(asked(fresh(), "Hi"));
    assert_eq!(regenerated(unanswered.clone()), unanswered);
    let busy = received(asked(fresh(), "Hi"), vec![delta("Hel")]);
    assert_eq!(regenerated(busy.clone()), busy);
}

#[test]
fn an_edited_question_is_asked_in_place_of_what_followed() {
    let save = |state: State, text: &str| {
        let (text, id, reply_id) = (text.into(), "e".into(), "f".into());
        state.update(Action::SaveEdit { text, id, reply_id, now: NOW })
    };
    let state = answered(asked(answered(asked(fresh(), "1"), "r1"), "2"), "r2").update(Action::Draft("typing".into()));
    let edit = |state: &State, at: usize| state.clone().update(Action::Edit(Some(state.messages[at].id.clone())));
    assert_eq!(edit(&state, 1).editing, None, "an answer");
    assert_eq!(edit(&asked(state.clone(), "3"), 1).editing, None, "busy");
    let editing = edit(&state, 2);
    assert_eq!(editing.clone().update(Action::Edit(None)), state);
    assert_eq!(save(editing.clone(), " "), editing);
    assert_eq!(save(state.clone(), "x"), state, "not editing");
    assert_eq!(asked(editing.clone(), "3").editing, None);
    assert_eq!(editing.clone().update(Action::Clear).editing, None);
    assert_eq!(editing.clone().update(Action::Sync { stored: stored(vec![]), unsaved: None }).editing, None);
    let saved = save(editing, "two");
    assert_eq!((contents(&saved), saved.editing.clone()), (vec!["1", "r1", "two"], None));
    assert_eq!((saved.running(), saved.turn.reply_id.as_str(), saved.draft.as_str()), (Some(TurnId(3)), "f", "typing"));
}

#[test]
fn answers_are_rated() {
    let state = answered(asked(fresh(), "Hi"), "one");
    let id = state.turn.reply_id.clone();
    let rate = |state: &State, value, comment: Option<&str>| {
        let (id, comment) = (id.clone(), comment.map(str::to_owned));
        state.clone().update(Action::Feedback { id, value, comment })
    };
    let bad = rate(&state, Some(Feedback::Bad), None);
    assert_eq!((bad.messages[1].feedback, &bad.commenting), (Some(Feedback::Bad), &Some(id.clone())));
    let said = rate(&bad, None, Some("too short"));
    assert_eq!((said.messages[1].feedback, &said.commenting), (Some(Feedback::Bad), &None));
    let (message_id, value) = (id.clone(), Some(Feedback::Bad));
    assert_eq!(said.notices.last(), Some(&Notice::Feedback { message_id, value, comment: Some("too short".into()) }));
    let nothing_said = rate(&bad, Some(Feedback::Bad), Some(" "));
    assert_eq!((nothing_said.noticed, &nothing_said.commenting), (bad.noticed, &None));
    assert_eq!(bad.clone().update(Action::Comment(None)).commenting, None);
    assert_eq!(asked(bad.clone(), "2").commenting, None);
    let taken_back = rate(&bad, None, None);
    assert_eq!((taken_back.messages[1].feedback, taken_back.commenting), (None, None));
    let question = Action::Feedback { id: state.messages[0].id.clone(), value, comment: None };
    assert_eq!(state.clone().update(question), state);
}

#[test]
fn copying_is_told_each_time() {
    let copied = fresh().update(Action::Copied(Some("q0".into())));
    assert_eq!((copied.copied.as_deref(), copied.announcement.as_str()), (Some("q0"), "Copied"));
    assert_eq!(copied.update(Action::Copied(None)), fresh());
    let state = regenerated(answered(asked(fresh(), "Hi"), "*one*"));
    let state = asked(answered(state, "`two`"), "Why?");
    let markdown = "**You:**\n\nHi\n\n**Ada:**\n\n`two`\n\n**You:**\n\nWhy?";
    assert_eq!(conversation_markdown(&state.messages, "Ada", "You"), markdown);
}

#[test]
fn one_question_waits_for_the_turn_to_end() {
    let waiting = asked(received(asked(fresh(), "one"), vec![delta("r")]), "two");
    assert_eq!((contents(&waiting), waiting.unsent().as_str()), (vec!["one", "r"], "two"));
    assert_eq!(waiting.notices.iter().filter(|notice| matches!(notice, Notice::Sent { .. })).count(), 1);
    let refused = Failure { retryable: false, ..Failure::empty("m") };
    let ends = [
        received(waiting.clone(), vec![FINISH, delta("stale")]),
        stopped(waiting.clone()),
        failing(waiting.clone(), refused),
    ];
    for state in ends {
        assert_eq!((contents(&state), &state.queued), (vec!["one", "r", "two"], &None));
        assert_eq!((state.running(), state.turn.reply_id.as_str()), (Some(TurnId(2)), "a1"));
    }
    let failed = failed(waiting.clone(), FailureKind::Other);
    assert_eq!((contents(&failed), failed.unsent().as_str()), (vec!["one", "r"], "two"));
    assert_eq!(contents(&answered(retried(failed.clone()), "r1")), ["one", "r1", "two"]);
    assert_eq!(stopped(failed.clone()), failed, "there is nothing to stop");
    let other = asked(failed, "three");
    assert_eq!((contents(&other), other.unsent().as_str()), (vec!["one", "r", "two"], "three"), "in their order");
}

#[test]
fn a_waiting_question_can_be_taken_back() {
    let waiting = asked(asked(fresh(), "one"), "two");
    let taken = waiting.clone().update(Action::Unqueue);
    assert_eq!((taken.draft.as_str(), &taken.queued), ("two", &None));
    let writing = waiting.update(Action::Draft("three".into()));
    assert_eq!(writing.unsent(), "two\nthree");
    let cleared = writing.clone().update(Action::Clear);
    assert_eq!((cleared.unsent().as_str(), &cleared.queued, cleared.running()), ("two\nthree", &None, None));
    assert_eq!(writing.update(Action::Unqueue).draft, "two\nthree");
}

#[test]
fn without_a_network_the_question_waits() {
    let offline = fresh().update(Action::Online(false));
    let waiting = asked(offline, "Hi");
    assert_eq!((waiting.phase.clone(), waiting.busy(), waiting.running()), (Phase::Waiting(TurnId(1)), true, None));
    let again = waiting.clone().update(Action::Online(true));
    assert_eq!(again.running(), Some(TurnId(1)));
    let lost = failed(again.clone().update(Action::Online(false)), FailureKind::Unreachable);
    assert_eq!((&lost.phase, &lost.contact, lost.unreached), (&Phase::Waiting(TurnId(1)), &None, 0));
    assert!(lost.notices.iter().all(|notice| !matches!(notice, Notice::Error { .. })));
    assert!(stopped(waiting).is_unanswered());
    let begun = received(again, vec![delta("Hel")]).update(Action::Online(false));
    assert!(failed(begun, FailureKind::Unreachable).failure().is_some(), "what has begun is not sent again unasked");
}

#[test]
fn a_question_may_be_asked_again_when_the_endpoint_says() {
    let busy = Failure { retry_after: Some(2), ..Failure::empty("m") };
    let state = failing(asked(fresh(), "Hi"), busy);
    assert_eq!(state.retry_in(), 2);
    assert_eq!(retried(state.clone()), state);
    let state = state.update(Action::Tick(NOW + 1001));
    assert_eq!(state.retry_in(), 1);
    let state = state.update(Action::Tick(NOW + 2000));
    assert_eq!((state.retry_in(), state.retry_at), (0, None));
    assert!(retried(state).busy());
    let never = Failure { retry_after: Some(2), retryable: false, ..Failure::empty("m") };
    assert_eq!(failing(asked(fresh(), "Hi"), never).retry_at, None);
}

#[test]
fn an_answer_is_more_than_its_text() {
    let source = |url: &str| StreamEvent::Source(Source { url: url.into(), title: None });
    let suggestions = ["a", " ", "b", "a", "c", "d", "e"].map(|text| StreamEvent::Suggestion(text.into()));
    let state = received(asked(fresh(), "Hi"), vec![StreamEvent::Status("Looking".into())]);
    assert_eq!((state.activity.as_deref(), &state.phase), (Some("Looking"), &Phase::Sending(TurnId(1))));
    let state = received(state, vec![StreamEvent::ReasoningDelta("Hm".into())]);
    assert_eq!((state.messages[1].reasoning.as_str(), state.streaming_id()), ("Hm", Some("a0")));
    let empty = received(state.clone(), vec![FINISH]);
    assert_eq!(empty.failure().map(|failure| failure.code.as_str()), Some("empty"));
    assert_eq!(contents(&empty), ["Hi"], "an answer without a word is none");
    let state = received(state, vec![source("/a"), source("/b"), source("/a"), delta("Hello")]);
    let state = received(received(state, suggestions.to_vec()), vec![FINISH]);
    assert_eq!((state.activity.as_deref(), state.messages[1].sources.len()), (None, 2));
    assert_eq!(state.messages[1].suggestions, ["a", "b", "c", "d"]);
}

#[test]
fn what_nobody_sees_is_told_as_a_count_and_errors_at_once() {
    let once = answered(asked(fresh(), "Hi"), "Hello.");
    assert_eq!(once.announcement, "1 unread message");
    assert_eq!(answered(asked(once.clone(), "Hi"), "Hello.").announcement, "2 unread messages");
    assert_eq!(failed(asked(once, "Hi"), FailureKind::Other).announcement, "m");
    let seen = asked(asked(opened(fresh()), "Hi"), "next");
    let seen = answered(seen, "One. **Two**");
    assert_eq!(seen.announcement, "One. Two", "though the next turn has begun");
    assert_ne!(failed(seen, FailureKind::Other).announcement, "m", "the alert says it");
}

#[test]
fn the_header_follows_what_is_due() {
    let asking = asked(fresh(), "Hi");
    assert_eq!((asking.status, asking.status_due()), (Status::Online, Status::Typing));
    let typing = asking.update(Action::Status(Status::Typing));
    assert_eq!(
        (typing.status, typing.clone().update(Action::Online(false)).status_due()),
        (Status::Typing, Status::Offline)
    );
    assert_eq!(stopped(typing).status_due(), Status::Online);
}

#[test]
fn what_arrives_here_is_further_than_what_another_tab_knows() {
    let state = received(asked(fresh(), "Hi"), vec![delta("Hello")]);
    let mut theirs: Vec<_> = state.messages.iter().map(|message| (**message).clone()).collect();
    theirs[1].content.truncate(2);
    let synced = state.clone().update(Action::Sync { stored: stored(theirs.clone()), unsaved: None });
    assert_eq!(contents(&received(synced, vec![delta("!")])), ["Hi", "Hello!"]);
    theirs[1] = ChatMessage { feedback: Some(Feedback::Good), content: "Hello".into(), ..theirs[1].clone() };
    let synced = stopped(state).update(Action::Sync { stored: stored(theirs), unsaved: None });
    assert_eq!(synced.messages[1].feedback, Some(Feedback::Good));
}

#[test]
fn a_cut_off_answer_that_another_tab_had_anew_is_kept() {
    let state = failed(received(asked(fresh(), "Hi"), vec![delta("par")]), FailureKind::Other);
    let there = State::new(state.rules, state.messages.iter().map(|m| (**m).clone()).collect(), String::new());
    let there = regenerated(there).update(Action::Stop { now: NOW });
    let there = answered(regenerated(there), "whole");
    let messages = there.messages.iter().map(|m| (**m).clone()).collect();
    let synced = state.update(Action::Sync { stored: stored(messages), unsaved: None });
    assert!(synced.failure().is_none(), "the visitor has another answer");
    assert_eq!(versions(&retried(synced)), ["par", "[whole]"]);
}

/// What visitors, endpoints and browsers do, in any order. Ids and typed texts are numbered when it is played.
fn step() -> impl Strategy<Value = (u8, usize)> {
    (0..27u8, 0..4usize)
}

/// The state after a step, and which texts the visitor typed and has not taken back.
fn play(state: State, number: usize, (step, at): (u8, usize), typed: &mut Vec<String>) -> State {
    let (now, turn) = (NOW + number as u64 * 500, state.turn.id);
    let (text, id, reply_id) = (format!("<{number}>"), format!("q{number}"), format!("a{number}"));
    let message = state.messages.get(at).map(|message| message.id.clone());
    let received = |event| Action::Received { turn, events: vec![event], now };
    let fail = |kind, retryable, retry_after| Action::Fail {
        turn,
        failure: Failure { kind, retryable, retry_after, ..Failure::empty("m") },
        now,
    };
    let action = match step {
        0 => {
            typed.push(text.clone());
            Action::Draft([&state.draft, text.as_str()].concat())
        }
        1..=3 => Action::Send { text: state.draft.clone(), id, reply_id, now },
        4 => Action::Retry { reply_id, now },
        5 => Action::Regenerate { now },
        6 => Action::Stop { now },
        7 => Action::Unqueue,
        8 => Action::Edit(message),
        9 => {
            let editing = |message: &Rc<ChatMessage>| Some(&message.id) == state.editing.as_ref();
            if let Some(from) = state.messages.iter().position(editing) {
                let dropped: String = state.messages[from..].iter().map(|message| message.content.as_str()).collect();
                typed.retain(|text| !dropped.contains(text.as_str()));
                typed.push(text.clone());
            }
            Action::SaveEdit { text, id, reply_id, now }
        }
        10 => Action::ShowVersion { id: message.unwrap_or_default(), to: number % 3 },
        11 => Action::Feedback { id: message.unwrap_or_default(), value: Some(Feedback::Bad), comment: None },
        12..=14 => received(delta("One. **Two** ")),
        15 => received(StreamEvent::ReasoningDelta("r".into())),
        16 => received(FINISH),
        17 => fail(FailureKind::Other, true, None),
        18 => fail(FailureKind::Other, false, None),
        19 => fail(FailureKind::Unreachable, true, Some(1)),
        20 => Action::Online(at > 1),
        21 => Action::Tick(now),
        22 => Action::Clear,
        23 => Action::Resumable { turn },
        24 => fail(FailureKind::Broken, true, None),
        25 => Action::AskAgain { turn },
        _ => Action::Undo,
    };
    if let Action::Clear = action {
        let cleared: String = state.messages.iter().map(|message| message.content.as_str()).collect();
        typed.retain(|text| !cleared.contains(text.as_str()));
    }
    state.update(action)
}

proptest! {
    #[test]
    fn whatever_happens_nothing_typed_is_lost(steps in prop::collection::vec(step(), 1..60)) {
        let mut state = State::new(Rules { max_messages: 500, max_length: 5000, ..Rules::default() }, Vec::new(), String::new());
        let mut typed = Vec::new();
        for (number, step) in steps.into_iter().enumerate() {
            state = play(state, number, step, &mut typed);
            let mut kept = state.unsent();
            for message in &state.messages {
                kept.push_str(&message.content);
                let all = message.versions.len();
                prop_assert!(message.shown <= all && message.versions.iter().all(|version| version.versions.is_empty()));
                let arriving = state.busy() && message.id == state.turn.reply_id;
                prop_assert!(arriving || !message.content.is_empty(), "an empty answer is none");
            }
            let lost: Vec<_> = typed.iter().filter(|text| !kept.contains(text.as_str())).collect();
            prop_assert!(lost.is_empty(), "{lost:?}");
            let can_be_asked_again = state.is_unanswered() || state.failure().is_some_and(|f| f.retryable);
            prop_assert!(state.queued.is_none() || state.busy() || can_be_asked_again);
            prop_assert!(state.retry_at.is_none() || state.failure().is_some());
            prop_assert!(state.editing.is_none() || !state.busy());
            prop_assert!(state.running().is_none() || !matches!(state.phase, Phase::Waiting(_)));
        }
    }
}
