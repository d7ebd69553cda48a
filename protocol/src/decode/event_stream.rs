//! What the dialects of server-sent events have in common.

use super::{openai_chat, too_long, ui_message, unknown_format, unreadable};
use crate::error::Written;
use crate::event::{StreamError, StreamEvent};
use crate::json::Value;
use crate::sse::{Event, Parser};

/// How one API writes its reply as events with JSON data. A server holds it across awaits, hence `Send` and `Sync`.
pub(super) trait Dialect: Send + Sync {
    /// Reads the data of one event. Errors under the key `error` have been dealt with.
    fn read(&mut self, data: &Value, out: &mut Vec<StreamEvent>);

    /// The stream ended: with `data: [DONE]` if `said_done`, or else without a word.
    fn end(&mut self, said_done: bool, out: &mut Vec<StreamEvent>);
}

/// Whether a first event with this data is of a dialect, and how to begin reading it.
type Entry = (fn(&Value) -> bool, fn() -> Box<dyn Dialect>);

/// Every dialect that is told by its shape. The first that matches an event reads it and the rest of the stream.
const DIALECTS: [Entry; 2] = [(openai_chat::matches, openai_chat::begin), (ui_message::matches, ui_message::begin)];

/// A body of server-sent events, in a dialect that may not be known yet.
#[derive(Default)]
pub(super) struct EventStream {
    parser: Parser,
    dialect: Option<Box<dyn Dialect>>,
    /// Events came that are of no dialect.
    strange: bool,
}

impl EventStream {
    /// A stream whose headers say that it is the AI SDK's.
    pub(super) fn ui_message() -> Self {
        Self { dialect: Some(ui_message::begin()), ..Self::default() }
    }

    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<StreamEvent>) {
        let mut events = Vec::new();
        let result = self.parser.push(bytes, &mut events);
        for event in &events {
            self.read(event, out);
        }
        if result.is_err() {
            out.push(too_long());
        }
    }

    pub(super) fn end(&mut self, out: &mut Vec<StreamEvent>) {
        match &mut self.dialect {
            Some(dialect) => dialect.end(false, out),
            None if self.strange => out.push(unknown_format()),
            None => out.push(StreamEvent::Error(StreamError::truncated())),
        }
    }

    fn read(&mut self, event: &Event, out: &mut Vec<StreamEvent>) {
        let text = event.data.trim();
        if text == "[DONE]" {
            // Without a dialect there was no answer either, and it is the end of that.
            self.dialect.get_or_insert_with(openai_chat::begin).end(true, out);
            return;
        }
        let is_error = event.event == "error";
        let Ok(data) = Value::parse(text) else {
            if is_error {
                out.push(StreamEvent::Error(Written::text(text).into_stream_error()));
            } else if event.event == "message" {
                out.push(unreadable("The chat endpoint sent malformed JSON"));
            }
            // Other names are addressed to other listeners: `event: ping` and the like need not be JSON.
            return;
        };
        if is_error || !data["error"].is_null() {
            out.push(StreamEvent::Error(Written::read(&data).unwrap_or_default().into_stream_error()));
            return;
        }
        if self.dialect.is_none() {
            self.dialect = DIALECTS.iter().find(|(matches, _)| matches(&data)).map(|(_, begin)| begin());
        }
        match &mut self.dialect {
            Some(dialect) => dialect.read(&data, out),
            None => self.strange = true,
        }
    }
}
