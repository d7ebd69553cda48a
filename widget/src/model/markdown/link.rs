//! What follows the label of a link: `(destination "title")`.

use super::entity;
use super::scan::{byte, cut};

/// What follows a label.
pub(super) enum Target {
    /// A destination, and where in the text it ends.
    At(String, usize),
    /// The text ends too early to tell.
    Unfinished,
    /// No destination.
    None,
}

/// How many parentheses a destination may nest; it also bounds how far a vain look reaches.
const DEEP: usize = 32;

/// Reads the destination whose parenthesis should be at `at`.
pub(super) fn target(text: &str, at: usize) -> Target {
    let mut scan = Scan { text, at };
    match scan.target() {
        Some(destination) => Target::At(entity::resolved(destination), scan.at),
        None if scan.at >= text.len() => Target::Unfinished,
        None => Target::None,
    }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    /// The next byte, 0 at the end.
    fn peek(&self) -> u8 {
        byte(self.text, self.at)
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek() == byte).then(|| self.at += 1)
    }

    /// Skips white space; whether there was any.
    fn space(&mut self) -> bool {
        let from = self.at;
        while matches!(self.peek(), b' ' | b'\t' | b'\n') {
            self.at += 1;
        }
        self.at > from
    }

    /// Skips a byte, or an escape.
    fn step(&mut self) {
        self.at += 1;
        if byte(self.text, self.at - 1) == b'\\' && self.peek().is_ascii_punctuation() {
            self.at += 1;
        }
    }

    fn target(&mut self) -> Option<&'a str> {
        self.eat(b'(')?;
        self.space();
        let destination = if self.peek() == b'<' { self.pointed()? } else { self.bare()? };
        if self.space() {
            self.title()?;
            self.space();
        }
        self.eat(b')')?;
        Some(destination)
    }

    fn pointed(&mut self) -> Option<&'a str> {
        self.at += 1;
        let from = self.at;
        while self.peek() != b'>' {
            if matches!(self.peek(), b'<' | b'\n') || self.at >= self.text.len() {
                return None;
            }
            self.step();
        }
        self.at += 1;
        Some(cut(self.text, from, self.at - 1))
    }

    fn bare(&mut self) -> Option<&'a str> {
        let (from, mut deep) = (self.at, 0);
        while self.at < self.text.len() {
            match self.peek() {
                b'(' if deep == DEEP => return None,
                b'(' => deep += 1,
                b')' if deep == 0 => break,
                b')' => deep -= 1,
                0..=b' ' | 127 => break,
                _ => {}
            }
            self.step();
        }
        (deep == 0).then_some(cut(self.text, from, self.at))
    }

    /// Skips a title, if there is one.
    fn title(&mut self) -> Option<()> {
        let open = self.peek();
        let close = match open {
            b'"' | b'\'' => open,
            b'(' => b')',
            _ => return Some(()),
        };
        self.at += 1;
        while self.peek() != close {
            if self.at >= self.text.len() || self.peek() == b'(' && open == b'(' {
                return None;
            }
            self.step();
        }
        self.at += 1;
        Some(())
    }
}
