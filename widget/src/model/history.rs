//! The stored form of the conversation.
//!
//! Written: lz-string's UTF-16 form of `{"v":1,"messages":[…],"lastUpdated":ms}`, with the `id`, `unfinished` and
//! `resumable` of its [`Thread`]. Read as well: the raw `compress()` form of `{messages,lastUpdated}`, and a plain JSON
//! array of messages, which older widgets left behind.

use std::rc::Rc;

use natter_protocol::json::{Object, Value};
use natter_protocol::request::Role;

use super::message::ChatMessage;
use super::thread::Thread;
use super::{lz, timestamp};

const VERSION: u64 = 1;

/// The text to store for `messages` at `now` (ms since 1970).
#[must_use]
pub fn encode(messages: &[Rc<ChatMessage>], thread: &Thread, now: u64) -> String {
    let messages = messages.iter().map(|message| message.to_stored());
    let json = thread.store(Object::new().number("v", VERSION)).list("messages", messages);
    lz::compress(&json.number("lastUpdated", now).end())
}

/// The conversation in `stored` (UTF-16 units, since older forms are not valid UTF-16), empty when it is corrupt,
/// foreign, or was last changed more than `max_age` ms before `now`.
#[must_use]
pub fn decode(stored: &[u16], now: u64, max_age: u64) -> History {
    let read = read(stored).filter(|read| now.saturating_sub(read.last_updated) <= max_age);
    read.unwrap_or_default()
}

/// A conversation as it was stored.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The messages, oldest first.
    pub messages: Vec<ChatMessage>,
    /// What its endpoint knows it by.
    pub thread: Thread,
    /// When it was stored, in ms since 1970.
    pub last_updated: u64,
}

fn read(stored: &[u16]) -> Option<History> {
    if matches!(stored.first(), Some(&(0x5B | 0x7B))) {
        return read_json(stored);
    }
    // A text in one compressed form is noise in the other, so the first that gives JSON is the right one.
    let read = |json: Option<Vec<u16>>| read_json(&json?);
    read(lz::decompress(stored)).or_else(|| read(lz::decompress_raw(stored)))
}

