//! What every fuzz target checks: a body says the same however it is split, ends exactly once, and never panics.

use natter_protocol::decode::Decoder;
use natter_protocol::event::StreamEvent;
use natter_protocol::sse::{Event, Parser};

/// Reads `body` as an answer of this type, with this header if any, whole, byte by byte and in pieces.
///
/// # Panics
/// When the events differ, or do not end with the one end.
pub fn check(content_type: &str, header: Option<&str>, body: &[u8]) {
    let whole = read(content_type, header, [body]);
    let is_end = |event: &StreamEvent| matches!(event, StreamEvent::Finish(_) | StreamEvent::Error(_));
    assert_eq!(whole.iter().position(is_end), whole.len().checked_sub(1));
    assert_eq!(read(content_type, header, body.chunks(1)), whole, "byte by byte");
    assert_eq!(read(content_type, header, pieces(body)), whole, "in pieces");
}

/// Parses `stream` whole, byte by byte and in pieces.
///
/// # Panics
/// When the events differ.
pub fn check_parser(stream: &[u8]) {
    let whole = parse([stream]);
    assert_eq!(parse(stream.chunks(1)), whole, "byte by byte");
    assert_eq!(parse(pieces(stream)), whole, "in pieces");
}

fn read<'a>(content_type: &str, header: Option<&str>, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<StreamEvent> {
    let mut decoder = Decoder::for_response(Some(content_type).filter(|it| !it.is_empty()), |name| {
        header.filter(|it| *it == name).map(|_| "v1".to_owned())
    });
    let mut events = Vec::new();
    for piece in pieces {
        events.extend(decoder.push(piece));
    }
    events.extend(decoder.finish());
    assert!(decoder.is_done());
    // How a text is divided into deltas depends on the pieces, and means nothing.
    let mut joined: Vec<StreamEvent> = Vec::new();
    for event in events {
        match (joined.last_mut(), &event) {
            (Some(StreamEvent::TextDelta(last)), StreamEvent::TextDelta(more))
            | (Some(StreamEvent::ReasoningDelta(last)), StreamEvent::ReasoningDelta(more)) => last.push_str(more),
            _ => joined.push(event),
        }
    }
    joined
}

fn parse<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Event>, bool, Option<u64>) {
    let mut parser = Parser::new();
    let mut events = Vec::new();
    let mut failed = false;
    for piece in pieces {
        failed |= parser.push(piece, &mut events).is_err();
    }
    (events, failed, parser.retry())
}

/// `bytes` in pieces of 0 to 15 bytes, which follow from the bytes themselves, so that a recorded body is a seed as it is.
fn pieces(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut state =
        bytes.iter().fold(bytes.len() as u64 | 1, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
    std::iter::from_fn(move || {
        (!bytes.is_empty()).then(|| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            let (piece, rest) = bytes.split_at(((state >> 60) as usize).min(bytes.len()));
            bytes = rest;
            piece
        })
    })
}
