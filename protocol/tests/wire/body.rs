//! Reading a body in pieces.

use natter_protocol::decode::Decoder;
use natter_protocol::event::{FinishReason, Source, StreamError, StreamEvent, Usage};

/// The events of a body that arrives in these pieces, with neighbouring deltas of a kind joined: how a text is divided
/// into deltas depends on the pieces, and means nothing.
pub(crate) fn read<'a>(content_type: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<StreamEvent> {
    read_with(decoder(content_type), pieces)
}

/// A decoder that knows the content type only; an empty one stands for none.
pub(crate) fn decoder(content_type: &str) -> Decoder {
    Decoder::for_response(Some(content_type).filter(|it| !it.is_empty()), |_| None)
}

pub(crate) fn read_with<'a>(mut decoder: Decoder, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<StreamEvent> {
    let mut events = Vec::new();
    for piece in pieces {
        let was_done = decoder.is_done();
        let more = decoder.push(piece);
        assert!(!was_done || more.is_empty(), "events after the end: {more:?}");
        events.extend(more);
    }
    events.extend(decoder.finish());
    assert!(decoder.is_done());
    assert_eq!(decoder.finish(), [], "the end was given twice");
    joined(events)
}

fn joined(events: Vec<StreamEvent>) -> Vec<StreamEvent> {
    let mut out: Vec<StreamEvent> = Vec::new();
    for event in events {
        match (out.last_mut(), &event) {
            (Some(StreamEvent::TextDelta(last)), StreamEvent::TextDelta(more))
            | (Some(StreamEvent::ReasoningDelta(last)), StreamEvent::ReasoningDelta(more)) => last.push_str(more),
            _ => out.push(event),
        }
    }
    out
}

pub(crate) fn start(id: &str) -> StreamEvent {
    StreamEvent::Start { message_id: Some(id).filter(|id| !id.is_empty()).map(Into::into) }
}

pub(crate) fn text(text: &str) -> StreamEvent {
    StreamEvent::TextDelta(text.into())
}

pub(crate) fn reasoning(text: &str) -> StreamEvent {
    StreamEvent::ReasoningDelta(text.into())
}

pub(crate) fn status(text: &str) -> StreamEvent {
    StreamEvent::Status(text.into())
}

pub(crate) fn suggestion(text: &str) -> StreamEvent {
    StreamEvent::Suggestion(text.into())
}

pub(crate) fn source(url: &str, title: Option<&str>) -> StreamEvent {
    StreamEvent::Source(Source { url: url.into(), title: title.map(Into::into) })
}

pub(crate) fn usage(input_tokens: u64, output_tokens: u64) -> StreamEvent {
    StreamEvent::Usage(Usage { input_tokens, output_tokens })
}

pub(crate) fn finish(reason: FinishReason) -> StreamEvent {
    StreamEvent::Finish(reason)
}

pub(crate) fn error(code: &str, message: &str, retryable: bool) -> StreamEvent {
    StreamEvent::Error(StreamError { code: code.into(), message: message.into(), retryable })
}

pub(crate) fn skipped() -> StreamEvent {
    StreamEvent::Skipped(StreamError::unreadable("The chat endpoint sent malformed JSON"))
}

pub(crate) fn truncated() -> StreamEvent {
    StreamEvent::Error(StreamError::truncated())
}

/// The code and message of a lone error.
#[track_caller]
pub(crate) fn only_error(events: &[StreamEvent]) -> (&str, &str) {
    match events {
        [StreamEvent::Error(error)] => (&error.code, &error.message),
        other => panic!("one error was expected, not {other:?}"),
    }
}
