//! Errors as endpoints of every kind write them, made fit to show.

use crate::event::StreamError;
use crate::json::{Value, decimal};

/// The most a message may have, in characters; the rest is cut off.
const MAX_MESSAGE: usize = 300;

/// What an answer with an error status says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorReading {
    /// What to show the visitor: what the endpoint wrote for people, or else a sentence for the status.
    pub message: String,
    /// The endpoint's code, or else `http_` and the status, as in `http_502`.
    pub code: String,
    /// Whether sending the same again may help.
    pub retryable: bool,
}

/// Reads the body of an answer whose status is not 2xx.
///
/// - Our own [`ErrorBody`](super::ErrorBody), `{"error": "text"}`, `{"error": {"message"}}`, `{"message": "text"}` and
///   `{"detail": "text"}` give their text, cut to 300 characters.
/// - Plain text is shown when it is that short; a longer one is a dump for programmers.
/// - HTML is never shown, and neither is anything else: a sentence for the status stands in.
///
/// `retryable` is the body's when it says so; otherwise 408, 429 and 5xx are, other statuses are not.
#[must_use]
pub fn read_error_body(status: u16, content_type: Option<&str>, body: &[u8]) -> ErrorReading {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let read = match text.as_bytes().first() {
        Some(b'{' | b'[' | b'"') => Value::parse(text).ok().and_then(|value| Written::read(&value)),
        None | Some(b'<') => None,
        Some(_) if is_plain(content_type) && text.chars().nth(MAX_MESSAGE).is_none() => Some(Written::text(text)),
        Some(_) => None,
    };
    let written = read.unwrap_or_default();
    ErrorReading {
        message: if written.message.is_empty() { sentence(status).into() } else { written.message },
        code: if written.code.is_empty() { "http_".to_owned() + &decimal(status.into()) } else { written.code },
        retryable: written.retryable.unwrap_or_else(|| may_pass(status)),
    }
}

fn is_plain(content_type: Option<&str>) -> bool {
    content_type.is_none_or(|name| name.trim_start().get(..10).is_some_and(|it| it.eq_ignore_ascii_case("text/plain")))
}

/// Whether the same request may succeed later, judged by the status alone.
fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..)
}

fn sentence(status: u16) -> &'static str {
    match status {
        404 => "The chat endpoint was not found (404).",
        405 => "The chat endpoint does not take messages (405).",
        413 => "Your message is too long.",
        429 => "Too many requests. Please try again later.",
        502..=504 => "AI service is busy. Please try again.",
        _ => "Failed to process your message",
    }
}

/// An error as a piece of JSON describes it; what it does not say is empty.
#[derive(Debug, Default)]
pub(crate) struct Written {
    message: String,
    code: String,
    retryable: Option<bool>,
}

