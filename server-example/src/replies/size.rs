//! How much room an event of a reply takes.

use natter_protocol::event::StreamEvent;

use crate::answer::Item;

/// What an event costs beside its text, in bytes: about its frame in a stream of server-sent events.
pub(super) const FRAME: usize = 64;

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
