//! However the network splits a body, it says the same.

use natter_protocol::event::StreamEvent;
use proptest::prelude::*;

use crate::body::read;
use crate::decode::{Fixture, fixtures};

/// The ways an event stream may be written without a change of meaning.
fn variants(fixture: &Fixture) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(fixture.body).unwrap();
    let mut variants = vec![text.to_owned(), format!("\u{feff}{text}")];
    if fixture.name.ends_with(".sse") {
        variants.push(format!("\u{feff}{}", text.replace('\n', "\r\n")));
        variants.push(text.replace('\n', "\r\n"));
        variants.push(text.replace('\n', "\r"));
        variants.push(text.replace("data: ", "data:"));
        variants.push(text.replace("\n\n", "\n\n: keep alive\n\n"));
    } else if is_lines(fixture) {
        variants.push(format!("\u{feff}{}", text.replace('\n', "\r\n")));
        variants.push(text.replace('\n', "\n\n"));
        variants.push(text.trim_end_matches('\n').to_owned());
    }
    variants.into_iter().map(String::into_bytes).collect()
}

fn is_lines(fixture: &Fixture) -> bool {
    fixture.name.ends_with(".ndjson") || fixture.name.starts_with("data_stream")
}

#[test]
fn split_at_every_byte() {
    for fixture in fixtures() {
        let variants = variants(&fixture);
        // As it was recorded, and written with all that can be split: a byte order mark and, if it has lines, CRLF.
        for body in [&variants[0], variants.get(2).unwrap_or(&variants[1])] {
            for at in 0..=body.len() {
                let (first, second) = body.split_at(at);
                let events = read(fixture.content_type, [first, second]);
                assert_eq!(events, fixture.events, "{} split at {at}", fixture.name);
            }
        }
    }
}

#[test]
fn byte_by_byte() {
    for fixture in fixtures() {
        for body in variants(&fixture) {
            let with_pauses = body.chunks(1).flat_map(|byte| [byte, &[]]);
            assert_eq!(read(fixture.content_type, with_pauses), fixture.events, "{}", fixture.name);
        }
    }
}

/// `body` cut at each of the given places, whatever their order.
fn pieces<'a>(body: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
    cuts.sort_unstable();
    let mut pieces = Vec::new();
    let mut from = 0;
    for cut in cuts.into_iter().chain([body.len()]) {
        pieces.push(&body[from..cut]);
        from = cut;
    }
    pieces
}

fn cuts() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    prop::collection::vec(any::<prop::sample::Index>(), 0..40)
}

/// Bytes that come near to being a stream: pieces of real ones, line ends and noise.
fn nearly_a_stream() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        prop::sample::select(vec![
            &b"data: "[..],
            b"data:",
            b"data",
            b"event: error",
            b"id: 1",
            b": x",
            b"\n",
            b"\r",
            b"\r\n",
            b"\n\n",
            b"[DONE]",
            b"\xEF\xBB\xBF",
            b"{\"type\":\"start\"}",
            b"{\"type\":\"text-delta\",\"delta\":\"\xF0\x9F\x98\x80\"}",
            b"{\"type\":\"text-start\"}",
            b"{\"type\":\"finish\"}",
            b"{\"error\":\"x\"}",
            b"{\"choices\":[]}",
            b"{\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}",
            b"{",
            b"}",
            b"\"",
            b"\xFF\xE2\x82",
            b"0:\"a\"",
            b"d:{\"finishReason\":\"stop\"}",
            b"0",
            b":",
            b"{\"type\":\"begin\"}",
            b"{\"type\":\"item\",\"content\":\"a\"}",
            b"{\"type\":\"end\"}",
            b"{\"model\":\"m\",\"response\":\"a\",\"done\":false}",
            b"{\"model\":\"m\",\"done\":true}",
            b"{\"type\":\"message_start\"}",
            b"{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"a\"}}",
            b"{\"type\":\"message_stop\"}",
            b"{\"type\":\"response.output_text.delta\",\"delta\":\"a\"}",
            b"{\"type\":\"response.completed\"}",
            b"{\"output\":\"a\"}",
        ])
        .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(token, 0..30).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn recorded_bodies_in_any_pieces(which in any::<prop::sample::Index>(), cuts in cuts()) {
        let fixtures = fixtures();
        let fixture = which.get(&fixtures);
        prop_assert_eq!(&read(fixture.content_type, pieces(fixture.body, &cuts)), &fixture.events);
    }

    #[test]
    fn recorded_bodies_one_after_another(
        which in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        cut in any::<prop::sample::Index>(),
        cuts in cuts(),
    ) {
        let fixtures = fixtures();
        let mut body: Vec<u8> = Vec::new();
        for which in &which {
            let next = which.get(&fixtures).body;
            body.truncate(cut.index(body.len() + 1));
            body.extend_from_slice(next);
        }
        for content_type in ["", "text/event-stream", "application/x-ndjson"] {
            prop_assert_eq!(read(content_type, pieces(&body, &cuts)), read(content_type, [&body[..]]));
        }
    }

    #[test]
    fn any_bytes_in_any_pieces(
        body in nearly_a_stream(),
        content_type in prop::sample::select(vec!["", "text/event-stream", "text/plain", "application/json", "text/html", "application/x-ndjson"]),
        cuts in cuts(),
    ) {
        let whole = read(content_type, [&body[..]]);
        let ends = whole.iter().filter(|it| matches!(it, StreamEvent::Finish(_) | StreamEvent::Error(_))).count();
        prop_assert_eq!(ends, 1);
        prop_assert!(matches!(whole.last(), Some(StreamEvent::Finish(_) | StreamEvent::Error(_))));
        prop_assert_eq!(read(content_type, pieces(&body, &cuts)), whole);
    }

    #[test]
    fn text_is_decoded_as_the_standard_library_does(body in prop::collection::vec(any::<u8>(), 1..60), cuts in cuts()) {
        prop_assume!(!body.starts_with(b"\xEF\xBB\xBF"));
        let events = read("text/plain", pieces(&body, &cuts));
        prop_assert_eq!(&events[0], &StreamEvent::TextDelta(String::from_utf8_lossy(&body).into_owned()));
    }
}
