//! Reply streams to [`StreamEvent`]s.
//!
//! A [`Decoder`] is a pure fold over the bytes of one response body, which may be split anywhere. What the body is follows
//! from the response's headers and the body's shape, never from configuration:
//!
//! | body | file |
//! |---|---|
//! | server-sent events (`event_stream.rs`) or a line each (`json_lines.rs`): the AI SDK's UI message stream v1 | `ui_message.rs` |
//! | … OpenAI's chat completion chunks and the many APIs like them | `openai_chat.rs` |
//! | … OpenAI's Responses API | `openai_responses.rs` |
//! | … Anthropic's Messages API | `anthropic.rs` |
//! | … Ollama | `ollama.rs` |
//! | … n8n | `n8n.rs` |
//! | … objects of no known API that have an answer in them | `answer.rs` |
//! | lines of a code and JSON: the AI SDK 4's data stream | `data_stream.rs` |
//! | one JSON document, of any of these APIs or of none | `json.rs` |
//! | text | `plain.rs` |
//!
//! Nonsense in the middle of a stream, such as malformed JSON in one event, is passed over and told of as
//! [`StreamEvent::Skipped`]; the reply goes on, since a visitor is better off with the rest of the answer. A stream that has
//! nothing else in it is [`StreamError::UNREADABLE`] at its end.
//!
//! To add a dialect, write its file and name it in `dialect.rs`.
//!
//! ```
//! use natter_protocol::decode::Decoder;
//! use natter_protocol::event::{FinishReason, StreamEvent};
//!
//! let mut decoder = Decoder::for_response(Some("text/plain; charset=utf-8"), |_| None);
//! assert_eq!(decoder.push(b"Hi"), [StreamEvent::TextDelta("Hi".into())]);
//! assert_eq!(decoder.finish(), [StreamEvent::Finish(FinishReason::Stop)]);
//! ```

mod answer;
mod anthropic;
mod data_stream;
mod dialect;
mod event_stream;
mod json;
mod json_lines;
mod n8n;
mod ollama;
mod openai_chat;
mod openai_responses;
mod plain;
mod reply;
mod shape;
mod ui_message;

use crate::event::{FinishReason, StreamError, StreamEvent};
use crate::sse::{Lines, Parser};
use dialect::Dialect;
use reply::Reply;
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
    reply: Reply,
    empty: bool,
    done: bool,
    resumable: bool,
}

/// How what is being read is written.
enum Body {
    /// Not known before the first bytes; the second field is what it is if they do not tell.
    Sniffing(Vec<u8>, Fallback),
    Events(Parser),
    Lines(Lines),
    Json(Vec<u8>),
    Text(plain::Text),
    Refused(String),
}

/// What a body is whose shape says nothing.
enum Fallback {
    Json,
    Text,
    /// It said that it is text, so that events and JSON in it are an answer about events and JSON; only lines of a dialect
    /// are not.
    Plain,
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
    /// is taken for server-sent events or JSON if it begins like them; and one labelled text or JSON for lines of JSON if
    /// the first is a dialect's.
    pub fn for_response(content_type: Option<&str>, header: impl Fn(&str) -> Option<String>) -> Self {
        let essence = content_type.and_then(|it| it.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
        let sniffing = |fallback| Body::Sniffing(Vec::new(), fallback);
        let mut reply = Reply::default();
        let body = if header("x-vercel-ai-ui-message-stream").is_some() {
            reply.dialect = Some(Dialect::UiMessage);
            Body::Events(Parser::new())
        } else if header("x-vercel-ai-data-stream").is_some() {
            reply.dialect = Some(Dialect::DataStream);
            Body::Lines(Lines::default())
        } else {
            match essence.as_str() {
                "text/event-stream" => Body::Events(Parser::new()),
                "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
                    Body::Lines(Lines::default())
                }
                "" => sniffing(Fallback::Text),
                "text/html" | "application/xhtml+xml" => sniffing(Fallback::Refused(instead_of_reply("a web page"))),
                "text/json" => sniffing(Fallback::Json),
                name if name == "application/json" || name.ends_with("+json") => sniffing(Fallback::Json),
                name if name.starts_with("text/") => sniffing(Fallback::Plain),
                name => Body::Refused(instead_of_reply(name)),
            }
        };
        Self { body, reply, empty: true, done: false, resumable: false }
    }

