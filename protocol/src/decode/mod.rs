//! Reply streams to [`StreamEvent`]s.
//!
//! A [`Decoder`] is a pure fold over the bytes of one response body, which may be split anywhere. What the body is follows
//! from the response's headers and the body's shape, never from configuration:
//!
//! | body | file |
//! |---|---|
//! | server-sent events: the AI SDK's UI message stream v1 | `ui_message.rs` |
//! | server-sent events: OpenAI's chat completion chunks and the many APIs like them | `openai_chat.rs` |
//! | one JSON answer | `json.rs` |
//! | text | `plain.rs` |
//!
//! To add a dialect of server-sent events, write its file and name it in `DIALECTS` of `event_stream.rs`.
//!
//! ```
//! use natter_protocol::decode::Decoder;
//! use natter_protocol::event::{FinishReason, StreamEvent};
//!
//! let mut decoder = Decoder::for_response(Some("text/plain; charset=utf-8"), |_| None);
//! assert_eq!(decoder.push(b"Hi"), [StreamEvent::TextDelta("Hi".into())]);
//! assert_eq!(decoder.finish(), [StreamEvent::Finish(FinishReason::Stop)]);
//! ```

mod event_stream;
mod json;
mod openai_chat;
mod plain;
mod shape;
mod ui_message;

use crate::event::{FinishReason, StreamError, StreamEvent, Usage};
use crate::json::Value;
use shape::Shape;

/// The longest JSON answer, in bytes; [`crate::sse::MAX_BYTES`] limits lines and events likewise.
const MAX_JSON: usize = crate::sse::MAX_BYTES;

/// Reads the body of one successful (2xx) response.
///
/// Exactly one [`StreamEvent::Finish`] or [`StreamEvent::Error`] is the last event it gives, whatever the bytes; an answer
/// may be empty, in which case no [`StreamEvent::TextDelta`] came before the `Finish`. [`StreamEvent::Start`] is given by
/// the dialects that have it.
///
/// The errors of its own making have the codes [`StreamError::TRUNCATED`] (the body ended before the reply) and
/// [`StreamError::UNREADABLE`] (a web page, a picture, malformed JSON, a line over 1 MiB …).
pub struct Decoder {
    body: Body,
    empty: bool,
    done: bool,
}

/// What is being read.
enum Body {
    /// Not known before the first bytes; the second field is what it is if they do not tell.
    Sniffing(Vec<u8>, Fallback),
    Events(event_stream::EventStream),
    Json(Vec<u8>),
    Text(plain::Text),
    Refused(String),
}

/// What a body is whose shape says nothing.
enum Fallback {
    Json,
    Text,
    Refused(String),
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("done", &self.done).finish_non_exhaustive()
    }
}

impl Decoder {
    /// A decoder for a response with this `Content-Type`; `header` looks up any other header by its lower-case name.
    ///
    /// Labels are often wrong where endpoints are made by hand, so that a body without a type, or labelled JSON or HTML,
    /// is taken for server-sent events or JSON if it begins like them.
    pub fn for_response(content_type: Option<&str>, header: impl Fn(&str) -> Option<String>) -> Self {
        let essence = content_type.and_then(|it| it.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
        let sniffing = |fallback| Body::Sniffing(Vec::new(), fallback);
        let body = if header("x-vercel-ai-ui-message-stream").is_some() {
            Body::Events(event_stream::EventStream::ui_message())
        } else {
            match essence.as_str() {
                "text/event-stream" => Body::Events(event_stream::EventStream::default()),
                "" => sniffing(Fallback::Text),
                "text/html" | "application/xhtml+xml" => sniffing(Fallback::Refused(instead_of_reply("a web page"))),
                "text/json" => sniffing(Fallback::Json),
                name if name == "application/json" || name.ends_with("+json") => sniffing(Fallback::Json),
                name if name.starts_with("text/") => Body::Text(plain::Text::default()),
                name => Body::Refused(instead_of_reply(name)),
            }
        };
        Self { body, empty: true, done: false }
    }

    /// Reads more of the body. After the reply's end it gives nothing.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<StreamEvent> {
        let mut out = Vec::new();
        if !self.done && !bytes.is_empty() {
            self.empty = false;
            self.body.push(bytes, &mut out);
            self.settle(&mut out);
        }
        out
    }

