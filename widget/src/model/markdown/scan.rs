//! Looking at text without a panic, each in one place: the checks of a slice, compiled in at every use, are what a
//! parser weighs most by.

/// The byte at `at`, 0 behind the end.
#[inline(never)]
pub(super) fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or_default()
}

/// The text from `from` to `to`; empty if these are not places between characters.
#[inline(never)]
pub(super) fn cut(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// The text from `from` on.
pub(super) fn after(text: &str, from: usize) -> &str {
    cut(text, from, text.len())
}

/// How many of `byte` are at the start of `text`.
#[inline(never)]
pub(super) fn run(text: &str, byte: u8) -> usize {
    text.bytes().take_while(|other| *other == byte).count()
}

/// Whether `byte` is in `text`.
#[inline(never)]
pub(super) fn has(text: &str, byte: u8) -> bool {
    text.bytes().any(|other| other == byte)
}

/// `text` without white space at its start.
#[inline(never)]
pub(super) fn trim_start(text: &str) -> &str {
    text.trim_ascii_start()
}

/// `text` without white space at its end.
#[inline(never)]
pub(super) fn trim_end(text: &str) -> &str {
    text.trim_ascii_end()
}

/// Whether `text` is white space only.
pub(super) fn blank(text: &str) -> bool {
    trim_start(text).is_empty()
}
