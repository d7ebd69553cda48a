//! The recorded bodies, and what they say.

use natter_protocol::decode::Decoder;
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
                source("", Some("House rules")),
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
        fixture!(
            "openai_responses.sse",
            "text/event-stream; charset=utf-8",
            [
                start("resp_68f2"),
                reasoning("**Opening hours**\n\nA search helps."),
                status("web_search"),
                text("The museum opens at **nine**. 😀"),
                source("https://example.com/museum", Some("Museum")),
                usage(81, 1035),
                finish(FinishReason::Stop),
            ]
        ),
        fixture!(
            "openai_responses_tools.sse",
            "text/event-stream; charset=utf-8",
            [
                start("resp_68f2"),
                reasoning("Look it up."),
                text("One moment."),
                status("lookup"),
                text("\n\nIt is"),
                usage(9, 16),
                finish(FinishReason::Length),
            ]
        ),
        fixture!(
            "openai_responses_error.sse",
            "text/event-stream; charset=utf-8",
            [start("resp_68f2"), error("insufficient_quota", "You exceeded your current quota", true)]
        ),
        fixture!(
            "openai_responses_failed.sse",
            "text/event-stream; charset=utf-8",
            [start("resp_68f2"), text("I cannot"), error("rate_limit_exceeded", "Request too large", true)]
        ),
        fixture!(
            "openai_responses.json",
            "application/json",
            [start("resp_68f2"), text("Hi 👋🏽"), usage(3, 4), finish(FinishReason::Stop)]
        ),
        fixture!(
            "anthropic.sse",
            "text/event-stream; charset=utf-8",
            [
                start("msg_01Ab"),
                reasoning("The visitor greets in Persian."),
                text("سلام! 👋🏽\nHow can I help?"),
                usage(25, 15),
                finish(FinishReason::Stop),
            ]
        ),
        fixture!(
            "anthropic_tools.sse",
            "text/event-stream; charset=utf-8",
            [
                start("msg_01Ab"),
                text("Let me check."),
                status("get_weather"),
                usage(25, 89),
                finish(FinishReason::Other),
            ]
        ),
        fixture!(
            "anthropic_search.sse",
            "text/event-stream; charset=utf-8",
            [
                start("msg_01Ab"),
                text("I'll search."),
                status("web_search"),
                text("\n\nIt "),
                source("https://example.com/museum", Some("Museum")),
                text("opens at nine"),
                source("", Some("House rules")),
                text(" on weekdays."),
                usage(10682, 510),
                finish(FinishReason::Length),
            ]
        ),
        fixture!(
            "anthropic_error.sse",
            "text/event-stream; charset=utf-8",
            [start("msg_01Ab"), text("Half an"), error("overloaded_error", "Overloaded", true)]
        ),
        fixture!(
            "anthropic_refusal.sse",
            "text/event-stream; charset=utf-8",
            [start("msg_01Ab"), usage(18, 5), finish(FinishReason::ContentFilter)]
        ),
        fixture!(
            "anthropic.json",
            "application/json",
            [start("msg_01Cd"), text("Hi there"), usage(8, 5), finish(FinishReason::Stop)]
        ),
        fixture!(
            "ollama_chat.ndjson",
            "application/x-ndjson",
            [reasoning("Two and two."), text("Four. 😀 你好"), usage(26, 282), finish(FinishReason::Stop)]
        ),
        fixture!(
            "ollama_tools.ndjson",
            "application/x-ndjson",
            [status("get_temperature"), status("get_conditions"), usage(26, 282), finish(FinishReason::Stop)]
        ),
        fixture!(
            "ollama_generate.ndjson",
            "application/x-ndjson",
            [text("The sky is"), usage(26, 282), finish(FinishReason::Length)]
        ),
        fixture!(
            "ollama_error.ndjson",
            "application/x-ndjson",
            [text("Half"), error("", "an error was encountered while running the model: unexpected EOF", true)]
        ),
        fixture!("ollama_no_model.ndjson", "application/x-ndjson", [error("", "model 'llama9' not found", true)]),
        fixture!(
            "ollama_chat.json",
            "application/json",
            [text("Hi there"), usage(26, 282), finish(FinishReason::Stop)]
        ),
        fixture!(
            "n8n.ndjson",
            "application/json; charset=utf-8",
            [text("Hello, **world** 😀\n\nSee you."), finish(FinishReason::Stop)]
        ),
        fixture!(
            "n8n_nested.ndjson",
            "application/json; charset=utf-8",
            [text("Found it."), finish(FinishReason::Stop)]
        ),
        fixture!(
            "n8n_text_lines.ndjson",
            "application/json; charset=utf-8",
            [text("So far\n\nnot JSON at all\n42\n\"quoted\"\n"), finish(FinishReason::Stop)]
        ),
        fixture!(
            "n8n_error.ndjson",
            "application/json; charset=utf-8",
            [text("Half"), error("", "The model is not available", true)]
        ),
        fixture!("n8n_answer.json", "application/json", [text("Hi from n8n 👋🏽"), finish(FinishReason::Stop)]),
        fixture!(
            "data_stream.txt",
            "text/plain; charset=utf-8",
            [
                start("msg-7Vx"),
                reasoning("The visitor asks."),
                text("Hello, \"world\"\n😀"),
                source("https://example.com/a", Some("A")),
                usage(11, 21),
                finish(FinishReason::Stop),
            ]
        ),
        fixture!(
            "data_stream_tools.txt",
            "text/plain; charset=utf-8",
            [
                start("msg-1"),
                text("Let me look."),
                status("lookup"),
                text("\n\nFound it."),
                usage(12, 14),
                finish(FinishReason::Length),
            ]
        ),
        fixture!("data_stream_no_end.txt", "text/plain; charset=utf-8", [text("Hi"), finish(FinishReason::Stop)]),
        fixture!(
            "data_stream_error.txt",
            "text/plain; charset=utf-8",
            [start("msg-1"), text("Half"), error("", "An error occurred.", true)]
        ),
        fixture!("answers.sse", "text/event-stream", [start("a1"), text("Hello"), finish(FinishReason::Stop)]),
    ]
}

