//! A line, consumed from its start column by column.

use super::scan::{after, byte, trim_start};

/// What is left of a line. A tab reaches to the next multiple of four columns and may be consumed in part.
pub(super) struct Line<'a> {
    text: &'a str,
    at: usize,
    /// The column of `at`, from 0.
    column: usize,
    /// Columns left of a tab before `at`.
    spare: usize,
}

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, column: 0, spare: 0 }
    }

    /// What is left after white space.
    pub(super) fn rest(&self) -> &'a str {
        trim_start(after(self.text, self.at))
    }

    /// Columns of white space ahead.
    pub(super) fn indent(&self) -> usize {
        let mut column = self.column;
        for byte in after(self.text, self.at).bytes() {
            match byte {
                b' ' => column += 1,
                b'\t' => column += 4 - column % 4,
                _ => break,
            }
        }
        column - self.column + self.spare
    }

    /// Consumes up to `columns` of white space.
    pub(super) fn skip(&mut self, columns: usize) {
        for _ in 0..columns {
            if self.spare == 0 {
                self.spare = match byte(self.text, self.at) {
                    b' ' => 1,
                    b'\t' => 4 - self.column % 4,
                    _ => return,
                };
                self.at += 1;
                self.column += self.spare;
            }
            self.spare -= 1;
        }
    }

    /// Consumes the white space ahead and then `bytes` bytes of a marker.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.skip(usize::MAX);
        self.at += bytes;
        self.column += bytes;
    }

    /// What is left, as a line of code: with the rest of a tab as spaces.
    pub(super) fn code(&self) -> String {
        let mut code = String::new();
        for _ in 0..self.spare {
            code.push(' ');
        }
        code.push_str(after(self.text, self.at));
        code
    }
}
