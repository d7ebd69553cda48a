//! A body that is one JSON document.

use super::reply::Reply;
use super::unreadable;
use crate::event::{FinishReason, StreamError, StreamEvent};
use crate::json::{ParseError, Value};

/// Reads a complete document: a text, an object, or a list whose first item is an object (n8n).
pub(super) fn read(bytes: &[u8], reply: &mut Reply) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_ascii();
    match Value::parse(text) {
        Ok(value) => {
            match value {
                Value::String(_) => reply.text(&value),
                _ => reply.read(&value),
            }
            reply.end(Some(FinishReason::Stop));
        }
        Err(_) if text.is_empty() => reply.close(FinishReason::Stop),
        Err(ParseError::Eof) => reply.out.push(StreamEvent::Error(StreamError::truncated())),
        Err(_) => reply.out.push(unreadable("The chat endpoint answered with malformed JSON")),
    }
}