#[test]
fn every_recorded_body_says_what_it_says() {
    for fixture in fixtures() {
        assert_eq!(read(fixture.content_type, [fixture.body]), fixture.events, "{}", fixture.name);
    }
}

/// How much of a recorded body says that the reply is over; `None` where nothing can, or where it says sooner.
fn end_of(name: &str, body: &str) -> Option<usize> {
    let last = match name.split_once(['_', '.'])?.0 {
        "ui" => "data: [DONE]",
        // The end of the last step says it as well as that of the message.
        "data" => return Some(body.find("\nd:").unwrap_or(body.len() - 1)),
        "ollama" if name.ends_with("ndjson") => return Some(body.len() - 1),
        "n8n" if name == "n8n_nested.ndjson" => return Some(body.len() - 1),
        "anthropic" if name == "anthropic_error.sse" => return Some(body.len()),
        "anthropic" if name.ends_with("sse") => "event: message_stop",
        "openai" if name == "openai_responses_error.sse" => "event: response.failed",
        "openai" if name.starts_with("openai_responses") && name.ends_with("sse") => return Some(body.len()),
        _ if name.ends_with(".json") => return Some(body.trim_end().len()),
        _ => return None,
    };
    body.rfind(last)
}

#[test]
fn a_body_cut_off_anywhere_is_never_taken_for_a_whole_one() {
    let mut seen = 0;
    for Fixture { name, content_type, body, events } in fixtures() {
        let Some(end) = std::str::from_utf8(body).ok().and_then(|text| end_of(name, text)) else { continue };
        seen += 1;
        for cut in 1..end {
            let events = read(content_type, [&body[..cut]]);
            // A text has to be a whole line's before it can be told from one.
            let is_text = content_type.starts_with("text/plain") && !body[..cut].contains(&b'\n');
            assert!(is_text || events.last() == Some(&truncated()), "{name} cut at {cut}: {events:?}");
        }
        assert_eq!(read(content_type, [&body[..end]]).last(), events.last(), "{name}");
    }
    assert_eq!(seen, 28);
}

#[test]
fn the_data_stream_is_known_by_its_header_before_its_first_line_is_whole() {
    let decoder = || {
        Decoder::for_response(Some("text/plain"), |name| (name == "x-vercel-ai-data-stream").then(|| "v1".to_owned()))
    };
    assert_eq!(read_with(decoder(), [&b"0:\"Hel"[..]]), [truncated()]);
    assert_eq!(read_with(decoder(), [&b"0:\"Hel\"\n"[..]]), [text("Hel"), truncated()]);
    assert_eq!(
        read_with(decoder(), [&b"{\"error\":\"No\"}\n"[..]]),
        [error("", "No", true)],
        "what servers answer with that fail before they begin"
    );
}

