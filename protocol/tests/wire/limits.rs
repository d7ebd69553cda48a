//! No stream fills the memory.

use natter_protocol::sse::MAX_BYTES;

use crate::body::*;

#[track_caller]
fn refuses(content_type: &str, body: &[u8]) {
    for piece in [body.len(), 64 * 1024, 7919] {
        let events = read(content_type, body.chunks(piece));
        let expected = ("unreadable", "The chat endpoint sent more at once than can be read");
        assert_eq!(only_error(&events), expected);
    }
}

#[test]
fn a_line_over_the_limit_ends_the_reply() {
    let mut line = b"data: ".to_vec();
    line.resize(MAX_BYTES + 1, b'x');
    refuses("text/event-stream", &line);
    line.push(b'\n');
    refuses("text/event-stream", &line);
    refuses("text/event-stream", &[b": ".to_vec(), vec![b'x'; MAX_BYTES]].concat());
}

#[test]
fn an_event_of_many_lines_over_the_limit_ends_the_reply() {
    refuses("text/event-stream", &[b"data: ", &b"x".repeat(1000)[..], b"\n"].concat().repeat(MAX_BYTES / 1000 + 1));
}

#[test]
fn a_json_answer_over_the_limit_ends_the_reply() {
    refuses("application/json", &[b"{\"output\":\"", &b"x".repeat(MAX_BYTES)[..], b"\"}"].concat());
}

#[test]
fn what_came_before_the_long_line_is_kept() {
    let mut body = b"data: {\"type\":\"start\"}\n\ndata: {\"type\":\"text-delta\",\"delta\":\"hi\"}\n\n".to_vec();
    let kept = body.len();
    body.resize(kept + MAX_BYTES + 1, b'x');
    let events = read("text/event-stream", [&body[..]]);
    assert_eq!(events[..2], [start(""), text("hi")]);
    assert_eq!(only_error(&events[2..]).0, "unreadable");
}

#[test]
fn an_event_at_the_limit_is_read() {
    let frame = "data: {\"type\":\"error\",\"errorText\":\"\"}".len();
    let long = "x".repeat(MAX_BYTES - frame);
    let body = format!("data: {{\"type\":\"error\",\"errorText\":\"{long}\"}}\n\n");
    let events = read("text/event-stream", [body.as_bytes()]);
    assert_eq!(only_error(&events).1, "x".repeat(300) + "…");
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    let body = format!("data: {}\n\n", "[".repeat(100_000));
    let events = read("text/event-stream", [body.as_bytes()]);
    assert_eq!(events[0], skipped());
    assert_eq!(only_error(&events[1..]).0, "unreadable");
}

#[test]
fn a_line_of_json_over_the_limit_ends_the_reply() {
    let mut line = b"{\"type\":\"item\",\"content\":\"".to_vec();
    line.resize(MAX_BYTES + 1, b'x');
    refuses("application/x-ndjson", &line);
    line.extend_from_slice(b"\"}\n");
    refuses("application/x-ndjson", &line);
    refuses("application/json", &line);
}
