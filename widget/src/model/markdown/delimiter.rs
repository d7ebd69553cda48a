//! Delimiter runs and what they emphasise (CommonMark, appendix "A parsing strategy", phase 2).

use std::rc::Rc;

use super::node::{Kind, Node};

/// How deep inlines nest. A delimiter beyond it is text.
pub(super) const DEEP: u8 = 32;

/// A piece of a text: a node, or a run of delimiters.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) node: Node,
    /// How deep `node` nests.
    pub(super) depth: u8,
    pub(super) run: Option<Run>,
}

/// A run of delimiters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    byte: u8,
    length: usize,
    /// How many are not used yet.
    left: usize,
    opens: bool,
    closes: bool,
    /// Whether it should show as an opener before its closer has come.
    likely: bool,
}

/// White space, other text, or punctuation and symbols.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Space,
    Other,
    Punctuation,
}

fn class(char: char) -> Class {
    match char {
        _ if char.is_whitespace() => Class::Space,
        _ if char.is_ascii_punctuation() => Class::Punctuation,
        // Instead of Unicode's tables, which weigh more than all of this: the blocks that are made of punctuation and
        // symbols, and the Latin-1 ones.
        '¡'..='©' | '«'..='±' | '´' | '¶'..='¸' | '»' | '¿' | '×' | '÷' => Class::Punctuation,
        '\u{2010}'..='\u{205E}' | '\u{20A0}'..='\u{20C0}' | '\u{2190}'..='\u{245F}' | '\u{2500}'..='\u{2775}' => {
            Class::Punctuation
        }
        '\u{2794}'..='\u{2BFF}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3020}' => Class::Punctuation,
        '\u{FE30}'..='\u{FE6B}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' => Class::Punctuation,
        '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}' | '\u{1F000}'..='\u{1FAFF}' => Class::Punctuation,
        _ => Class::Other,
    }
}

impl Run {
    /// The run of `byte` between two texts, the edges of which count as white space; `None` if it is text.
    pub(super) fn between(before: &str, byte: u8, length: usize, after: &str) -> Option<Self> {
        let last = before.chars().next_back().unwrap_or(' ');
        let (before, after) = (class(last), class(after.chars().next().unwrap_or(' ')));
        let left = after != Class::Space && (after != Class::Punctuation || before != Class::Other);
        let right = before != Class::Space && (before != Class::Punctuation || after != Class::Other);
        // `snake_case` is a word, and `5~10` a range.
        let (opens, closes) = if byte == b'_' || byte == b'~' && length == 1 {
            (left && (!right || before == Class::Punctuation), right && (!left || after == Class::Punctuation))
        } else {
            (left && (byte == b'*' || length == 2), right && (byte == b'*' || length == 2))
        };
        // `5*3` and `2**8` are sums, and `~5` is an estimate.
        let likely = match length {
            1 => byte != b'~' && !last.is_ascii_alphanumeric(),
            _ => !last.is_ascii_digit(),
        };
        (opens || closes).then_some(Self { byte, length, left: length, opens, closes, likely })
    }

    /// How many delimiters `self` and `closer` pair off; 0 if they don't match.
    fn pairs(&self, closer: &Self) -> usize {
        if self.byte != closer.byte {
            return 0;
        }
        if self.byte == b'~' {
            return if self.length == closer.length { self.length } else { 0 };
        }
        // The "rule of three".
        let both = self.closes || closer.opens;
        if both && (self.length + closer.length).is_multiple_of(3) && !self.length.is_multiple_of(3) {
            return 0;
        }
        self.left.min(closer.left).min(2)
    }
}

impl Piece {
    pub(super) fn of(node: Node, depth: u8) -> Self {
        Self { node, depth, run: None }
    }

    pub(super) fn of_run(run: Run) -> Self {
        Self { node: Node::new(Kind::Text), depth: 0, run: Some(run) }
    }
}

/// An open run.
struct Opener {
    /// Where it is among the pieces put out.
    at: usize,
    /// Which of the pieces it was.
    index: usize,
    /// How deep what stands between it and the next opener nests.
    depth: u8,
}

/// Pairs off delimiters.
#[derive(Default)]
struct Pairing {
    out: Vec<Piece>,
    openers: Vec<Opener>,
}