#[test]
fn n8n_is_whole_when_every_node_that_began_has_ended() {
    let body = |text: &str| read("application/x-ndjson", [text.as_bytes()]);
    let (begin, item, end) =
        ("{\"type\":\"begin\"}\n", "{\"type\":\"item\",\"content\":\"a\"}\n", "{\"type\":\"end\"}\n");
    assert_eq!(body(&[begin, item, end].concat()), [text("a"), finish(FinishReason::Stop)]);
    assert_eq!(body(&[begin, item].concat()), [text("a"), truncated()]);
    assert_eq!(body(&[begin, item, end, begin].concat()), [text("a"), truncated()]);
    assert_eq!(body(&[begin, item, begin, item, end].concat()), [text("a\n\na"), truncated()]);
    assert_eq!(body(&[begin, item, "{\"type\":\"it"].concat()), [text("a"), truncated()]);
    assert_eq!(body(&[item, item].concat()), [text("aa"), finish(FinishReason::Stop)], "never began, never ends");
    assert_eq!(body("Just text"), [text("Just text\n"), finish(FinishReason::Stop)]);
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
fn nonsense_is_told_of_and_the_reply_goes_on() {
    let sse = "text/event-stream";
    let lines = "application/x-ndjson";
    for (content_type, before, nonsense, after) in [
        (
            sse,
            "{\"type\":\"start\"}",
            "{\"type\":\"text-delta\",",
            "{\"type\":\"text-delta\",\"delta\":\"hi\"}|{\"type\":\"finish\"}",
        ),
        (sse, "{\"type\":\"start\"}", "hello", "{\"type\":\"text-delta\",\"delta\":\"hi\"}|{\"type\":\"finish\"}"),
        (sse, "", "\u{0}", "{\"type\":\"text-delta\",\"delta\":\"hi\"}|{\"type\":\"finish\"}"),
        (
            sse,
            "{\"choices\":[]}",
            "{\"choices\":[",
            "{\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}|[DONE]",
        ),
        (
            sse,
            "{\"type\":\"response.created\"}",
            "}",
            "{\"type\":\"response.output_text.delta\",\"delta\":\"hi\"}|{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}",
        ),
        (
            sse,
            "{\"type\":\"message_start\"}",
            "tru",
            "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"hi\"}}|{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}|{\"type\":\"message_stop\"}",
        ),
        (
            lines,
            "{\"model\":\"m\",\"done\":false}",
            "{\"model\":",
            "{\"message\":{\"content\":\"hi\"},\"done\":false}|{\"done\":true}",
        ),
        ("text/plain", "0:\"\"", "0:\"h", "0:\"hi\"|d:{\"finishReason\":\"stop\"}"),
        ("text/plain", "0:\"\"", "no code", "0:\"hi\"|d:{\"finishReason\":\"stop\"}"),
    ] {
        let frame = |line: &str| if content_type == sse { format!("data: {line}\n\n") } else { format!("{line}\n") };
        let body: String = before.split('|').chain([nonsense]).chain(after.split('|')).map(frame).collect();
        let mut events = read(content_type, [body.replace("data: \n\n", "").as_bytes()]);
        events.retain(|event| !matches!(event, StreamEvent::Start { .. }));
        assert_eq!(events, [skipped(), text("hi"), finish(FinishReason::Stop)], "{body}");
    }
}

#[test]
fn nothing_but_nonsense_is_unreadable_at_the_end() {
    for body in ["data: hello\n\n", "data: {\n\n", "data: hello\n\ndata: [DONE]\n\n"] {
        let events = read("text/event-stream", [body.as_bytes()]);
        assert_eq!(events[0], skipped(), "{body}");
        assert_eq!(only_error(&events[1..]).0, "unreadable", "{body}");
    }
    let cut = "data: {\"type\":\"start\"}\n\ndata: {\n\n";
    assert_eq!(read("text/event-stream", [cut.as_bytes()]), [start(""), skipped(), truncated()]);
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
fn a_stream_of_objects_of_no_known_api_is_read_for_its_answer() {
    let pieces = "{\"content\":\"Hel\"}\n{\"status\":\"busy\"}\n{\"content\":\"lo\"}\n";
    assert_eq!(read("application/jsonl", [pieces.as_bytes()]), [text("Hello"), finish(FinishReason::Stop)]);
    assert_eq!(read("application/x-ndjson", [&b"[{\"output\":\"hi\"}]"[..]]), [text("hi"), finish(FinishReason::Stop)]);
    assert_eq!(only_error(&read("application/x-ndjson", [&b"{\"status\":1}\n"[..]])).0, "unreadable");
    let then_known = "data: {\"text\":\"a\"}\n\ndata: {\"type\":\"start\"}\n\n";
    assert_eq!(read("text/event-stream", [then_known.as_bytes()]), [text("a"), start(""), truncated()]);
}

#[test]
fn an_error_field_that_tells_of_none_is_none() {
    for nothing in ["null", "false", "\"\"", "0"] {
        let body = format!("{{\"error\":{nothing},\"output\":\"hi\"}}");
        assert_eq!(read("application/json", [body.as_bytes()]), [text("hi"), finish(FinishReason::Stop)], "{body}");
    }
    for (something, message) in [("true", "No"), ("{}", "No"), ("\"Not now\"", "Not now")] {
        let body = format!("{{\"error\":{something},\"message\":\"No\"}}");
        let events = read("application/json", [body.as_bytes()]);
        assert!(matches!(&events[..], [StreamEvent::Error(_)]), "{body} {message}");
    }
}

#[test]
fn a_source_is_given_once_and_there_are_not_too_many() {
    let part = |n: usize| format!("data: {{\"type\":\"source-url\",\"url\":\"https://example.com/{n}\"}}\n\n");
    let body: String = (0..100).flat_map(|n| [part(n), part(n / 2)]).collect();
    let events = read("text/event-stream", [body.as_bytes()]);
    assert_eq!(events.len(), 65, "64 and the end");
    assert_eq!(events[63], source("https://example.com/63", None));
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
