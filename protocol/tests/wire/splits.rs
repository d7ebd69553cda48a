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
        variants.push(text.replace('\n', "\r\n"));
        variants.push(text.replace('\n', "\r"));
        variants.push(format!("\u{feff}{}", text.replace('\n', "\r\n")));
        variants.push(text.replace("data: ", "data:"));
        variants.push(text.replace("\n\n", "\n\n: keep alive\n\n"));
    }
    variants.into_iter().map(String::into_bytes).collect()
}

#[test]
fn split_at_every_byte() {
    for fixture in fixtures() {
        for body in variants(&fixture) {
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
    fn any_bytes_in_any_pieces(
        body in nearly_a_stream(),
        content_type in prop::sample::select(vec!["", "text/event-stream", "text/plain", "application/json", "text/html"]),
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