    /// Reads more of the body. After the reply's end it gives nothing.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<StreamEvent> {
        if !self.done && !bytes.is_empty() {
            self.empty = false;
            self.body.push(bytes, &mut self.reply);
            self.resumable = matches!(&self.body, Body::Events(parser) if parser.has_id());
        }
        self.settle()
    }

    /// The body has ended; to be called once, in good order or not. If the reply has not been ended yet, it is now: in a
    /// dialect that says how it ends, a body that did not is [`StreamError::truncated`]. A body of no bytes at all is an
    /// empty answer.
    pub fn finish(&mut self) -> Vec<StreamEvent> {
        if !self.done {
            if self.empty {
                self.reply.close(FinishReason::Stop);
            } else {
                self.body.end(&mut self.reply);
            }
        }
        self.settle()
    }

    /// Whether the reply's last event has been given; the rest of the body is ignored.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Whether the events of the reply have ids so far, so that its endpoint can say it once more from any of them.
    #[must_use]
    pub fn is_resumable(&self) -> bool {
        self.resumable
    }

    /// Whatever the dialects do, there is one end and nothing after it.
    fn settle(&mut self) -> Vec<StreamEvent> {
        let mut out = std::mem::take(&mut self.reply.out);
        if let Some(last) = out.iter().position(|it| matches!(it, StreamEvent::Finish(_) | StreamEvent::Error(_))) {
            out.truncate(last + 1);
            self.done = true;
            self.body = Body::Json(Vec::new());
        }
        out
    }
}

impl Body {
    fn push(&mut self, bytes: &[u8], reply: &mut Reply) {
        match self {
            Self::Sniffing(seen, _) => {
                seen.extend_from_slice(bytes);
                // A long first line is looked at when it may be whole, so that it is not looked at again and again.
                let may_tell = seen.len() < shape::MAX_BLANK * 2
                    || seen.len() > shape::MAX_LINE
                    || bytes.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
                if may_tell && let Some(shape) = shape::of(seen) {
                    self.decide(shape, reply);
                }
            }
            Self::Events(parser) => event_stream::push(parser, bytes, reply),
            Self::Lines(lines) => json_lines::push(lines, bytes, reply),
            Self::Json(json) if json.len() + bytes.len() > MAX_JSON => reply.out.push(too_long()),
            Self::Json(json) => json.extend_from_slice(bytes),
            Self::Text(text) => text.push(bytes, &mut reply.out),
            Self::Refused(message) => reply.out.push(unreadable(message)),
        }
    }

    fn end(&mut self, reply: &mut Reply) {
        match self {
            Self::Sniffing(seen, _) => {
                let line = [&seen[..], b"\n"].concat();
                self.decide(shape::of(&line).unwrap_or(Shape::Other), reply);
                self.end(reply);
            }
            // What the stream leaves incomplete is discarded, as the standard has it.
            Self::Events(_) => reply.end(None),
            Self::Lines(lines) => json_lines::end(lines, reply),
            Self::Json(json) => json::read(json, reply),
            Self::Text(text) => text.end(&mut reply.out),
            Self::Refused(message) => reply.out.push(unreadable(message)),
        }
    }

    /// The shape is known: from here on it is read as such.
    fn decide(&mut self, shape: Shape, reply: &mut Reply) {
        let sniffed = std::mem::replace(self, Self::Json(Vec::new()));
        let Self::Sniffing(seen, fallback) = sniffed else { return };
        *self = match (shape, fallback) {
            (Shape::Lines(dialect), _) => {
                reply.dialect = Some(dialect);
                Self::Lines(Lines::default())
            }
            (_, Fallback::Plain) | (Shape::Other, Fallback::Text) => Self::Text(plain::Text::default()),
            (Shape::Events, _) => Self::Events(Parser::new()),
            (Shape::Json, _) | (_, Fallback::Json) => Self::Json(Vec::new()),
            (_, Fallback::Refused(message)) => Self::Refused(message),
        };
        self.push(&seen, reply);
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

#[cfg(test)]
mod tests {
    #[test]
    fn a_server_can_hold_one_across_awaits() {
        fn is_send_and_sync<T: Send + Sync>() {}
        is_send_and_sync::<super::Decoder>();
    }
}
