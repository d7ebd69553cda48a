//! The text of a block: escapes, references, code, links, emphasis.

use std::mem;
use std::rc::Rc;

use super::autolink;
use super::delimiter::{self, Piece, Run};
use super::entity;
use super::link::{self, Target};
use super::node::{Kind, Node};
use super::scan::{after, byte, cut, has, run};
use super::unfinished;

/// The nodes of `text`. With `open` more of it may come, and what is unfinished shows as if it were finished.
pub(super) fn parse(text: &str, open: bool) -> Vec<Rc<Node>> {
    let end = if open { unfinished::decided(text) } else { text.len() };
    let mut inline = Inline {
        source: cut(text, 0, end),
        at: 0,
        text: String::new(),
        pieces: Vec::new(),
        brackets: Vec::new(),
        dead: 0,
        unclosed: 0,
        open,
    };
    inline.read();
    delimiter::paired(inline.pieces, open).0
}

/// A `[` that may begin a link, or an image.
struct Bracket {
    /// Its piece.
    piece: usize,
    image: bool,
    /// Where in the source its label begins.
    from: usize,
    /// How deep what stands behind it nests.
    depth: u8,
}

struct Inline<'a> {
    source: &'a str,
    at: usize,
    /// Plain text that is no piece yet.
    text: String,
    pieces: Vec<Piece>,
    brackets: Vec<Bracket>,
    /// So many of the brackets, from the first, stand around a link and so cannot begin another.
    dead: usize,
    /// Bit n: no run of n backticks is ahead.
    unclosed: u32,
    open: bool,
}

impl<'a> Inline<'a> {
    fn read(&mut self) {
        while self.at < self.source.len() {
            let byte = self.next(0);
            match byte {
                b'\\' => self.escape(),
                b'`' => self.code(),
                b'*' | b'_' | b'~' => self.run(byte),
                b'[' => self.bracket(1),
                b'!' if self.next(1) == b'[' => self.bracket(2),
                b']' => self.close(),
                b'<' => self.pointed(),
                b'&' => self.reference(),
                b'h' | b'w' => self.web(),
                b'@' => self.mail(),
                b'\n' => self.break_line(),
                _ => {
                    let rest = self.rest().as_bytes();
                    self.plain(rest.iter().position(is_special).unwrap_or(rest.len()).max(1));
                }
            }
        }
        let line = self.source.bytes().rposition(|byte| byte == b'\n').unwrap_or(0);
        for bracket in &self.brackets {
            // A label that has begun on this line may still become one.
            if self.open && bracket.from > line {
                self.pieces[bracket.piece].node.text.clear();
            }
        }
        self.flush();
    }

    /// The byte `ahead` of the next one.
    fn next(&self, ahead: usize) -> u8 {
        byte(self.source, self.at + ahead)
    }

