//! The stored form of the conversation.
//!
//! Written: lz-string's UTF-16 form of `{"v":1,"messages":[…],"lastUpdated":ms}`. Read as well: the raw `compress()`
//! form of `{messages,lastUpdated}`, and a plain JSON array of messages, which older widgets left behind.

use std::rc::Rc;

use natter_protocol::json::{Object, Value};

use super::message::ChatMessage;
use super::timestamp;

const VERSION: u64 = 1;

/// The text to store for `messages` at `now` (ms since 1970).
#[must_use]
pub fn encode(messages: &[Rc<ChatMessage>], now: u64) -> String {
    let messages = messages.iter().map(|message| message.to_json());
    let json = Object::new().number("v", VERSION).list("messages", messages).number("lastUpdated", now).end();
    lz_str::compress_to_utf16(&json)
}

/// The conversation in `stored` (UTF-16 units, since older forms are not valid UTF-16), empty when it is corrupt,
/// foreign, or was last changed more than `max_age` ms before `now`.
#[must_use]
pub fn decode(stored: &[u16], now: u64, max_age: u64) -> Vec<ChatMessage> {
    let read = read(stored).unwrap_or_default();
    if now.saturating_sub(read.last_updated) <= max_age { read.messages } else { Vec::new() }
}

#[derive(Default)]
struct History {
    messages: Vec<ChatMessage>,
    last_updated: u64,
}

fn read(stored: &[u16]) -> Option<History> {
    if matches!(stored.first(), Some(&(0x5B | 0x7B))) {
        return read_json(stored);
    }
    // A text in one compressed form is noise in the other, so the first that gives JSON is the right one.
    let utf16 = String::from_utf16(stored).ok().and_then(|text| lz_str::decompress_from_utf16(&text));
    utf16.as_deref().and_then(read_json).or_else(|| read_json(&lz_str::decompress(stored)?))
}

fn read_json(json: &[u16]) -> Option<History> {
    let json = Value::parse(&String::from_utf16(json).ok()?).ok()?;
    let list = if json.is_array() { &json } else { &json["messages"] };
    let messages = list.as_array()?.iter().map(ChatMessage::read).collect::<Option<Vec<_>>>()?;
    let last_updated = match messages.last() {
        Some(last) if json.is_array() => last.timestamp,
        _ => timestamp::read(&json["lastUpdated"])?,
    };
    let known = json["v"].is_null() || json["v"].as_u64() == Some(VERSION);
    known.then_some(History { messages, last_updated })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use natter_protocol::request::Role;
    use proptest::prelude::*;

    use super::*;

    const DAY: u64 = 86_400_000;
    const NOW: u64 = 1_795_366_800_000;

    fn message(id: &str, content: &str) -> ChatMessage {
        ChatMessage { id: id.into(), role: Role::User, content: content.into(), timestamp: NOW - 5 }
    }

    fn utf16(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn decoded(stored: &[u16]) -> Vec<ChatMessage> {
        decode(stored, NOW, 7 * DAY)
    }

    #[test]
    fn what_is_stored_is_the_documented_json() {
        let stored = encode(&[Rc::new(message("a", "Grüße 👋🏽"))], NOW);
        let json = String::from_utf16(&lz_str::decompress_from_utf16(&stored).unwrap()).unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&json).unwrap(),
            serde_json::json!({"v": 1, "lastUpdated": NOW,
                "messages": [{"id": "a", "role": "user", "content": "Grüße 👋🏽", "timestamp": NOW - 5}]})
        );
        assert_eq!(decoded(&utf16(&stored)), [message("a", "Grüße 👋🏽")]);
    }

    #[test]
    fn reads_both_older_forms() {
        let messages = r#"[{"id":"1","role":"assistant","content":"Hi","timestamp":"2026-11-22T16:00:00.000Z"}]"#;
        let expected =
            [ChatMessage { id: "1".into(), role: Role::Assistant, content: "Hi".into(), timestamp: NOW - 3_600_000 }];
        assert_eq!(decoded(&utf16(messages)), expected);
        for last_updated in ["1795366800000", "\"2026-11-22T17:00:00.000Z\""] {
            let json = format!(r#"{{"messages":{messages},"lastUpdated":{last_updated}}}"#);
            assert_eq!(decoded(&lz_str::compress(json.as_str())), expected);
        }
    }

    #[test]
    fn starts_fresh_when_it_is_old_or_foreign() {
        let stored = encode(&[Rc::new(message("a", "b"))], NOW);
        assert_eq!(decode(&utf16(&stored), NOW + 7 * DAY, 7 * DAY).len(), 1);
        assert!(decode(&utf16(&stored), NOW + 7 * DAY + 1, 7 * DAY).is_empty());
        let later_version = r#"{"v":2,"messages":[],"lastUpdated":1795366800000}"#;
        for foreign in ["", "x", "[]", "{}", "null", "[1]", "{\"messages\":[]", "hello world", later_version] {
            assert!(decoded(&utf16(foreign)).is_empty(), "{foreign}");
        }
        let other_role = r#"[{"id":"1","role":"system","content":"Hi","timestamp":1795366800000}]"#;
        assert!(decoded(&utf16(other_role)).is_empty());
    }

    proptest! {
        #[test]
        fn every_conversation_survives(contents in prop::collection::vec(".*", 1..8)) {
            let messages: Vec<_> = contents.iter().map(|text| Rc::new(message("a", text))).collect();
            let read = decoded(&utf16(&encode(&messages, NOW)));
            prop_assert_eq!(read, messages.iter().map(|m| (**m).clone()).collect::<Vec<_>>());
        }

        #[test]
        fn no_garbage_panics(stored in prop::collection::vec(any::<u16>(), 0..200)) {
            let _ = decoded(&stored);
        }
    }
}