/// The nodes that `pieces` make, and how deep they nest. With `open` the text ends unfinished, and openers count as
/// closed there.
pub(super) fn paired(pieces: Vec<Piece>, open: bool) -> (Vec<Rc<Node>>, u8) {
    let mut pairing = Pairing::default();
    // Before which piece there is no opener for a closer of a kind: what was sought in vain is not sought again.
    let mut none = [0; 18];
    for (index, mut piece) in pieces.into_iter().enumerate() {
        if let Some(mut run) = piece.run {
            let kind = match run.byte {
                b'*' => 0,
                b'_' => 6,
                _ => 12,
            } + run.length % 3
                + if run.opens { 3 } else { 0 };
            while run.closes && run.left > 0 {
                if !pairing.close(&mut run, none[kind]) {
                    none[kind] = index;
                    break;
                }
            }
            piece.run = Some(run);
            if run.opens && run.left > 0 {
                pairing.openers.push(Opener { at: pairing.out.len(), index, depth: 0 });
            }
        }
        pairing.push(piece);
    }
    while open && !pairing.openers.is_empty() {
        pairing.close_last();
    }
    let depth = pairing.out.iter().map(|piece| piece.depth).max().unwrap_or(0);
    (nodes(pairing.out), depth)
}

impl Pairing {
    fn push(&mut self, piece: Piece) {
        if let Some(opener) = self.openers.last_mut() {
            opener.depth = opener.depth.max(piece.depth);
        }
        self.out.push(piece);
    }

    /// Pairs `closer` with the last opener that fits, none of which is before the piece `first`.
    fn close(&mut self, closer: &mut Run, first: usize) -> bool {
        let mut depth = 0;
        for nth in (0..self.openers.len()).rev() {
            let opener = &self.openers[nth];
            if opener.index < first {
                break;
            }
            depth = depth.max(opener.depth);
            let pairs = self.out[opener.at].run.map_or(0, |run| run.pairs(closer));
            if pairs > 0 {
                if depth >= DEEP {
                    break;
                }
                closer.left -= pairs;
                self.wrap(nth, pairs, depth + 1);
                return true;
            }
        }
        false
    }

    /// Wraps what stands behind an opener.
    fn wrap(&mut self, nth: usize, pairs: usize, depth: u8) {
        let at = self.openers[nth].at;
        let Some(Piece { run: Some(run), .. }) = self.out.get_mut(at) else { return };
        run.left -= pairs;
        let kind = match (run.byte, pairs) {
            (b'~', _) => Kind::Strike,
            (_, 1) => Kind::Emphasis,
            _ => Kind::Strong,
        };
        let used_up = run.left == 0;
        let mut node = Node::new(kind);
        node.children = nodes(self.out.split_off(at + 1));
        if used_up {
            self.out.pop();
        }
        self.openers.truncate(nth + usize::from(!used_up));
        self.push(Piece::of(node, depth));
    }

    /// Takes the last opener for closed here if it is likely one, else for text.
    fn close_last(&mut self) {
        let nth = self.openers.len() - 1;
        let Opener { at, depth, .. } = self.openers[nth];
        match self.out[at].run {
            Some(run) if run.likely && run.length < 4 && depth < DEEP => self.wrap(nth, run.left.min(2), depth + 1),
            _ => {
                self.openers.pop();
                if let Some(opener) = self.openers.last_mut() {
                    opener.depth = opener.depth.max(depth);
                }
            }
        }
    }
}

/// Pieces as nodes, with neighbouring texts as one. A run that is left is text.
fn nodes(pieces: Vec<Piece>) -> Vec<Rc<Node>> {
    let mut nodes = Vec::new();
    let mut text = String::new();
    for Piece { node, run, .. } in pieces {
        if matches!(node.kind, Kind::Text) {
            text.push_str(&node.text);
            if let Some(run) = run {
                for _ in 0..run.left {
                    text.push(char::from(run.byte));
                }
            }
        } else {
            flush(&mut nodes, &mut text);
            nodes.push(Rc::new(node));
        }
    }
    flush(&mut nodes, &mut text);
    nodes
}

fn flush(nodes: &mut Vec<Rc<Node>>, text: &mut String) {
    if !text.is_empty() {
        nodes.push(Rc::new(Node::of_text(std::mem::take(text))));
    }
}
