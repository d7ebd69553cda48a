//! The recorded bodies, and what they say.

use natter_protocol::event::{FinishReason, StreamEvent};

use crate::body::*;

/// A recorded body with its type and its events.
pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) content_type: &'static str,
    pub(crate) body: &'static [u8],
    pub(crate) events: Vec<StreamEvent>,
}

macro_rules! fixture {
    ($name:literal, $content_type:literal, [$($event:expr),* $(,)?]) => {
        Fixture {
            name: $name,
            content_type: $content_type,
            body: include_bytes!(concat!("../fixtures/", $name)),
            events: vec![$($event),*],
        }
    };
}

pub(crate) fn fixtures() -> Vec<Fixture> {
    vec![
        fixture!(
            "ui_message_v5_tools.sse",
            "text/event-stream",
            [
                start("msg_8Qz1"),
                reasoning("The visitor asks about opening hours."),
                status("lookup_hours"),
                text("On Saturdays we are open from **10** to **16** o'clock.\nSee you 👋🏽!"),
                source("https://example.com/hours?day=sat", Some("Opening hours")),
                source("https://example.com/map", None),
                suggestion("Are you open on Sundays?"),
                suggestion("Where can I park?"),
                finish(FinishReason::Stop),
            ]
        ),
        fixture!(
            "ui_message_v6.sse",
            "text/event-stream; charset=utf-8",
            [
                start(""),
                text("Let me look that up."),
                status("Searching the docs"),
                status("fetch"),
                text("\n\nسلام دنیا، 你好，世界 👩‍👩‍👧‍👦 😀"),
                suggestion("What else?"),
                usage(12, 34),
                finish(FinishReason::Length),
            ]
        ),
        fixture!(
            "ui_message_error.sse",
            "text/event-stream",
            [start(""), text("Half an ans"), error("", "The model is overloaded", true)]
        ),
        fixture!(
            "ui_message_abort.sse",
            "text/event-stream",
            [start("m"), text("So far"), finish(FinishReason::Abort)]
        ),
        fixture!(
            "openai_chat.sse",
            "text/event-stream",
            [start("chatcmpl-B9"), text("Hello there! 😀 你好"), usage(19, 10), finish(FinishReason::Stop)]
        ),
        fixture!(
            "openai_azure.sse",
            "text/event-stream",
            [start("chatcmpl-AZ"), text("I cannot say"), finish(FinishReason::ContentFilter)]
        ),
        fixture!(
            "openai_openrouter.sse",
            "text/event-stream",
            [
                start("gen-17"),
                reasoning("Two plus two."),
                text("Four."),
                source("https://example.com/sum", Some("Sums")),
                usage(7, 55),
                finish(FinishReason::Stop),
            ]
        ),
        fixture!(
            "openai_no_done.sse",
            "text/event-stream",
            [start("cmpl-1"), text("Bonjour"), status("lookup"), usage(3, 2), finish(FinishReason::Other)]
        ),
        fixture!(
            "openai_error.sse",
            "text/event-stream",
            [start("gen-9"), text("Well"), error("429", "Rate limit exceeded upstream", true)]
        ),
        fixture!(
            "openai_error_event.sse",
            "text/event-stream",
            [start("c"), text("Well"), error("server_error", "Model crashed", true)]
        ),
        fixture!(
            "multilingual.txt",
            "text/plain; charset=utf-8",
            [text(include_str!("../fixtures/multilingual.txt")), finish(FinishReason::Stop)]
        ),
        fixture!(
            "openai_completion.json",
            "application/json",
            [start("chatcmpl-7"), text("سلام 👋🏽\nHi"), usage(19, 4), finish(FinishReason::Length)]
        ),
    ]
}

#[test]
fn every_recorded_body_says_what_it_says() {
    for fixture in fixtures() {
        assert_eq!(read(fixture.content_type, [fixture.body]), fixture.events, "{}", fixture.name);
    }
}

#[test]
fn a_ui_message_stream_cut_off_anywhere_is_never_taken_for_a_whole_one() {
    for Fixture { name, content_type, body, events } in fixtures() {
        if !name.starts_with("ui_message") {
            continue;
        }
        // The part that ends the reply comes before `[DONE]`, which adds nothing.
        let end = body.len() - b"data: [DONE]\n\n".len();
        for cut in 1..end {
            assert_eq!(read(content_type, [&body[..cut]]).last(), Some(&truncated()), "{name} cut at {cut}");
        }
        assert_eq!(read(content_type, [&body[..end]]), events, "{name}");
    }
}

