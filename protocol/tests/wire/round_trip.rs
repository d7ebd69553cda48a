//! What the encoder writes, the decoder reads back.

use natter_protocol::decode::Decoder;
use natter_protocol::encode::{Encoded, Encoder, Format};
use natter_protocol::event::{FinishReason, StreamEvent};
use proptest::prelude::*;

use crate::body::*;
use crate::encode::written;

fn through(format: Format, events: &[StreamEvent]) -> Vec<StreamEvent> {
    let (body, end) = written(format, events);
    assert!(matches!(end, Some(Encoded::End(_))), "{end:?}");
    let header = |name: &str| format.headers().iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
    read_with(Decoder::for_response(Some(format.content_type()), header), [body.as_bytes()])
}

#[test]
fn ui_message_loses_nothing() {
    let events = [
        start("msg-1"),
        reasoning("Hm"),
        status("search"),
        text("A **b**\n\n😀"),
        source("https://example.com/a", Some("A")),
        source("https://example.com/b", None),
        suggestion("More?"),
        usage(1, 2),
    ];
    let reasons = [FinishReason::Stop, FinishReason::Length, FinishReason::ContentFilter, FinishReason::Other];
    for reason in reasons {
        let events = [&events[..], &[finish(reason)]].concat();
        assert_eq!(through(Format::UiMessage, &events), events);
    }
    for failure in [error("", "No", true), error("unavailable", "No", false), truncated()] {
        let events = [&events[..7], &[failure]].concat();
        assert_eq!(through(Format::UiMessage, &events), events);
    }
    let aborted = [start("msg-1"), text("A"), finish(FinishReason::Abort)];
    assert_eq!(through(Format::UiMessage, &aborted), aborted);
}

#[test]
fn thinking_between_two_pieces_of_text_leaves_one_paragraph() {
    let events = [start("msg-1"), text("One "), reasoning("Hm"), text("sentence."), finish(FinishReason::Stop)];
    assert_eq!(through(Format::UiMessage, &events), events);
}

#[test]
fn openai_loses_only_what_it_has_no_place_for() {
    let kept = [
        start("msg-1"),
        reasoning("Hm"),
        text("A **b**\n\n😀"),
        source("https://example.com/a", Some("A")),
        source("https://example.com/b", None),
        usage(1, 2),
        finish(FinishReason::Length),
    ];
    let given = [&[status("search"), suggestion("More?")], &kept[..]].concat();
    assert_eq!(through(Format::OpenAi, &given), kept);
    let failed = [start("msg-1"), text("A"), error("upstream_failed", "No", false)];
    assert_eq!(through(Format::OpenAi, &failed), failed);
}

#[test]
fn json_keeps_the_answer_and_its_figures() {
    let kept = [start("msg-1"), text("A **b**"), usage(1, 2), finish(FinishReason::Length)];
    let given = [&[reasoning("Hm"), source("u", None)], &kept[..]].concat();
    assert_eq!(through(Format::Json, &given), kept);
}

#[test]
fn ndjson_keeps_the_text() {
    let answer = [text("A **b**\n\n😀"), finish(FinishReason::Stop)];
    assert_eq!(through(Format::Ndjson, &[&[start("msg-1"), reasoning("Hm")], &answer[..]].concat()), answer);
    assert_eq!(through(Format::Ndjson, &[finish(FinishReason::Length)]), [finish(FinishReason::Stop)]);
    let failed = [text("A"), error("", "No", true)];
    assert_eq!(through(Format::Ndjson, &failed), failed);
}

#[test]
fn heartbeats_change_nothing() {
    for format in [Format::UiMessage, Format::OpenAi] {
        let mut encoder = Encoder::new(format, "msg-1", "m", 0);
        let mut body = encoder.heartbeat().to_owned();
        let events = [start("msg-1"), text("A"), text("b"), finish(FinishReason::Stop)];
        for event in &events {
            let (Encoded::More(text) | Encoded::End(text)) = encoder.push(event) else { panic!() };
            body.push_str(&text);
            body.push_str(encoder.heartbeat());
        }
        let expected = [start("msg-1"), text("Ab"), finish(FinishReason::Stop)];
        assert_eq!(read(format.content_type(), [body.as_bytes()]), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back(deltas in prop::collection::vec("\\PC*|[\u{0}-\u{20}\\\\\"\u{85}\u{2028}\u{feff}]{1,5}", 1..8)) {
        let whole = deltas.concat();
        prop_assume!(!whole.is_empty());
        let mut events: Vec<_> = deltas.iter().map(|delta| text(delta)).collect();
        events.push(finish(FinishReason::Stop));
        for format in [Format::UiMessage, Format::OpenAi, Format::Json] {
            prop_assert_eq!(through(format, &events), [start("msg-1"), text(&whole), finish(FinishReason::Stop)]);
        }
        if !whole.starts_with('\u{feff}') {
            prop_assert_eq!(through(Format::Text, &events), [text(&whole), finish(FinishReason::Stop)]);
        }
    }
}
