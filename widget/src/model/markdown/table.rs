//! Tables: a head, a delimiter row, rows.

use std::rc::Rc;

use super::inline;
use super::node::{Align, Kind, Node};
use super::scan::{after, byte, cut, has, run, trim_end, trim_start};

/// The cells of a row, as written. A pipe divides unless it is escaped; one at either end divides nothing.
pub(super) fn cells(row: &str) -> Vec<&str> {
    let row = trim(row);
    let row = after(row, usize::from(byte(row, 0) == b'|'));
    let (mut cells, mut from, mut escaped) = (Vec::new(), 0, false);
    for (at, byte) in row.bytes().enumerate() {
        if byte == b'|' && !escaped {
            cells.push(trim(cut(row, from, at)));
            from = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    if from < row.len() {
        cells.push(trim(after(row, from)));
    }
    cells
}

fn trim(text: &str) -> &str {
    trim_end(trim_start(text))
}

/// How the columns are aligned, if `row` is a delimiter row.
fn aligns(row: &str) -> Option<Vec<Align>> {
    let mut aligns = Vec::new();
    for cell in cells(row) {
        let left = byte(cell, 0) == b':';
        let dashes = after(cell, usize::from(left));
        let length = run(dashes, b'-');
        let right = byte(dashes, length) == b':';
        if length == 0 || length + usize::from(right) < dashes.len() {
            return None;
        }
        aligns.push(match (left, right) {
            (false, false) => Align::None,
            (true, false) => Align::Left,
            (true, true) => Align::Center,
            (false, true) => Align::Right,
        });
    }
    (!aligns.is_empty()).then_some(aligns)
}

/// The head of a table: `head` over the delimiter row `row`.
pub(super) fn head(head: &str, row: &str) -> Option<Rc<Node>> {
    let aligns = aligns(row)?;
    let cells = cells(head);
    (has(head, b'|') && cells.len() == aligns.len()).then(|| {
        let children = aligns.into_iter().zip(cells).map(|(align, text)| cell(align, text, false)).collect();
        Rc::new(Node { kind: Kind::Row, text: String::new(), children })
    })
}

/// A row below `head`. With `open`, more may come.
pub(super) fn row(head: &Node, row: &str, open: bool) -> Rc<Node> {
    let mut node = Node::new(Kind::Row);
    let cells = cells(row);
    for (column, text) in head.children.iter().zip(&cells) {
        let Kind::Cell(align) = column.kind else { break };
        let last = node.children.len() + 1 == cells.len();
        node.children.push(cell(align, text, open && last));
    }
    Rc::new(node)
}

/// What could be the head of a table, if a delimiter row follows.
pub(super) fn maybe_head(row: &str) -> Rc<Node> {
    let mut node = Node::new(Kind::Row);
    for text in cells(row) {
        node.children.push(cell(Align::None, text, true));
    }
    Rc::new(node)
}

fn cell(align: Align, text: &str, open: bool) -> Rc<Node> {
    let mut plain = String::new();
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte == b'|' {
            // Only escaped ones are left; in code they would keep the backslash.
            plain.push_str(cut(text, from, at - 1));
            from = at;
        }
    }
    plain.push_str(after(text, from));
    Rc::new(Node { kind: Kind::Cell(align), text: String::new(), children: inline::parse(&plain, open) })
}