#[test]
fn openai_may_leave_out_done_but_not_the_reason_to_finish() {
    let chunk = |reason: &str| {
        format!(r#"data: {{"choices":[{{"index":0,"delta":{{"content":"a"}},"finish_reason":{reason}}}]}}"#) + "\n\n"
    };
    let body = |text: String| read("text/event-stream", [text.as_bytes()]);
    assert_eq!(body(chunk("null")), [start(""), text("a"), truncated()]);
    assert_eq!(body(chunk("\"stop\"")), [start(""), text("a"), finish(FinishReason::Stop)]);
    let done = chunk("null") + "data: [DONE]\n\n";
    assert_eq!(body(done), [start(""), text("a"), finish(FinishReason::Other)]);
    let cut = chunk("null") + chunk("\"stop\"").trim_end();
    assert_eq!(body(cut), [start(""), text("a"), truncated()], "an unfinished event is discarded");
}

#[test]
fn usage_may_come_with_any_chunk_and_the_last_counts() {
    let chunk = |usage: &str| {
        format!(r#"data: {{"choices":[{{"delta":{{"content":"a"}},"finish_reason":"stop"}}],"usage":{usage}}}"#)
            + "\n\n"
    };
    let body = [
        chunk(r#"{"prompt_tokens":5,"completion_tokens":1}"#),
        chunk(r#"{"prompt_tokens":5,"completion_tokens":2}"#),
        chunk("null"),
    ]
    .concat();
    let expected = [start(""), text("aaa"), usage(5, 2), finish(FinishReason::Stop)];
    assert_eq!(read("text/event-stream", [body.as_bytes()]), expected);
}

#[test]
fn an_error_before_any_other_event_is_an_error_in_every_dialect() {
    for (body, expected) in [
        ("data: {\"error\":\"No\"}\n\n", error("", "No", true)),
        ("data: {\"error\":{\"message\":\"No\",\"code\":\"x\",\"retryable\":false}}\n\n", error("x", "No", false)),
        ("data: {\"error\":{\"message\":\"No\",\"code\":401}}\n\n", error("401", "No", false)),
        ("data: {\"type\":\"error\",\"errorText\":\"No\"}\n\n", error("", "No", true)),
        ("event: error\ndata: No\n\n", error("", "No", true)),
        ("event: error\ndata: {}\n\n", error("", "Failed to process your message", true)),
    ] {
        assert_eq!(read("text/event-stream", [body.as_bytes()]), [expected], "{body}");
    }
}

#[test]
fn malformed_events_end_the_reply_and_do_no_more() {
    for dialect in ["", "data: {\"type\":\"start\"}\n\n", "data: {\"choices\":[]}\n\n"] {
        for bad in ["{\"type\":\"text-delta\",", "hello", "\u{0}", "{\"choices\":[{\"delta\":{\"content\":\"a\"}]}"] {
            let body = format!("{dialect}data: {bad}\n\ndata: {{\"type\":\"text-delta\",\"delta\":\"late\"}}\n\n");
            let mut events = read("text/event-stream", [body.as_bytes()]);
            events.retain(|event| !matches!(event, StreamEvent::Start { .. }));
            assert_eq!(only_error(&events).0, "unreadable", "{body}");
        }
    }
}

#[test]
fn well_formed_events_of_no_dialect_are_passed_over_and_told_at_the_end() {
    let strange = "data: {\"session\":1}\n\ndata: [1]\n\ndata: \"a\"\n\n";
    assert_eq!(only_error(&read("text/event-stream", [strange.as_bytes()])).0, "unreadable");
    let then_known = format!("{strange}data: {{\"type\":\"finish\"}}\n\n");
    assert_eq!(read("text/event-stream", [then_known.as_bytes()]), [finish(FinishReason::Stop)]);
    assert_eq!(read("text/event-stream", [&b": only a heartbeat\n\n"[..]]), [truncated()]);
}

#[test]
fn fields_of_unexpected_types_are_passed_over() {
    let body = "data: {\"choices\":{}}\n\ndata: {\"choices\":[1]}\n\ndata: {\"choices\":[{\"delta\":7}]}\n\n\
        data: {\"choices\":[{\"delta\":{\"content\":{\"a\":1}},\"finish_reason\":3}]}\n\n\
        data: {\"choices\":[{\"delta\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}],\"usage\":[]}\n\n";
    assert_eq!(read("text/event-stream", [body.as_bytes()]), [start(""), text("ok"), finish(FinishReason::Stop)]);
}

#[test]
fn json_answers_in_their_many_shapes() {
    let hi = || vec![text("hi"), finish(FinishReason::Stop)];
    for (body, expected) in [
        (r#"{"output":"hi"}"#, hi()),
        (r#"{"text":"hi"}"#, hi()),
        (r#"{"message":"hi"}"#, hi()),
        (r#"{"reply":"hi"}"#, hi()),
        (r#"{"content":"hi"}"#, hi()),
        (r#"{"answer":"hi"}"#, hi()),
        (r#"{"message":"success","reply":"hi","error":null}"#, hi()),
        (r#"[{"output":"hi"}]"#, hi()),
        (r#""hi""#, hi()),
        (r#"{"content":[{"type":"text","text":"hi"}]}"#, hi()),
        (r#"{"message":{"role":"assistant","content":"hi"}}"#, hi()),
        ("\u{feff} {\"text\":\"hi\"}\r\n", hi()),
        (r#"{"output":""}"#, vec![finish(FinishReason::Stop)]),
        (
            r#"{"id":"m1","role":"assistant","content":"hi","finish_reason":"length","usage":{"input_tokens":1,"output_tokens":2}}"#,
            vec![start("m1"), text("hi"), usage(1, 2), finish(FinishReason::Length)],
        ),
        (r#"{"error":{"message":"No","code":"busy"}}"#, vec![error("busy", "No", true)]),
        (r#"{"error":"No","output":"hi"}"#, vec![error("", "No", true)]),
        (r#"{"output":"h"#, vec![truncated()]),
    ] {
        assert_eq!(read("application/json", [body.as_bytes()]), expected, "{body}");
    }
    for body in ["{\"output\":7}", "{}", "[]", "null", "{'output':'hi'}", "hi"] {
        assert_eq!(only_error(&read("application/json", [body.as_bytes()])).0, "unreadable", "{body}");
    }
}