fn read_json(json: &[u16]) -> Option<History> {
    let json = Value::parse(&String::from_utf16(json).ok()?).ok()?;
    let list = if json.is_array() { &json } else { &json["messages"] };
    let mut messages = list.as_array()?.iter().map(ChatMessage::read).collect::<Option<Vec<_>>>()?;
    let thread = Thread::read(&json);
    // What was stored before an answer's first word, which may still come, or else the version before it, if any.
    messages.retain_mut(|message| {
        let whole = message.role == Role::User || !message.content.is_empty() || message.id == thread.unfinished;
        whole || message.drop_newest(usize::MAX)
    });
    let last_updated = match messages.last() {
        Some(last) if json.is_array() => last.timestamp,
        _ => timestamp::read(&json["lastUpdated"])?,
    };
    let known = json["v"].is_null() || json["v"].as_u64() == Some(VERSION);
    known.then_some(History { messages, thread, last_updated })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use natter_protocol::event::Source;
    use proptest::prelude::*;

    use super::*;
    use crate::model::message::Feedback;

    const DAY: u64 = 86_400_000;
    const NOW: u64 = 1_795_366_800_000;

    fn message(id: &str, content: &str) -> ChatMessage {
        ChatMessage { id: id.into(), content: content.into(), timestamp: NOW - 5, ..ChatMessage::default() }
    }

    fn utf16(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn decoded(stored: &[u16]) -> Vec<ChatMessage> {
        decode(stored, NOW, 7 * DAY).messages
    }

    #[test]
    fn what_is_stored_is_the_documented_json() {
        let stored = encode(&[Rc::new(message("a", "Grüße 👋🏽"))], &Thread::default(), NOW);
        let json = String::from_utf16(&lz_str::decompress_from_utf16(&stored).unwrap()).unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&json).unwrap(),
            serde_json::json!({"v": 1, "lastUpdated": NOW,
                "messages": [{"id": "a", "role": "user", "content": "Grüße 👋🏽", "timestamp": NOW - 5}]})
        );
        assert_eq!(decoded(&utf16(&stored)), [message("a", "Grüße 👋🏽")]);
    }

    #[test]
    fn what_the_endpoint_knows_it_by_is_stored_with_it() {
        let thread = Thread { id: "c1".into(), resumable: true, unfinished: "b".into() };
        let begun = ChatMessage { role: Role::Assistant, content: String::new(), ..message("b", "") };
        let stored = encode(&[Rc::new(message("a", "Hi")), Rc::new(begun.clone())], &thread, NOW);
        let read = decode(&utf16(&stored), NOW, DAY);
        assert_eq!(read.thread, thread);
        assert_eq!(read.messages, [message("a", "Hi"), begun], "what may still come keeps its place");
        assert_eq!(decode(&utf16(&stored), NOW + DAY + 1, DAY).thread, Thread::default());
    }

    #[test]
    fn reads_both_older_forms() {
        let messages = r#"[{"id":"1","role":"assistant","content":"Hi","timestamp":"2026-11-22T16:00:00.000Z"}]"#;
        let expected = [ChatMessage { role: Role::Assistant, timestamp: NOW - 3_600_000, ..message("1", "Hi") }];
        assert_eq!(decoded(&utf16(messages)), expected);
        for last_updated in ["1795366800000", "\"2026-11-22T17:00:00.000Z\""] {
            let json = format!(r#"{{"messages":{messages},"lastUpdated":{last_updated}}}"#);
            assert_eq!(decoded(&lz_str::compress(json.as_str())), expected);
        }
    }

    #[test]
    fn starts_fresh_when_it_is_old_or_foreign() {
        let stored = encode(&[Rc::new(message("a", "b"))], &Thread::default(), NOW);
        assert_eq!(decode(&utf16(&stored), NOW + 7 * DAY, 7 * DAY).messages.len(), 1);
        assert!(decode(&utf16(&stored), NOW + 7 * DAY + 1, 7 * DAY).messages.is_empty());
        let later_version = r#"{"v":2,"messages":[],"lastUpdated":1795366800000}"#;
        for foreign in ["", "x", "[]", "{}", "null", "[1]", "{\"messages\":[]", "hello world", later_version] {
            assert!(decoded(&utf16(foreign)).is_empty(), "{foreign}");
        }
        let other_role = r#"[{"id":"1","role":"system","content":"Hi","timestamp":1795366800000}]"#;
        assert!(decoded(&utf16(other_role)).is_empty());
    }

    #[test]
    fn what_else_there_is_is_stored_where_there_is_any() {
        let other = ChatMessage { role: Role::Assistant, ..message("a", "one") };
        let answer =
            ChatMessage { versions: vec![other.clone()], shown: 1, ..ChatMessage { content: "two".into(), ..other } };
        let json = r#"{"id":"a","role":"assistant","content":"two","timestamp":1795366799995,"versions":[{"id":"a","role":"assistant","content":"one","timestamp":1795366799995}],"shown":1}"#;
        assert_eq!(answer.to_stored(), json);
        assert!(!answer.to_json().contains("versions"), "the page gets the four public fields");
        let source = Source { url: "/s".into(), title: None };
        let rated = ChatMessage { feedback: Some(Feedback::Bad), sources: vec![source], ..answer };
        assert!(rated.to_stored().contains(r#""sources":[{"url":"/s"}],"feedback":"bad","versions""#));
    }

    #[test]
    fn malformed_extras_lose_nothing_else() {
        let read = |extras: &str| {
            let json = r#"{"id":"a","role":"assistant","content":"b","timestamp":1"#;
            ChatMessage::read(&Value::parse(&[json, extras, "}"].concat()).unwrap()).unwrap()
        };
        let plain = read("");
        for extras in [
            r#""reasoning":1"#,
            r#""sources":{}"#,
            r#""sources":[1,{"title":"x"}]"#,
            r#""suggestions":["x"]"#,
            r#""feedback":"fine""#,
            r#""versions":[1,{"id":"other","role":"user","content":"x","timestamp":1}],"shown":7"#,
        ] {
            assert_eq!(read(&[",", extras].concat()), plain, "{extras}");
        }
    }

    #[test]
    fn an_answer_that_had_not_begun_is_not_read() {
        let begun = ChatMessage { role: Role::Assistant, ..message("a", "one") };
        let mut anew = begun.clone();
        anew.begin_version(NOW);
        let empty = ChatMessage { id: "b".into(), content: String::new(), ..begun.clone() };
        let stored = encode(&[Rc::new(message("q", "Hi")), Rc::new(anew), Rc::new(empty)], &Thread::default(), NOW);
        assert_eq!(decoded(&utf16(&stored)), [message("q", "Hi"), begun]);
    }

    prop_compose! {
        fn version()(
            content in ".+",
            reasoning in ".*",
            sources in prop::collection::vec((".*", prop::option::of(".*")), 0..3),
            suggestions in prop::collection::vec(".*", 0..3),
            feedback in prop::option::of(prop_oneof![Just(Feedback::Good), Just(Feedback::Bad)]),
        ) -> ChatMessage {
            let sources = sources.into_iter().map(|(url, title)| Source { url, title }).collect();
            let role = Role::Assistant;
            ChatMessage { role, reasoning, sources, suggestions, feedback, ..message("a", &content) }
        }
    }

    prop_compose! {
        fn answer()(versions in prop::collection::vec(version(), 1..4), to in 0usize..3) -> ChatMessage {
            let mut versions = versions;
            let newest = versions.pop().unwrap_or_default();
            let mut answer = ChatMessage { shown: versions.len(), versions, ..newest };
            answer.show_version(to);
            answer
        }
    }

    proptest! {
        #[test]
        fn every_answer_survives(answers in prop::collection::vec(answer(), 1..5)) {
            let answers: Vec<_> = answers.into_iter().map(Rc::new).collect();
            let read = decoded(&utf16(&encode(&answers, &Thread::default(), NOW)));
            prop_assert_eq!(read, answers.iter().map(|m| (**m).clone()).collect::<Vec<_>>());
        }

        #[test]
        fn every_conversation_survives(contents in prop::collection::vec(".*", 1..8)) {
            let messages: Vec<_> = contents.iter().map(|text| Rc::new(message("a", text))).collect();
            let read = decoded(&utf16(&encode(&messages, &Thread::default(), NOW)));
            prop_assert_eq!(read, messages.iter().map(|m| (**m).clone()).collect::<Vec<_>>());
        }

        #[test]
        fn no_garbage_panics(stored in prop::collection::vec(any::<u16>(), 0..200)) {
            let _ = decoded(&stored);
        }
    }
}
