//! Markdown that arrives in pieces: pushed text becomes settled blocks, which never change again, and an open tail.
//!
//! CommonMark 0.31 with GitHub's tables, strikethrough, task lists and bare addresses; without raw HTML, which is text,
//! and without reference definitions, which are text too. A line break inside a paragraph, soft or hard, is a `'\n'`.
//!
//! A complete line changes the open blocks once (`block`), and the text of a block is read when the block closes
//! (`inline`). For display, the unfinished line and the open blocks are read ahead on a copy of the open blocks: what
//! began is shown as if it ended here, and a marker that is not decided yet is hidden.
//!
//! Total and linear: nesting is bounded, so that neither drop nor rendering can run out of stack, and each scan either
//! consumes what it reads or remembers that it failed.
//!
//! ```
//! use natter_widget::model::markdown::{Kind, Markdown};
//!
//! let mut markdown = Markdown::default();
//! markdown.push("# Hello\n\nThis is **bo");
//! assert_eq!(markdown.settled()[0].kind, Kind::Heading(1));
//! let paragraph = &markdown.tail()[0];
//! assert_eq!(paragraph.children[1].kind, Kind::Strong);
//! ```

mod autolink;
mod block;
mod delimiter;
mod entity;
mod inline;
mod line;
mod link;
mod marker;
mod node;
mod scan;
mod table;
mod unfinished;

use std::rc::Rc;

pub use node::{Align, Kind, Node};

use block::Blocks;
use scan::{after, cut};

/// An open text longer than this (bytes) is not read anew for each push.
const LONG: usize = 4096;

/// An open block of more lines than this is not shown anew for each push.
const TALL: usize = 1024;

/// A parser that text is pushed into.
#[derive(Debug, Default)]
pub struct Markdown {
    blocks: Blocks,
    /// The last line, without its end.
    pending: String,
    /// The text so far ended with a carriage return: a line feed that follows belongs to it.
    returned: bool,
    /// The last tail, and how much there was of it.
    shown: Vec<Rc<Node>>,
    extent: Extent,
}

/// How much there is.
#[derive(Debug, Default)]
struct Extent {
    settled: usize,
    /// Lines of the open block.
    lines: usize,
    /// Bytes of the open text.
    bytes: usize,
}

impl Extent {
    /// Whether `later` is more by so little, of so much, that it need not show yet.
    fn hardly_grew(&self, later: &Self) -> bool {
        let little = |then: usize, now: usize, least| then > least && now >= then && now - then <= then / 16;
        let long = self.lines <= TALL && little(self.bytes, later.bytes, LONG);
        self.settled == later.settled && (long || little(self.lines, later.lines, TALL))
    }
}

impl Markdown {
    /// Adds `text`, which may end anywhere, inside a marker too.
    pub fn push(&mut self, text: &str) {
        let mut from = 0;
        for (at, byte) in text.bytes().enumerate() {
            let returned = std::mem::replace(&mut self.returned, byte == b'\r');
            if byte == b'\n' && returned {
                from = at + 1;
            } else if byte == b'\n' || byte == b'\r' {
                self.pending.push_str(cut(text, from, at));
                from = at + 1;
                self.blocks.line(&self.pending, false);
                self.pending.clear();
            }
        }
        self.pending.push_str(after(text, from));
    }

    /// Nothing more comes: what is open is read literally and settles.
    pub fn finish(&mut self) {
        if !self.pending.is_empty() {
            self.blocks.line(&self.pending, false);
            self.pending.clear();
        }
        self.blocks.close_to(0, false);
        self.extent = Extent::default();
    }

    /// The blocks that never change again, in order.
    #[must_use]
    pub fn settled(&self) -> &[Rc<Node>] {
        &self.blocks.done
    }

    /// The open rest as it should show now; empty after [`Markdown::finish`].
    ///
    /// What is settled inside an open block (items of a list, rows of a table, lines of code) is the same `Rc` in every
    /// call. A text of more than 4 KiB and a block of more than 1024 lines show their growth in steps of a sixteenth, so
    /// that a stream costs no more than its length.
    pub fn tail(&mut self) -> Vec<Rc<Node>> {
        let extent = Extent {
            settled: self.blocks.done.len(),
            lines: self.blocks.lines,
            bytes: self.blocks.open_bytes() + self.pending.len(),
        };
        if self.extent.hardly_grew(&extent) {
            return self.shown.clone();
        }
        let mut ahead = self.blocks.ahead();
        if !self.pending.is_empty() && !ahead.line(&self.pending, true) {
            ahead = self.blocks.ahead();
        }
        ahead.close_to(0, true);
        self.shown.clone_from(&ahead.done);
        self.extent = extent;
        ahead.done
    }
}

/// The whole of `text`.
#[must_use]
pub fn parse(text: &str) -> Vec<Rc<Node>> {
    let mut markdown = Markdown::default();
    markdown.push(text);
    markdown.finish();
    markdown.blocks.done
}
