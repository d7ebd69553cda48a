//! What a body is, judged by how it begins.

use super::dialect::Dialect;
use crate::json::Value;

/// The shapes that can be told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) enum Shape {
    /// Server-sent events: a field or a comment.
    Events,
    /// Lines of JSON in this dialect.
    Lines(Dialect),
    /// A JSON object of no dialect, or of several lines, or a list of objects.
    Json,
    /// Anything else.
    Other,
}

/// How much white space may come first.
pub(super) const MAX_BLANK: usize = 1024;

/// The longest first line that is looked at.
pub(super) const MAX_LINE: usize = 64 * 1024;

/// The shape of what begins with `bytes`; `None` while more is needed to say.
pub(super) fn of(bytes: &[u8]) -> Option<Shape> {
    const BOM: &[u8] = b"\xEF\xBB\xBF";
    if BOM.starts_with(bytes) {
        return None;
    }
    let text = bytes.strip_prefix(BOM).unwrap_or(bytes).trim_ascii_start();
    if bytes.len() - text.len() >= MAX_BLANK {
        return Some(Shape::Other);
    }
    match text {
        [] => None,
        [b'{', ..] => of_line(text, 0),
        [b'['] => None,
        [b'[', b'{', ..] => Some(Shape::Json),
        [b':', ..] => Some(Shape::Events),
        [b'0'..=b'9' | b'a'..=b'k'] => None,
        [b'0'..=b'9' | b'a'..=b'k', b':'] => None,
        [b'0'..=b'9' | b'a'..=b'k', b':', b'"' | b'{' | b'[', ..] => of_line(text, 2),
        _ => of_field(text),
    }
}

/// The shape of what begins with a line whose JSON begins at `json`.
fn of_line(text: &[u8], json: usize) -> Option<Shape> {
    let other = if json == 0 { Shape::Json } else { Shape::Other };
    let Some(end) = text.iter().take(MAX_LINE).position(|byte| matches!(byte, b'\n' | b'\r')) else {
        return (text.len() >= MAX_LINE).then_some(other);
    };
    let line = str::from_utf8(&text[json..end]).ok().and_then(|line| Value::parse(line.trim_ascii()).ok());
    let dialect = match line {
        Some(_) if json > 0 => Some(Dialect::DataStream),
        line => line.and_then(|data| Dialect::of(&data)),
    };
    Some(dialect.map_or(other, Shape::Lines))
}

fn of_field(text: &[u8]) -> Option<Shape> {
    const FIELDS: [&[u8]; 4] = [b"data:", b"event:", b"id:", b"retry:"];
    if FIELDS.iter().any(|field| text.starts_with(field)) {
        Some(Shape::Events)
    } else if FIELDS.iter().any(|field| field.starts_with(text)) {
        None
    } else {
        Some(Shape::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        for (text, expected) in [
            ("", None),
            (" \r\n", None),
            ("{", None),
            ("{\"output\":\"a\"}", None),
            ("{\"output\":\"a\"}\n", Some(Shape::Json)),
            ("\u{feff} {\n", Some(Shape::Json)),
            ("{\"type\":\"begin\"}\r", Some(Shape::Lines(Dialect::N8n))),
            ("{\"model\":\"m\",\"done\":false}\n", Some(Shape::Lines(Dialect::Ollama))),
            ("0", None),
            ("0:", None),
            ("0:\"a", None),
            ("0:\"a\"\n", Some(Shape::Lines(Dialect::DataStream))),
            ("0:\"a\n", Some(Shape::Other)),
            ("f:{\"messageId\":\"m\"}\r\n", Some(Shape::Lines(Dialect::DataStream))),
            ("2: b", Some(Shape::Other)),
            ("10", Some(Shape::Other)),
            ("a b", Some(Shape::Other)),
            (": OPENROUTER", Some(Shape::Events)),
            ("da", None),
            ("data", None),
            ("data:", Some(Shape::Events)),
            ("event: x", Some(Shape::Events)),
            ("id: 1", Some(Shape::Events)),
            ("retry: 1", Some(Shape::Events)),
            ("date", Some(Shape::Other)),
            ("Hello: {", Some(Shape::Other)),
            ("[", None),
            ("[{", Some(Shape::Json)),
            ("[1] see below", Some(Shape::Other)),
            ("ایران", Some(Shape::Other)),
        ] {
            assert_eq!(of(text.as_bytes()), expected, "{text:?}");
        }
        assert_eq!(of(b"\xEF\xBB"), None);
        assert_eq!(of(&[b' '; MAX_BLANK]), Some(Shape::Other));
    }
}
