//! [`StreamEvent`]s to the formats a server writes.
//!
//! An [`Encoder`] is a pure fold: events in, text to write out. It keeps each format's grammar whatever order the events
//! come in (a text part is opened before its first delta and closed before the end), and ends a reply exactly once.
//!
//! ```
//! use natter_protocol::encode::{Encoded, Encoder, Format};
//! use natter_protocol::event::{FinishReason, StreamEvent};
//!
//! let mut encoder = Encoder::new(Format::Ndjson, "msg-1", "gpt-4o-mini", 1_735_689_600);
//! let Encoded::More(text) = encoder.push(&StreamEvent::TextDelta("Hi".into())) else { panic!() };
//! assert_eq!(text, "{\"type\":\"begin\"}\n{\"type\":\"item\",\"content\":\"Hi\"}\n");
//! let end = encoder.push(&StreamEvent::Finish(FinishReason::Stop));
//! assert_eq!(end, Encoded::End("{\"type\":\"end\"}\n".into()));
//! ```

mod json;
mod ndjson;
mod openai;
mod text;
mod ui_message;

use serde::Serialize;

use crate::event::{StreamEvent, Usage};

/// The formats a reply can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// The AI SDK's UI message stream v1, as server-sent events.
    UiMessage,
    /// OpenAI's `chat.completion.chunk`s, as server-sent events.
    OpenAi,
    /// The answer's text and nothing else.
    Text,
    /// n8n's chunks, one JSON object per line: `{"type": "begin"|"item"|"end"|"error", "content"}`.
    Ndjson,
    /// One JSON object when the reply is complete: `{id, role, content, finish_reason, usage}`.
    Json,
}

impl Format {
    /// The format a query's `?format=` names: `ui-message` (or `ai-sdk`), `openai`, `text`, `ndjson` or `json`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "ui-message" | "ai-sdk" => Some(Self::UiMessage),
            "openai" => Some(Self::OpenAi),
            "text" => Some(Self::Text),
            "ndjson" => Some(Self::Ndjson),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The format an `Accept` header prefers: of the ranges with the highest weight, the first one listed decides
    /// (RFC 9110, 12.5.1). `text/plain` and `application/x-ndjson` have their own formats, all else gets
    /// [`Format::UiMessage`].
    #[must_use]
    pub fn from_accept(accept: &str) -> Self {
        let mut best = (0.0, Self::UiMessage);
        for range in accept.split(',') {
            let mut pieces = range.split(';').map(str::trim);
            let media_type = pieces.next().unwrap_or_default();
            let weight = pieces
                .filter_map(|piece| piece.strip_prefix("q=").or_else(|| piece.strip_prefix("Q=")))
                .find_map(|weight| weight.parse::<f32>().ok())
                .unwrap_or(1.0);
            if weight > best.0 {
                best = (weight, Self::from_media_type(media_type));
            }
        }
        best.1
    }

    fn from_media_type(media_type: &str) -> Self {
        if media_type.eq_ignore_ascii_case("text/plain") {
            Self::Text
        } else if media_type.eq_ignore_ascii_case("application/x-ndjson") {
            Self::Ndjson
        } else {
            Self::UiMessage
        }
    }

    /// The value of the `Content-Type` header.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::UiMessage | Self::OpenAi => "text/event-stream",
            Self::Text => "text/plain; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
            Self::Json => "application/json",
        }
    }

    /// Further headers, name and value, that tell a client which format it gets.
    #[must_use]
    pub const fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::UiMessage => &[("x-vercel-ai-ui-message-stream", "v1")],
            _ => &[],
        }
    }

    /// What may be written at any time between two events to keep a silent connection open: a comment where the
    /// format has one, else nothing.
    #[must_use]
    pub const fn heartbeat(self) -> &'static str {
        match self {
            Self::UiMessage | Self::OpenAi => ": \n\n",
            Self::Text | Self::Ndjson | Self::Json => "",
        }
    }
}

/// What to do after an event was given to an [`Encoder`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Encoded {
    /// Write this, which may be nothing, and go on.
    More(String),
    /// Write this, which may be nothing, and end the body in good order: the reply is over.
    End(String),
    /// The reply failed and the format has no words for it ([`Format::Text`], [`Format::Json`]).
    ///
    /// If the head has not gone out yet (with [`Format::Json`] it never has), answer with an error status; otherwise
    /// break the connection off, so that the client does not take what it has for the whole answer.
    Break,
}

/// Writes one reply in one [`Format`].
#[derive(Debug)]
pub struct Encoder {
    format: Format,
    reply: Reply,
    writer: Writer,
    over: Over,
}