    /// The body has ended; to be called once, in good order or not. If the reply has not been ended yet, it is now: in a
    /// dialect that says how it ends, a body that did not is [`StreamError::truncated`]. A body of no bytes at all is an
    /// empty answer.
    pub fn finish(&mut self) -> Vec<StreamEvent> {
        let mut out = Vec::new();
        if !self.done {
            if self.empty {
                out.push(StreamEvent::Finish(FinishReason::Stop));
            } else {
                self.body.end(&mut out);
            }
            self.settle(&mut out);
        }
        out
    }

    /// Whether the reply's last event has been given; the rest of the body is ignored.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Whatever the dialects do, there is one end and nothing after it.
    fn settle(&mut self, out: &mut Vec<StreamEvent>) {
        if let Some(last) = out.iter().position(|it| matches!(it, StreamEvent::Finish(_) | StreamEvent::Error(_))) {
            out.truncate(last + 1);
            self.done = true;
            self.body = Body::Json(Vec::new());
        }
    }
}

impl Body {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<StreamEvent>) {
        match self {
            Self::Sniffing(seen, _) => {
                seen.extend_from_slice(bytes);
                if let Some(shape) = shape::of(seen) {
                    self.decide(shape, out);
                }
            }
            Self::Events(events) => events.push(bytes, out),
            Self::Json(json) if json.len() + bytes.len() > MAX_JSON => out.push(too_long()),
            Self::Json(json) => json.extend_from_slice(bytes),
            Self::Text(text) => text.push(bytes, out),
            Self::Refused(message) => out.push(unreadable(message)),
        }
    }

    fn end(&mut self, out: &mut Vec<StreamEvent>) {
        match self {
            Self::Sniffing(..) => {
                self.decide(Shape::Other, out);
                self.end(out);
            }
            Self::Events(events) => events.end(out),
            Self::Json(json) => json::read(json, out),
            Self::Text(text) => text.end(out),
            Self::Refused(message) => out.push(unreadable(message)),
        }
    }

    /// The shape is known: from here on it is read as such.
    fn decide(&mut self, shape: Shape, out: &mut Vec<StreamEvent>) {
        let sniffed = std::mem::replace(self, Self::Json(Vec::new()));
        let Self::Sniffing(seen, fallback) = sniffed else { return };
        *self = match (shape, fallback) {
            (Shape::Events, _) => Self::Events(event_stream::EventStream::default()),
            (Shape::Json, _) | (Shape::Other, Fallback::Json) => Self::Json(Vec::new()),
            (Shape::Other, Fallback::Text) => Self::Text(plain::Text::default()),
            (Shape::Other, Fallback::Refused(message)) => Self::Refused(message),
        };
        self.push(&seen, out);
    }
}

fn unreadable(message: &str) -> StreamEvent {
    StreamEvent::Error(StreamError::unreadable(message))
}

fn too_long() -> StreamEvent {
    unreadable("The chat endpoint sent more at once than can be read")
}

fn unknown_format() -> StreamEvent {
    unreadable("The chat endpoint answered in a format that cannot be read")
}

fn instead_of_reply(what: &str) -> String {
    // A media type is short (RFC 6838, 4.2, allows 127 characters a side); a longer one is not worth showing.
    let what = if what.len() > 100 { "something else" } else { what };
    ["The chat endpoint answered with ", what, " instead of a reply"].concat()
}

/// A text, or the texts of a list of parts (`[{"type": "text", "text": "…"}]`), as several APIs have `content`.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => Some(parts.iter().filter_map(|part| part["text"].as_str()).collect()),
        _ => None,
    }
}

fn add_text(value: &Value, wrap: fn(String) -> StreamEvent, out: &mut Vec<StreamEvent>) {
    out.extend(text_of(value).filter(|text| !text.is_empty()).map(wrap));
}

/// Token counts under the names of any of the known APIs.
fn usage(value: &Value) -> Option<Usage> {
    let count = |names: [&str; 3]| names.iter().find_map(|name| value[*name].as_u64());
    let input = count(["input_tokens", "prompt_tokens", "inputTokens"]);
    let output = count(["output_tokens", "completion_tokens", "outputTokens"]);
    (input.is_some() || output.is_some())
        .then(|| Usage { input_tokens: input.unwrap_or(0), output_tokens: output.unwrap_or(0) })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_server_can_hold_one_across_awaits() {
        fn is_send_and_sync<T: Send + Sync>() {}
        is_send_and_sync::<super::Decoder>();
    }
}
