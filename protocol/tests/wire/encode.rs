//! Each format's grammar, to the byte.

use natter_protocol::encode::{Encoded, Encoder, Format};
use natter_protocol::event::{FinishReason, StreamEvent};

use crate::body::*;

/// Everything written for `events`, and how it ended: `None` if it has not.
pub(crate) fn written(format: Format, events: &[StreamEvent]) -> (String, Option<Encoded>) {
    let mut encoder = Encoder::new(format, "msg-1", "gpt-4o-mini", 1_735_689_600);
    let mut out = String::new();
    for event in events {
        match encoder.push(event) {
            Encoded::More(text) => out.push_str(&text),
            end => {
                if let Encoded::End(text) = &end {
                    out.push_str(text);
                }
                let again = encoder.push(&text("late"));
                let expected = if end == Encoded::Break { Encoded::Break } else { Encoded::End(String::new()) };
                assert_eq!(again, expected, "nothing follows the end");
                return (out, Some(end));
            }
        }
    }
    (out, None)
}

fn sse(parts: &[&str]) -> String {
    parts.iter().map(|part| format!("data: {part}\n\n")).collect()
}

#[test]
fn ui_message_opens_and_closes_its_parts() {
    let (out, _) = written(
        Format::UiMessage,
        &[
            start("upstream-id"),
            reasoning("Hm"),
            text("A\n"),
            text("\"b\" 😀"),
            source("https://example.com/", Some("Home")),
            status("search"),
            suggestion("More?"),
            usage(1, 2),
            finish(FinishReason::Length),
        ],
    );
    let expected = sse(&[
        r#"{"type":"start","messageId":"msg-1"}"#,
        r#"{"type":"reasoning-start","id":"reasoning-1"}"#,
        r#"{"type":"reasoning-delta","id":"reasoning-1","delta":"Hm"}"#,
        r#"{"type":"reasoning-end","id":"reasoning-1"}"#,
        r#"{"type":"text-start","id":"text-1"}"#,
        r#"{"type":"text-delta","id":"text-1","delta":"A\n"}"#,
        r#"{"type":"text-delta","id":"text-1","delta":"\"b\" 😀"}"#,
        r#"{"type":"source-url","sourceId":"source-1","url":"https://example.com/","title":"Home"}"#,
        r#"{"type":"data-status","data":"search","transient":true}"#,
        r#"{"type":"data-suggestion","data":"More?"}"#,
        r#"{"type":"text-end","id":"text-1"}"#,
        r#"{"type":"finish","messageMetadata":{"finishReason":"length","usage":{"inputTokens":1,"outputTokens":2}}}"#,
        "[DONE]",
    ]);
    assert_eq!(out, expected);
}

#[test]
fn ui_message_fails_with_an_error_part_and_no_finish() {
    let (out, _) = written(Format::UiMessage, &[text("Half"), error("", "Broken", true)]);
    let expected = sse(&[
        r#"{"type":"start","messageId":"msg-1"}"#,
        r#"{"type":"text-start","id":"text-1"}"#,
        r#"{"type":"text-delta","id":"text-1","delta":"Half"}"#,
        r#"{"type":"text-end","id":"text-1"}"#,
        r#"{"type":"error","errorText":"Broken"}"#,
        "[DONE]",
    ]);
    assert_eq!(out, expected);

    let (out, _) = written(Format::UiMessage, &[error("unavailable", "Off", false)]);
    let expected = sse(&[
        r#"{"type":"start","messageId":"msg-1"}"#,
        r#"{"type":"data-error","data":{"code":"unavailable","retryable":false},"transient":true}"#,
        r#"{"type":"error","errorText":"Off"}"#,
        "[DONE]",
    ]);
    assert_eq!(out, expected);
}