/// What every writer may need to know about the reply.
#[derive(Debug)]
struct Reply {
    id: String,
    model: String,
    created: u64,
    usage: Option<Usage>,
}

#[derive(Debug)]
enum Writer {
    UiMessage(ui_message::UiMessage),
    OpenAi(openai::OpenAi),
    Text,
    Ndjson(ndjson::Ndjson),
    Json(json::Json),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Over {
    No,
    Ended,
    Broken,
}

impl Encoder {
    /// An encoder for one reply. `message_id` is what the reply is called, whatever id a [`StreamEvent::Start`] brings;
    /// `created_unix_seconds` and `model` go into the formats that name them.
    #[must_use]
    pub fn new(
        format: Format,
        message_id: impl Into<String>,
        model: impl Into<String>,
        created_unix_seconds: u64,
    ) -> Self {
        let reply = Reply { id: message_id.into(), model: model.into(), created: created_unix_seconds, usage: None };
        let writer = match format {
            Format::UiMessage => Writer::UiMessage(Default::default()),
            Format::OpenAi => Writer::OpenAi(Default::default()),
            Format::Text => Writer::Text,
            Format::Ndjson => Writer::Ndjson(Default::default()),
            Format::Json => Writer::Json(Default::default()),
        };
        Self { format, reply, writer, over: Over::No }
    }

    /// The format it writes.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Writes `event`. Events a format has no place for become nothing, and so does everything after the first
    /// [`StreamEvent::Finish`] or [`StreamEvent::Error`].
    pub fn push(&mut self, event: &StreamEvent) -> Encoded {
        match self.over {
            Over::No => {}
            Over::Ended => return Encoded::End(String::new()),
            Over::Broken => return Encoded::Break,
        }
        if let StreamEvent::Usage(usage) = event {
            self.reply.usage = Some(*usage);
            return Encoded::More(String::new());
        }
        let encoded = match &mut self.writer {
            Writer::UiMessage(writer) => writer.push(&self.reply, event),
            Writer::OpenAi(writer) => writer.push(&self.reply, event),
            Writer::Text => text::push(event),
            Writer::Ndjson(writer) => writer.push(event),
            Writer::Json(writer) => writer.push(&self.reply, event),
        };
        self.over = match encoded {
            Encoded::More(_) => Over::No,
            Encoded::End(_) => Over::Ended,
            Encoded::Break => Over::Broken,
        };
        encoded
    }

    /// See [`Format::heartbeat`].
    #[must_use]
    pub fn heartbeat(&self) -> &'static str {
        self.format.heartbeat()
    }
}

/// What ends the server-sent formats.
const DONE: &str = "data: [DONE]\n\n";

/// Appends one server-sent event whose data is `value`. JSON text has no line breaks of its own.
fn write_event(out: &mut String, value: &impl Serialize) {
    out.push_str("data: ");
    write_json(out, value);
    out.push_str("\n\n");
}

/// Appends `value` as JSON.
fn write_json(out: &mut String, value: &impl Serialize) {
    // Fails only for maps with keys that are no strings, and for `Serialize` impls that refuse; none here is either.
    out.push_str(&serde_json::to_string(value).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_names_every_format() {
        let names = ["ui-message", "ai-sdk", "openai", "text", "ndjson", "json", "xml", ""];
        let formats = names.map(Format::from_name);
        use Format::{Json, Ndjson, OpenAi, Text, UiMessage};
        let expected =
            [Some(UiMessage), Some(UiMessage), Some(OpenAi), Some(Text), Some(Ndjson), Some(Json), None, None];
        assert_eq!(formats, expected);
    }

    #[test]
    fn accept_picks_the_first_of_the_best() {
        for (accept, expected) in [
            ("", Format::UiMessage),
            ("*/*", Format::UiMessage),
            ("text/event-stream", Format::UiMessage),
            ("Text/Plain", Format::Text),
            ("text/plain; charset=utf-8", Format::Text),
            ("application/x-ndjson", Format::Ndjson),
            ("application/json, text/plain, */*", Format::UiMessage),
            ("text/plain, text/event-stream", Format::Text),
            ("text/plain;q=0.5, text/event-stream", Format::UiMessage),
            ("text/plain;q=0.5, application/x-ndjson;q=0.9", Format::Ndjson),
            ("text/plain;q=0", Format::UiMessage),
        ] {
            assert_eq!(Format::from_accept(accept), expected, "{accept}");
        }
    }
}
