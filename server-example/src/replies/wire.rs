//! Events as JSON, for the way through Redis. Both ends are this program, so the shape is what serde makes of the types;
//! what cannot be read is of another version of it.

use natter_protocol::event::{FinishReason, Source, StreamError, StreamEvent, Usage};
use serde::{Deserialize, Serialize};

use crate::answer::Item;
use crate::error::ApiError;

/// One event, or the failure that took its place.
pub(super) fn write(item: &Item) -> String {
    let wire = match item {
        Ok(event) => Wire::Event(event.clone()),
        Err(failure) => Wire::Failure(failure.clone()),
    };
    // Fails only for maps with keys that are no strings; there are no maps.
    serde_json::to_string(&wire).unwrap_or_default()
}

/// What [`write`] wrote; something else is a failure.
pub(super) fn read(text: &str) -> Item {
    match serde_json::from_str(text) {
        Ok(Wire::Event(event)) => Ok(event),
        Ok(Wire::Failure(failure)) => Err(failure),
        Err(_) => Err(ApiError::upstream_failed()),
    }
}

#[derive(Serialize, Deserialize)]
enum Wire {
    #[serde(with = "Event")]
    Event(StreamEvent),
    Failure(ApiError),
}

// The protocol's types have no serde of their own, since the widget would carry it.

#[derive(Serialize, Deserialize)]
#[serde(remote = "StreamEvent")]
enum Event {
    Start { message_id: Option<String> },
    TextDelta(String),
    ReasoningDelta(String),
    Source(#[serde(with = "SourceFields")] Source),
    Suggestion(String),
    Status(String),
    Usage(#[serde(with = "UsageFields")] Usage),
    Skipped(#[serde(with = "ErrorFields")] StreamError),
    Error(#[serde(with = "ErrorFields")] StreamError),
    Finish(#[serde(with = "Reason")] FinishReason),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Source")]
struct SourceFields {
    url: String,
    title: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Usage")]
struct UsageFields {
    input_tokens: u64,
    output_tokens: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "StreamError")]
struct ErrorFields {
    code: String,
    message: String,
    retryable: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FinishReason")]
enum Reason {
    Stop,
    Length,
    ContentFilter,
    Abort,
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_comes_back_as_it_went() {
        let error = || StreamError { code: "c".into(), message: "m\n\"ü\"".into(), retryable: true };
        let source = Source { url: "https://example.com".into(), title: None };
        let usage = Usage { input_tokens: u64::MAX, output_tokens: 0 };
        let mut items: Vec<Item> = [
            StreamEvent::Start { message_id: Some("m".into()) },
            StreamEvent::TextDelta(" \u{0}🙂".into()),
            StreamEvent::ReasoningDelta("r".into()),
            StreamEvent::Source(source),
            StreamEvent::Suggestion("s".into()),
            StreamEvent::Status("s".into()),
            StreamEvent::Usage(usage),
            StreamEvent::Skipped(error()),
            StreamEvent::Error(error()),
        ]
        .map(Ok)
        .into();
        use FinishReason::{Abort, ContentFilter, Length, Other, Stop};
        items.extend([Stop, Length, ContentFilter, Abort, Other].map(|reason| Ok(StreamEvent::Finish(reason))));
        items.extend([ApiError::upstream_busy(7), ApiError::invalid("p", "m")].map(Err));
        for item in items {
            assert_eq!(read(&write(&item)), item);
        }
        assert_eq!(read("{\"Event\":\"Unheard\"}"), Err(ApiError::upstream_failed()));
    }
}
