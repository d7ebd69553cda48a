//! The EventSource parser against the WHATWG text, section by section of 9.2.6, with its own examples.

use natter_protocol::sse::{Event, LineTooLong, MAX_BYTES, Parser};

/// The events of `stream`, which must not depend on where it is split.
#[track_caller]
fn events(stream: &[u8]) -> Vec<Event> {
    let parse = |pieces: &[&[u8]]| {
        let mut parser = Parser::new();
        let mut events = Vec::new();
        for piece in pieces {
            parser.push(piece, &mut events).unwrap();
        }
        events
    };
    let whole = parse(&[stream]);
    for at in 0..=stream.len() {
        let (first, second) = stream.split_at(at);
        assert_eq!(parse(&[first, second]), whole, "split at {at}");
    }
    assert_eq!(parse(&stream.chunks(1).collect::<Vec<_>>()), whole, "byte by byte");
    whole
}

fn data(stream: &str) -> Vec<String> {
    events(stream.as_bytes()).into_iter().map(|event| event.data).collect()
}

#[test]
fn the_examples_of_the_standard() {
    assert_eq!(data("data: YHOO\ndata: +2\ndata: 10\n\n"), ["YHOO\n+2\n10"]);

    let four_blocks = ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event";
    let read: Vec<_> = events(four_blocks.as_bytes()).into_iter().map(|it| (it.data, it.id)).collect();
    assert_eq!(read, [("first event".into(), Some("1".into())), ("second event".into(), Some(String::new()))]);

    assert_eq!(data("data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
    assert_eq!(data("data:test\n\ndata: test\n\n"), ["test", "test"]);
}

#[test]
fn every_line_end_counts_once() {
    for end in ["\n", "\r", "\r\n"] {
        let stream = "data: a|data: b||data: c||".replace('|', end);
        assert_eq!(data(&stream), ["a\nb", "c"], "{end:?}");
    }
    assert_eq!(data("data: a\r\n\ndata: b\n\r\ndata: c\r\r"), ["a", "b", "c"]);
    assert_eq!(data("data: a\n\rdata: b\r\r\n"), ["a", "b"]);
}

#[test]
fn one_byte_order_mark_at_the_start_is_dropped() {
    assert_eq!(data("\u{feff}data: a\n\n"), ["a"]);
    assert_eq!(data("\u{feff}\u{feff}data: a\n\ndata: b\n\n"), ["b"], "the second one is part of a field's name");
    assert_eq!(data("data: a\n\n\u{feff}data: b\n\n"), ["a"]);
    assert_eq!(data("data: \u{feff}a\n\n"), ["\u{feff}a"]);
}

#[test]
fn only_one_space_after_the_colon_goes() {
    assert_eq!(data("data:  a \n\n"), [" a "]);
    assert_eq!(data("data:\ta\n\n"), ["\ta"]);
    assert_eq!(data("data:a:b\n\n"), ["a:b"]);
}

#[test]
fn names_are_exact_and_unknown_ones_are_ignored() {
    assert_eq!(data("Data: a\ndata : a\n data: a\nfoo: a\ndatax: a\n:data: a\n\n"), [""; 0]);
}

#[test]
fn the_type_is_for_one_event() {
    let read = events(b"event: ping\ndata: a\n\ndata: b\n\nevent: lost\n\ndata: c\n\nevent: x\nevent:\ndata: d\n\n");
    let types: Vec<_> = read.iter().map(|event| (event.event.as_str(), event.data.as_str())).collect();
    assert_eq!(types, [("ping", "a"), ("message", "b"), ("message", "c"), ("message", "d")]);
}

#[test]
fn the_id_stays_until_it_changes_and_may_not_hold_null() {
    let read = events(b"data: a\n\nid: 1\ndata: b\n\ndata: c\n\nid: 2\x00\ndata: d\n\nid: 3\n\ndata: e\n\n");
    let ids: Vec<_> = read.iter().map(|event| event.id.as_deref()).collect();
    assert_eq!(ids, [None, Some("1"), Some("1"), Some("1"), Some("3")]);
}

#[test]
fn retry_is_digits_only() {
    let mut parser = Parser::new();
    let mut after = |line: &str| {
        parser.push(line.as_bytes(), &mut Vec::new()).unwrap();
        parser.retry()
    };
    assert_eq!(after("data: a\n\n"), None);
    assert_eq!(after("retry: 1500\n"), Some(1500));
    for bad in ["retry: 2s\n", "retry: -1\n", "retry: +1\n", "retry:  1\n", "retry\n", "retry: 99999999999999999999\n"]
    {
        assert_eq!(after(bad), Some(1500), "{bad}");
    }
    assert_eq!(after("retry:0\n"), Some(0));
}

#[test]
fn characters_survive_any_split_and_broken_ones_are_replaced() {
    assert_eq!(data("data: 👩‍👩‍👧‍👦 سلام 你好\n\n"), ["👩‍👩‍👧‍👦 سلام 你好"]);
    let read = events(b"event: \xFF\ndata: a\xE2\x82\ndata: \xF0\x9F\n\n");
    assert_eq!((read[0].event.as_str(), read[0].data.as_str()), ("\u{fffd}", "a\u{fffd}\n\u{fffd}"));
}

#[test]
fn an_incomplete_event_is_discarded() {
    for stream in ["data: a", "data: a\n", "data: a\ndata: b\n", "data: a\r\n"] {
        assert_eq!(data(stream), [""; 0], "{stream:?}");
    }
}

#[test]
fn too_long_is_an_error_for_good() {
    let mut parser = Parser::new();
    let mut events = Vec::new();
    let line = [b"data: a\n\ndata:", &vec![b'x'; MAX_BYTES][..]].concat();
    assert_eq!(parser.push(&line, &mut events), Err(LineTooLong));
    assert_eq!(events.len(), 1, "what was complete before is kept");
    assert_eq!(parser.push(b"\n\ndata: b\n\n", &mut events), Err(LineTooLong));
    assert_eq!(events.len(), 1);
}
