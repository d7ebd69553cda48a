//! What a line can begin with. Every function takes the line without the white space at its start.

use super::scan::{after, blank, byte, cut, has, run, trim_end, trim_start};
use super::unfinished;

/// Whether white space or nothing comes first.
fn spaced(text: &str) -> bool {
    matches!(byte(text, 0), 0 | b' ' | b'\t')
}

/// The level and the content of an ATX heading.
pub(super) fn heading(text: &str) -> Option<(u8, &str)> {
    let level = run(text, b'#');
    let content = after(text, level);
    if !(1..=6).contains(&level) || !spaced(content) {
        return None;
    }
    let content = trim_end(trim_start(content));
    let mut end = content.len();
    while end > 0 && byte(content, end - 1) == b'#' {
        end -= 1;
    }
    // A closing sequence stands apart.
    let closed = end == 0 || matches!(byte(content, end - 1), b' ' | b'\t');
    Some((level as u8, if closed { trim_end(cut(content, 0, end)) } else { content }))
}

/// The level of a setext heading whose underline this is.
pub(super) fn underline(text: &str) -> Option<u8> {
    let level = match byte(text, 0) {
        b'=' => 1,
        b'-' => 2,
        _ => return None,
    };
    blank(after(text, run(text, byte(text, 0)))).then_some(level)
}

/// The byte, the length and the info string of a fence.
pub(super) fn fence(text: &str) -> Option<(u8, usize, &str)> {
    let byte = byte(text, 0);
    let length = run(text, byte);
    if length < 3 || !matches!(byte, b'`' | b'~') {
        return None;
    }
    let info = after(text, length);
    (byte == b'~' || !has(info, b'`')).then_some((byte, length, info))
}

/// Whether it is made of the first byte and white space only.
fn only_first(text: &str) -> bool {
    let mut bytes = text.bytes();
    let first = bytes.next();
    bytes.all(|byte| Some(byte) == first || byte == b' ' || byte == b'\t')
}

/// Whether it is a thematic break.
pub(super) fn rule(text: &str) -> bool {
    let byte = byte(text, 0);
    matches!(byte, b'*' | b'-' | b'_') && only_first(text) && text.bytes().filter(|other| *other == byte).count() > 2
}

/// The mark of a list item.
pub(super) struct Bullet {
    /// What tells lists apart: the bullet, or what follows the number.
    pub(super) byte: u8,
    /// The number.
    pub(super) start: Option<u32>,
    /// Bytes of the mark.
    pub(super) width: usize,
}

/// The mark of a list item; one that interrupts a paragraph (`interrupts`) must have content, and begin with 1.
pub(super) fn bullet(text: &str, interrupts: bool) -> Option<Bullet> {
    let mut start = None;
    let mut width = 0;
    let byte = loop {
        let byte = byte(text, width);
        width += 1;
        match byte {
            b'0'..=b'9' if width < 10 => start = Some(start.unwrap_or(0) * 10 + u32::from(byte - b'0')),
            b'-' | b'+' | b'*' if width == 1 => break byte,
            b'.' | b')' if width > 1 => break byte,
            _ => return None,
        }
    };
    let rest = after(text, width);
    let allowed = !interrupts || !blank(rest) && start.unwrap_or(1) == 1;
    (spaced(rest) && allowed).then_some(Bullet { byte, start, width })
}

/// The box of a task: whether it is ticked.
pub(super) fn task(text: &str) -> Option<bool> {
    let checked = match text.as_bytes() {
        [b'[', b' ', b']', ..] => false,
        [b'[', b'x' | b'X', b']', ..] => true,
        _ => return None,
    };
    (spaced(after(text, 3)) && !blank(after(text, 3))).then_some(checked)
}

/// Whether an unfinished line could still become a marker and nothing else. `table`: a table's head may stand above.
pub(super) fn undecided(text: &str, table: bool) -> bool {
    let text = trim_end(text);
    let bytes = text.as_bytes();
    if table && bytes.iter().all(|byte| matches!(byte, b'|' | b':' | b'-' | b' ' | b'\t')) {
        return true;
    }
    if unfinished::decided(text) == 0 {
        return true;
    }
    match bytes.first() {
        Some(b'`' | b'~') => fence(text).is_some(),
        Some(b'#' | b'-' | b'+' | b'*' | b'_' | b'=' | b'|') => only_first(text),
        Some(b'0'..=b'9') => bytes.iter().rev().skip_while(|byte| matches!(byte, b'.' | b')')).all(u8::is_ascii_digit),
        Some(b'[') => bytes.len() < 4 && matches!(bytes.get(1), None | Some(b' ' | b'x' | b'X')),
        _ => false,
    }
}
