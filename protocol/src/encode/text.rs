//! The answer's text and nothing else.

use super::Encoded;
use crate::event::StreamEvent;

pub(super) fn push(event: &StreamEvent) -> Encoded {
    match event {
        StreamEvent::TextDelta(text) => Encoded::More(text.clone()),
        StreamEvent::Finish(_) => Encoded::End(String::new()),
        StreamEvent::Error(_) => Encoded::Break,
        _ => Encoded::More(String::new()),
    }
}
