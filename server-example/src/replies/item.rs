//! One event of a reply, or the failure that took its place.

use natter_protocol::event::StreamEvent;

use crate::error::ApiError;

pub(super) type Item = Result<StreamEvent, ApiError>;

/// What an event costs beside its text, in bytes: about its frame in a stream of server-sent events.
pub(super) const FRAME: usize = 64;

/// Whether nothing comes after `item`.
pub(super) fn ends(item: &Item) -> bool {
    matches!(item, Err(_) | Ok(StreamEvent::Finish(_) | StreamEvent::Error(_)))
}

/// About how many bytes it is as a server-sent event.
pub(super) fn size(item: &Item) -> usize {
    let text = match item {
        Ok(
            StreamEvent::TextDelta(text)
            | StreamEvent::ReasoningDelta(text)
            | StreamEvent::Suggestion(text)
            | StreamEvent::Status(text),
        ) => text.len(),
        Ok(StreamEvent::Source(source)) => source.url.len() + source.title.as_ref().map_or(0, String::len),
        Ok(StreamEvent::Error(error) | StreamEvent::Skipped(error)) => error.code.len() + error.message.len(),
        Ok(StreamEvent::Start { .. } | StreamEvent::Usage(_) | StreamEvent::Finish(_)) | Err(_) => 0,
    };
    FRAME + text
}
