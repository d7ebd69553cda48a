//! A body that is the answer's text itself.

use crate::event::{FinishReason, StreamEvent};

/// Decodes UTF-8 that may be split anywhere; what is not UTF-8 becomes U+FFFD, as in the Encoding Standard.
#[derive(Default)]
pub(super) struct Text {
    /// The beginning of a character, at most three bytes between two calls.
    pending: Vec<u8>,
    begun: bool,
}

impl Text {
    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<StreamEvent>) {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        let mut read = 0;
        for chunk in self.pending.utf8_chunks() {
            text.push_str(chunk.valid());
            read += chunk.valid().len();
            // What is broken at the very end may be the beginning of a character.
            if read + chunk.invalid().len() < self.pending.len() {
                text.push(char::REPLACEMENT_CHARACTER);
                read += chunk.invalid().len();
            }
        }
        self.pending.drain(..read);
        self.add(text, out);
    }

    pub(super) fn end(&mut self, out: &mut Vec<StreamEvent>) {
        if !self.pending.is_empty() {
            self.add(char::REPLACEMENT_CHARACTER.into(), out);
        }
        out.push(StreamEvent::Finish(FinishReason::Stop));
    }

    fn add(&mut self, mut text: String, out: &mut Vec<StreamEvent>) {
        if text.is_empty() {
            return;
        }
        if !std::mem::replace(&mut self.begun, true) && text.starts_with('\u{feff}') {
            text.remove(0);
        }
        if !text.is_empty() {
            out.push(StreamEvent::TextDelta(text));
        }
    }
}