    /// What is ahead.
    fn rest(&self) -> &'a str {
        after(self.source, self.at)
    }

    /// Takes `bytes` bytes as they are.
    fn plain(&mut self, bytes: usize) {
        let end = self.at + bytes;
        self.text.push_str(cut(self.source, self.at, end));
        self.at = end;
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces.push(Piece::of(Node::of_text(mem::take(&mut self.text)), 0));
        }
    }

    fn push(&mut self, node: Node, depth: u8) {
        self.flush();
        if let Some(bracket) = self.brackets.last_mut() {
            bracket.depth = bracket.depth.max(depth);
        }
        self.pieces.push(Piece::of(node, depth));
    }

    /// A line's end, before which white space is none.
    fn break_line(&mut self) {
        let mut end = self.text.len();
        while end > 0 && matches!(byte(&self.text, end - 1), b' ' | b'\t') {
            end -= 1;
        }
        self.text.truncate(end);
        self.plain(1);
    }

    fn escape(&mut self) {
        let next = self.next(1);
        if next.is_ascii_punctuation() || next == b'\n' {
            self.at += 1;
        }
        self.plain(1);
    }

    fn reference(&mut self) {
        match entity::reference(self.rest()) {
            Some((char, length)) => {
                self.text.push(char);
                self.at += length;
            }
            None => self.plain(1),
        }
    }

    fn code(&mut self) {
        let rest = self.rest();
        let length = run(rest, b'`');
        // Runs of 32 and more are text: nobody writes them, and one bit each remembers what has no end.
        let bit = 1_u32.checked_shl(length as u32).unwrap_or(0);
        let content = after(rest, length);
        let end = if bit == 0 || self.unclosed & bit != 0 { None } else { closing(content, length) };
        let (content, next) = match end {
            Some(end) => (cut(content, 0, end), end + 2 * length),
            None if self.open && bit != 0 && !has(content, b'\n') => (content, rest.len()),
            None => {
                self.unclosed |= bit;
                return self.plain(length);
            }
        };
        let space = |byte: u8| matches!(byte, b' ' | b'\n');
        let last = content.len().wrapping_sub(1);
        let padded = space(byte(content, 0)) && space(byte(content, last)) && content.bytes().any(|byte| !space(byte));
        let content = if padded { cut(content, 1, last) } else { content };
        let mut code = String::new();
        for char in content.chars() {
            code.push(if char == '\n' { ' ' } else { char });
        }
        self.at += next;
        self.push(Node { kind: Kind::CodeSpan, text: code, children: Vec::new() }, 0);
    }

    fn run(&mut self, byte: u8) {
        let (before, rest) = (cut(self.source, 0, self.at), self.rest());
        let length = run(rest, byte);
        match Run::between(before, byte, length, after(rest, length)) {
            Some(run) => {
                self.flush();
                self.pieces.push(Piece::of_run(run));
                self.at += length;
            }
            None => self.plain(length),
        }
    }

    fn bracket(&mut self, length: usize) {
        self.flush();
        self.plain(length);
        self.brackets.push(Bracket { piece: self.pieces.len(), image: length == 2, from: self.at, depth: 0 });
        self.flush();
    }

    /// A `]`, which ends a label if a destination follows.
    fn close(&mut self) {
        let Some(Bracket { piece, image, depth, .. }) = self.brackets.pop() else { return self.plain(1) };
        let dead = self.brackets.len() < self.dead;
        self.dead = self.dead.min(self.brackets.len());
        let target = match link::target(self.source, self.at + 1) {
            _ if dead && !image || depth >= delimiter::DEEP => Target::None,
            target => target,
        };
        match target {
            Target::At(text, end) => {
                self.flush();
                let mut label = self.pieces.split_off(piece + 1);
                self.pieces.pop();
                for Piece { node, .. } in &mut label {
                    // An address by itself, which a label cannot be a link by.
                    if matches!(node.kind, Kind::Link) && !image {
                        *node = node.children.pop().map_or_else(|| Node::new(Kind::Text), Rc::unwrap_or_clone);
                    }
                }
                let (children, depth) = delimiter::paired(label, false);
                let kind = if image { Kind::Image } else { Kind::Link };
                self.push(Node { kind, text, children }, depth + 1);
                if !image {
                    self.dead = self.brackets.len();
                }
                self.at = end;
            }
            Target::Unfinished if self.open => {
                self.pieces[piece].node.text.clear();
                self.at = self.source.len();
            }
            _ => {
                if let Some(bracket) = self.brackets.last_mut() {
                    bracket.depth = bracket.depth.max(depth);
                }
                self.plain(1);
            }
        }
    }

    /// A link to `scheme` and its label, which ends `length` bytes ahead.
    fn address(&mut self, scheme: &str, label: String, length: usize) {
        let mut link = Node::new(Kind::Link);
        link.text.push_str(scheme);
        link.text.push_str(&label);
        link.children.push(Rc::new(Node::of_text(label)));
        self.at += length;
        self.push(link, 1);
    }

    fn pointed(&mut self) {
        let rest = self.rest();
        match autolink::pointed(rest) {
            Some((length, mail)) => {
                self.address(if mail { "mailto:" } else { "" }, cut(rest, 1, length - 1).to_owned(), length);
            }
            // It may become one.
            None if self.open && !rest.bytes().skip(1).any(|byte| matches!(byte, 0..=b' ' | b'<' | b'>')) => {
                self.at += 1
            }
            None => self.plain(1),
        }
    }

    fn web(&mut self) {
        let rest = self.rest();
        let label = !self.brackets.is_empty();
        let length = match byte(self.source, self.at.wrapping_sub(1)) {
            0 | b' ' | b'\t' | b'\n' | b'*' | b'_' | b'~' | b'(' => autolink::web(rest, label),
            b'[' if label => autolink::web(rest, label),
            _ => None,
        };
        match length {
            Some(length) => {
                let scheme = if byte(rest, 0) == b'w' { "http://" } else { "" };
                self.address(scheme, cut(rest, 0, length).to_owned(), length);
            }
            None => self.plain(1),
        }
    }

    fn mail(&mut self) {
        let rest = self.rest();
        match autolink::mail(&self.text, after(rest, 1)) {
            Some((local, domain)) => {
                let mut label = self.text.split_off(self.text.len() - local);
                label.push_str(cut(rest, 0, 1 + domain));
                self.address("mailto:", label, 1 + domain);
            }
            None => self.plain(1),
        }
    }
}

/// Whether something other than plain text may begin with `byte`.
fn is_special(byte: &u8) -> bool {
    matches!(byte, b'!' | b'&' | b'*' | b'<' | b'@' | b'[' | b'\\' | b']' | b'_' | b'`' | b'h' | b'w' | b'~' | b'\n')
}

/// Where the next run of exactly `length` backticks begins.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    loop {
        at += after(text, at).bytes().position(|byte| byte == b'`')?;
        let run = run(after(text, at), b'`');
        if run == length {
            return Some(at);
        }
        at += run;
    }
}