#[test]
fn ui_message_has_no_text_part_without_text_and_says_abort() {
    let (out, _) = written(Format::UiMessage, &[finish(FinishReason::Stop)]);
    assert_eq!(out, sse(&[r#"{"type":"start","messageId":"msg-1"}"#, r#"{"type":"finish"}"#, "[DONE]"]));
    let (out, _) = written(Format::UiMessage, &[finish(FinishReason::Abort)]);
    assert_eq!(out, sse(&[r#"{"type":"start","messageId":"msg-1"}"#, r#"{"type":"abort"}"#, "[DONE]"]));
}

#[test]
fn openai_says_the_role_first_and_the_usage_last() {
    let (out, _) = written(Format::OpenAi, &[usage(1, 2), text("Hi"), suggestion("?"), finish(FinishReason::Stop)]);
    let head =
        r#"{"id":"msg-1","object":"chat.completion.chunk","created":1735689600,"model":"gpt-4o-mini","choices":["#;
    let chunk = |rest: &str| format!("{head}{rest}");
    let expected = sse(&[
        &chunk(r#"{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#),
        &chunk(r#"{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}"#),
        &chunk(r#"{"index":0,"delta":{},"finish_reason":"stop"}]}"#),
        &chunk(r#"],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#),
        "[DONE]",
    ]);
    assert_eq!(out, expected);
}

#[test]
fn openai_reports_an_error_as_an_object() {
    let (out, _) = written(Format::OpenAi, &[error("upstream_busy", "Busy", true)]);
    let expected = r#"{"error":{"message":"Busy","type":"upstream","code":"upstream_busy","retryable":true}}"#;
    assert_eq!(out, sse(&[expected, "[DONE]"]));
}

#[test]
fn text_is_nothing_but_the_text_and_breaks_off_on_failure() {
    let end = Some(Encoded::End(String::new()));
    let events = [start("x"), reasoning("Hm"), text("A"), status("s"), text("\nb"), usage(1, 2)];
    let finished = [&events[..], &[finish(FinishReason::Stop)]].concat();
    assert_eq!(written(Format::Text, &finished), ("A\nb".into(), end));
    let failed = [&events[..], &[error("", "x", true)]].concat();
    assert_eq!(written(Format::Text, &failed), ("A\nb".into(), Some(Encoded::Break)));
}

#[test]
fn ndjson_has_one_object_per_line() {
    let (out, _) = written(Format::Ndjson, &[text("a\nb"), reasoning("Hm"), finish(FinishReason::Stop)]);
    assert_eq!(out, "{\"type\":\"begin\"}\n{\"type\":\"item\",\"content\":\"a\\nb\"}\n{\"type\":\"end\"}\n");
    let (out, _) = written(Format::Ndjson, &[error("x", "Broken", true)]);
    assert_eq!(out, "{\"type\":\"begin\"}\n{\"type\":\"error\",\"content\":\"Broken\"}\n");
}

#[test]
fn json_is_written_once_at_the_end() {
    let (nothing, open) = written(Format::Json, &[start("x"), text("a"), usage(1, 2), text("b")]);
    assert_eq!((nothing.as_str(), open), ("", None));
    let (out, _) = written(Format::Json, &[text("a"), usage(1, 2), text("b"), finish(FinishReason::Stop)]);
    let expected = r#"{"id":"msg-1","role":"assistant","content":"ab","finish_reason":"stop","usage":{"input_tokens":1,"output_tokens":2}}"#;
    assert_eq!(out, expected);
    let (out, _) = written(Format::Json, &[finish(FinishReason::Stop)]);
    assert_eq!(out, r#"{"id":"msg-1","role":"assistant","content":"","finish_reason":"stop","usage":null}"#);
    assert_eq!(written(Format::Json, &[text("a"), error("", "x", true)]), (String::new(), Some(Encoded::Break)));
}

#[test]
fn a_heartbeat_is_a_comment_where_there_are_comments() {
    for format in [Format::UiMessage, Format::OpenAi] {
        assert_eq!(Encoder::new(format, "", "", 0).heartbeat(), ": \n\n");
    }
    for format in [Format::Text, Format::Ndjson, Format::Json] {
        assert_eq!(Encoder::new(format, "", "", 0).heartbeat(), "");
    }
}
