//! What a body is, judged by how it begins.

/// The shapes that can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Server-sent events: a field or a comment.
    Events,
    /// A JSON object.
    Json,
    /// Anything else.
    Other,
}

/// How much white space may come first.
const MAX_BLANK: usize = 1024;

/// The shape of what begins with `bytes`; `None` while more is needed to say.
pub(super) fn of(bytes: &[u8]) -> Option<Shape> {
    const BOM: &[u8] = b"\xEF\xBB\xBF";
    if BOM.starts_with(bytes) {
        return None;
    }
    let text = bytes.strip_prefix(BOM).unwrap_or(bytes).trim_ascii_start();
    match text.first() {
        None if bytes.len() < MAX_BLANK => None,
        None => Some(Shape::Other),
        Some(b'{') => Some(Shape::Json),
        Some(b':') => Some(Shape::Events),
        Some(_) => of_field(text),
    }
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
            ("{", Some(Shape::Json)),
            ("\u{feff} {", Some(Shape::Json)),
            (": OPENROUTER", Some(Shape::Events)),
            ("da", None),
            ("data", None),
            ("data:", Some(Shape::Events)),
            ("event: x", Some(Shape::Events)),
            ("id: 1", Some(Shape::Events)),
            ("retry: 1", Some(Shape::Events)),
            ("date", Some(Shape::Other)),
            ("Hello: {", Some(Shape::Other)),
            ("[1] see below", Some(Shape::Other)),
            ("ایران", Some(Shape::Other)),
        ] {
            assert_eq!(of(text.as_bytes()), expected, "{text:?}");
        }
        assert_eq!(of(b"\xEF\xBB"), None);
        assert_eq!(of(&[b' '; MAX_BLANK]), Some(Shape::Other));
    }
}