impl Written {
    /// Reads `{"error": {…}}`, `{"error": "text"}`, or an object or text that is the error itself. `None` when it says
    /// nothing at all.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let inner = &value["error"];
        let fields = if inner.is_object() { inner } else { value };
        let message = ["message", "detail", "errorText", "content"].iter().find_map(|key| fields[*key].as_str());
        let message = inner.as_str().or(message).or(value.as_str()).unwrap_or_default();
        let name = fields["code"].as_str().or(fields["type"].as_str().filter(|name| *name != "error"));
        let code = match fields["code"].as_u64() {
            Some(number) => decimal(number),
            None => name.unwrap_or_default().to_owned(),
        };
        let retryable = fields["retryable"].as_bool();
        let says_something = !message.is_empty() || !code.is_empty() || retryable.is_some();
        says_something.then(|| Self { code, retryable, ..Self::text(message) })
    }

    /// An error of which there is only a text.
    pub(crate) fn text(text: &str) -> Self {
        let message = match text.char_indices().nth(MAX_MESSAGE) {
            Some((end, _)) => text[..end].to_owned() + "…",
            None => text.to_owned(),
        };
        Self { message, ..Self::default() }
    }

    /// The error as it ends a stream. A code that is a status (some gateways have it so) decides whether to try again.
    pub(crate) fn into_stream_error(self) -> StreamError {
        let status = self.code.parse().ok();
        StreamError {
            message: if self.message.is_empty() { sentence(status.unwrap_or(0)).into() } else { self.message },
            retryable: self.retryable.or(status.map(may_pass)).unwrap_or(true),
            code: self.code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorBody, ErrorCode};

    fn read(status: u16, content_type: &str, body: &str) -> (String, String, bool) {
        let reading = read_error_body(status, Some(content_type).filter(|it| !it.is_empty()), body.as_bytes());
        (reading.message, reading.code, reading.retryable)
    }

    fn is(message: &str, code: &str, retryable: bool) -> (String, String, bool) {
        (message.into(), code.into(), retryable)
    }

    #[test]
    fn our_own_body_says_everything() {
        for code in ErrorCode::ALL {
            let body = ErrorBody::new(*code, "Words");
            let json = serde_json::to_string(&body).unwrap();
            let name = serde_json::to_value(code).unwrap();
            let expected = is("Words", name.as_str().unwrap(), code.retryable());
            assert_eq!(read(code.status(), "application/json", &json), expected);
        }
    }

    #[test]
    fn foreign_json_in_its_many_shapes() {
        for (body, expected) in [
            (r#"{"error":"Too much"}"#, is("Too much", "http_400", false)),
            (r#"{"error":{"message":"No key","type":"auth","code":null}}"#, is("No key", "auth", false)),
            (r#"{"error":{"message":"Slow down","code":429}}"#, is("Slow down", "429", false)),
            (r#"{"message":"Nope","retryable":true}"#, is("Nope", "http_400", true)),
            (r#"{"detail":"Not authenticated"}"#, is("Not authenticated", "http_400", false)),
            (r#""just words""#, is("just words", "http_400", false)),
            (r#"{"error":{"code":"x"}}"#, is("Failed to process your message", "x", false)),
            (r#"{"error":null}"#, is("Failed to process your message", "http_400", false)),
            (r#"{"error":"cut o"#, is("Failed to process your message", "http_400", false)),
            ("[1,2]", is("Failed to process your message", "http_400", false)),
        ] {
            assert_eq!(read(400, "application/json", body), expected, "{body}");
            assert_eq!(read(400, "", body), expected, "{body} without a type");
        }
    }

    #[test]
    fn short_text_is_shown_and_pages_and_dumps_are_not() {
        let busy = is("AI service is busy. Please try again.", "http_502", true);
        assert_eq!(read(502, "text/plain; charset=utf-8", "Out of order\n"), is("Out of order", "http_502", true));
        assert_eq!(read(502, "", "Out of order"), is("Out of order", "http_502", true));
        assert_eq!(read(502, "text/html", "<html><h1>Bad Gateway</h1>"), busy);
        assert_eq!(read(502, "text/html", "Bad Gateway"), busy);
        assert_eq!(read(502, "text/plain", "<!doctype html><h1>Bad Gateway</h1>"), busy);
        assert_eq!(read(502, "text/plain", &"x".repeat(301)), busy);
        assert_eq!(read(502, "application/octet-stream", "\u{1}\u{2}"), busy);
        assert_eq!(read(502, "", ""), busy);
    }

    #[test]
    fn a_status_has_its_sentence_and_its_hope() {
        let by_status = |status| read(status, "", "");
        assert_eq!(by_status(404), is("The chat endpoint was not found (404).", "http_404", false));
        assert_eq!(by_status(429), is("Too many requests. Please try again later.", "http_429", true));
        assert_eq!(by_status(503), is("AI service is busy. Please try again.", "http_503", true));
        assert_eq!(by_status(500), is("Failed to process your message", "http_500", true));
        assert_eq!(by_status(408), is("Failed to process your message", "http_408", true));
        assert_eq!(by_status(401), is("Failed to process your message", "http_401", false));
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let body = format!(r#"{{"error":"{}"}}"#, "😀".repeat(400));
        let (message, ..) = read(400, "application/json", &body);
        assert_eq!(message, "😀".repeat(300) + "…");
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm() {
        let reading = read_error_body(500, Some("text/plain"), b"caf\xE9");
        assert_eq!(reading.message, "caf\u{fffd}");
    }
}
