//! What a body is, by its headers and its first bytes.

use natter_protocol::decode::Decoder;
use natter_protocol::event::FinishReason;

use crate::body::*;
use crate::decode::fixtures;

const EVENTS: &str = "data: {\"type\":\"text-delta\",\"id\":\"1\",\"delta\":\"hi\"}\n\ndata: {\"type\":\"finish\"}\n\n";

#[test]
fn text_of_any_kind_is_text_whatever_it_looks_like() {
    for content_type in ["text/plain", "Text/Plain;charset=UTF-8", "text/markdown", "text/x-unknown"] {
        for body in [EVENTS, "{\"output\":\"hi\"}", "<b>hi</b>", "hi"] {
            let expected = [text(body), finish(FinishReason::Stop)];
            assert_eq!(read(content_type, [body.as_bytes()]), expected, "{content_type}");
        }
    }
}

#[test]
fn lines_of_a_dialect_are_no_text() {
    let hi = [text("hi"), finish(FinishReason::Stop)];
    let n8n = "{\"type\":\"begin\"}\n{\"type\":\"item\",\"content\":\"hi\"}\n{\"type\":\"end\"}\n";
    let ollama = "{\"model\":\"m\",\"response\":\"hi\",\"done\":false}\n{\"model\":\"m\",\"done\":true}\n";
    let data_stream = "0:\"hi\"\nd:{\"finishReason\":\"stop\"}\n";
    for content_type in ["text/plain", "", "application/json", "text/html"] {
        for body in [n8n, ollama, data_stream] {
            assert_eq!(read(content_type, [body.as_bytes()]), hi, "{content_type} {body}");
        }
    }
    for content_type in ["application/x-ndjson", "application/ndjson", "Application/JSONL", "application/x-jsonlines"] {
        for body in [n8n, ollama] {
            assert_eq!(read(content_type, [body.as_bytes()]), hi, "{content_type} {body}");
        }
    }
}

#[test]
fn text_is_given_as_it_comes_unless_it_begins_like_json() {
    for (first, expected) in [
        ("H", vec![text("H")]),
        ("1.", vec![text("1.")]),
        ("a: b", vec![text("a: b")]),
        ("2: two", vec![text("2: two")]),
        ("<", vec![text("<")]),
        ("[1", vec![text("[1")]),
        ("{", vec![]),
        ("{ x }\n", vec![text("{ x }\n")]),
    ] {
        assert_eq!(decoder("text/plain").push(first.as_bytes()), expected, "{first}");
    }
    let long = ["{", &"x".repeat(70_000)].concat();
    assert_eq!(decoder("text/plain").push(long.as_bytes()), [text(&long)], "no line of a dialect is that long");
}

#[test]
fn blank_space_before_a_body_is_not_waited_for_for_ever() {
    let body = [&" ".repeat(2000), "{\"output\":\"hi\"}"].concat();
    assert_eq!(read("", [body.as_bytes()]), [text(&body), finish(FinishReason::Stop)]);
    assert_eq!(read("", body.as_bytes().chunks(7)), [text(&body), finish(FinishReason::Stop)]);
}

#[test]
fn without_a_type_the_shape_decides() {
    let hi = [text("hi"), finish(FinishReason::Stop)];
    for body in [EVENTS, "{\"output\":\"hi\"}", "hi", "\u{feff}hi"] {
        assert_eq!(read("", [body.as_bytes()]), hi, "{body}");
    }
    for short in ["d", "data", "  \n", "date"] {
        assert_eq!(read("", [short.as_bytes()]), [text(short), finish(FinishReason::Stop)]);
    }
    for fixture in fixtures() {
        assert_eq!(read("", [fixture.body]), fixture.events, "{}", fixture.name);
    }
}

#[test]
fn events_and_json_under_a_wrong_label_are_read_by_their_shape() {
    let hi = [text("hi"), finish(FinishReason::Stop)];
    for content_type in ["text/html; charset=utf-8", "application/json"] {
        assert_eq!(read(content_type, [EVENTS.as_bytes()]), hi, "{content_type}");
        assert_eq!(read(content_type, [&b"{\"output\":\"hi\"}"[..]]), hi, "{content_type}");
    }
    assert_eq!(read("application/vnd.api+json", [&b"{\"output\":\"hi\"}"[..]]), hi);
}

#[test]
fn a_web_page_is_one_error_and_is_not_shown() {
    for page in ["<!doctype html><title>Sign in</title>", "\n<html>", "Sign in"] {
        let events = read("text/html; charset=utf-8", page.as_bytes().chunks(3));
        let expected = ("unreadable", "The chat endpoint answered with a web page instead of a reply");
        assert_eq!(only_error(&events), expected, "{page}");
    }
}

#[test]
fn other_types_are_named_in_the_error() {
    let message = "The chat endpoint answered with image/png instead of a reply";
    assert_eq!(only_error(&read("Image/PNG", [&b"\x89PNG"[..]])), ("unreadable", message));
    let message = "The chat endpoint answered with application/octet-stream instead of a reply";
    assert_eq!(only_error(&read("application/octet-stream", [&b"data: {}"[..]])), ("unreadable", message));
    let message = "The chat endpoint answered with something else instead of a reply";
    assert_eq!(only_error(&read(&"x".repeat(5000), [&b"a"[..]])), ("unreadable", message));
}

#[test]
fn a_body_of_no_bytes_is_an_empty_answer_of_any_type() {
    for content_type in ["", "text/plain", "text/event-stream", "application/json", "text/html", "image/png"] {
        assert_eq!(read(content_type, []), [finish(FinishReason::Stop)], "{content_type}");
        assert_eq!(read(content_type, [&b""[..]]), [finish(FinishReason::Stop)], "{content_type}");
    }
}

#[test]
fn the_sdk_header_names_the_dialect() {
    let decoder = |name: &'static str| {
        Decoder::for_response(Some("text/plain"), move |asked| (asked == name).then(|| "v1".to_owned()))
    };
    let unknown_first = "data: {\"type\":\"x-later-part\"}\n\ndata: [DONE]\n\n";
    let events = read_with(decoder("x-vercel-ai-ui-message-stream"), [unknown_first.as_bytes()]);
    assert_eq!(events, [finish(FinishReason::Other)]);
    let events = read_with(decoder("x-other"), [unknown_first.as_bytes()]);
    assert_eq!(events, [text(unknown_first), finish(FinishReason::Stop)]);
}

#[test]
fn ids_show_that_a_reply_can_be_had_again() {
    let resumable = |stream: &[u8]| {
        let mut decoder = Decoder::for_response(Some("text/event-stream"), |_| None);
        decoder.push(stream);
        decoder.is_resumable()
    };
    assert!(resumable(b"data: {\"type\":\"start\"}\nid: 1\n\n"));
    assert!(
        resumable(b"data: {\"type\":\"finish\"}\nid: 2\n\ndata: [DONE]\nid: 3\n\n"),
        "also when it is over at once"
    );
    assert!(!resumable(b"data: {\"type\":\"start\"}\n\n"));
    assert!(!resumable(b"data: {\"id\":\"m1\",\"choices\":[]}\n\n"), "an id in the data is another matter");
}
