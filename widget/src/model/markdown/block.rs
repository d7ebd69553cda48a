//! The open blocks, and what a line does to them (CommonMark, appendix "A parsing strategy", phase 1).

use std::rc::Rc;

use super::entity;
use super::inline;
use super::line::Line;
use super::marker;
use super::node::{Kind, Node};
use super::scan::{after, blank, byte, cut, has, run, trim_end, trim_start};
use super::table;

/// How many containers may be open. A mark beyond them is text.
const DEEP: usize = 48;

/// An open block.
#[derive(Debug, Clone)]
struct Frame {
    /// A paragraph's `text` is what its lines say, not read yet.
    node: Node,
    /// A list: what tells it from other lists. A fence: its byte.
    byte: u8,
    /// An item: columns its content is indented by. A fence: columns it is indented by.
    indent: usize,
    /// A fence: its length. 0: not a fence.
    fence: usize,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self { node: Node::new(kind), byte: 0, indent: 0, fence: 0 }
    }

    fn is_list(&self) -> bool {
        matches!(self.node.kind, Kind::List { .. })
    }
}

/// The blocks so far.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// The open ones, outermost first. At most one leaf, at the end.
    stack: Vec<Frame>,
    /// The closed ones at the top.
    pub(super) done: Vec<Rc<Node>>,
    /// The line before was blank, inside the quote that is this far down the stack (0: in none).
    gap: Option<usize>,
    /// Lines of the open block at the top.
    pub(super) lines: usize,
}

impl Blocks {
    /// A copy of what is open, to read ahead on.
    pub(super) fn ahead(&self) -> Self {
        Self { stack: self.stack.clone(), done: Vec::new(), gap: self.gap, lines: 0 }
    }

    /// Bytes of text that are not read yet.
    pub(super) fn open_bytes(&self) -> usize {
        self.stack.last().map_or(0, |frame| frame.node.text.len())
    }

    fn leaf(&self) -> Option<Kind> {
        let kind = self.stack.last()?.node.kind;
        matches!(kind, Kind::Paragraph | Kind::Code | Kind::Table).then_some(kind)
    }

    /// Takes a line without its end. With `open` the line is unfinished; false: nothing of it should show yet.
    pub(super) fn line(&mut self, text: &str, open: bool) -> bool {
        self.lines += 1;
        let mut line = Line::new(text);
        let (mut keep, quotes) = self.matching(&mut line);
        let leaf = self.leaf();
        // Whether the line is inside all that is open.
        let mut inside = keep + usize::from(leaf.is_some()) == self.stack.len();
        let empty = line.rest().is_empty();
        if empty && open {
            return false;
        }
        if inside && matches!(leaf, Some(Kind::Code)) {
            let fenced = self.fenced();
            if let Some(shows) = self.code(&mut line, open) {
                self.gap = (empty && !fenced).then_some(quotes);
                return shows;
            }
        }
        if empty {
            self.close_to(keep, false);
            self.gap = Some(quotes);
            return true;
        }
        // A paragraph goes on where nothing else begins, even where its container does not.
        let mut paragraph = matches!(leaf, Some(Kind::Paragraph));
        let shows = loop {
            let (rest, indent) = (line.rest(), line.indent());
            if rest.is_empty() {
                // Nothing after a new mark.
                break !open;
            }
            let interrupts = paragraph && inside;
            if indent > 3 {
                if paragraph {
                    self.text(&mut keep, rest, true, open);
                } else {
                    self.enter(&mut keep, Frame::new(Kind::Code));
                    self.code(&mut line, open);
                }
                break true;
            }
            if open && marker::undecided(rest, interrupts && has(self.last_line(), b'|')) {
                break false;
            }
            if interrupts && self.underlined(rest) || self.leaf_block(&mut keep, rest, indent, open) {
                break true;
            }
            if !self.container(&mut keep, &mut line, interrupts) {
                let goes_on = paragraph || inside && matches!(leaf, Some(Kind::Table));
                self.text(&mut keep, rest, goes_on, open);
                break true;
            }
            (paragraph, inside) = (false, false);
            if line.indent() < 4
                && let Some(ticked) = marker::task(line.rest())
                && self.task(ticked)
            {
                line.advance(3);
                self.text(&mut keep, line.rest(), false, open);
                break true;
            }
        };
        self.gap = None;
        shows
    }

    /// How many open containers the line is in, and the end of the innermost quote among them. Consumes their marks.
    fn matching(&self, line: &mut Line<'_>) -> (usize, usize) {
        let mut quotes = 0;
        for (at, frame) in self.stack.iter().enumerate() {
            match frame.node.kind {
                Kind::List { .. } => {}
                Kind::Quote if quote(line) => quotes = at + 1,
                // An item may begin with one blank line at most.
                Kind::Item { .. }
                    if line.indent() >= frame.indent && !line.rest().is_empty()
                        || line.rest().is_empty() && (at + 1 < self.stack.len() || !frame.node.children.is_empty()) =>
                {
                    line.skip(frame.indent);
                }
                _ => return (at, quotes),
            }
        }
        (self.stack.len(), quotes)
    }

    fn fenced(&self) -> bool {
        self.stack.last().is_some_and(|frame| frame.fence > 0)
    }

    /// A line inside the open block of code; `None` when the block ends before it.
    fn code(&mut self, line: &mut Line<'_>, open: bool) -> Option<bool> {
        let frame = self.stack.last_mut()?;
        let (rest, indent) = (line.rest(), line.indent());
        let run = run(rest, frame.byte);
        if frame.fence == 0 {
            if indent < 4 && !rest.is_empty() {
                return None;
            }
            line.skip(4);
        } else if run > 0 && indent < 4 && blank(after(rest, run)) && (open || run >= frame.fence) {
            if !open {
                self.close_to(self.stack.len() - 1, false);
            }
            return Some(!open);
        } else {
            line.skip(frame.indent);
        }
        let mut code = line.code();
        if !open {
            code.push('\n');
        }
        frame.node.children.push(Rc::new(Node::of_text(code)));
        Some(true)
    }

    /// Where a paragraph is open: whether the line makes it a heading, or its last line the head of a table.
    fn underlined(&mut self, rest: &str) -> bool {
        let row = table::head(self.last_line(), rest);
        let level = marker::underline(rest);
        let above = self.stack.len() - 1;
        let frame = &mut self.stack[above];
        if let Some(level) = level {
            frame.node.kind = Kind::Heading(level);
            self.close_to(above, false);
        } else if let Some(row) = row {
            match frame.node.text.bytes().rposition(|byte| byte == b'\n') {
                Some(end) => {
                    frame.node.text.truncate(end);
                    self.close_to(above, false);
                }
                None => {
                    self.stack.pop();
                }
            }
            let mut table = Frame::new(Kind::Table);
            table.node.children.push(row);
            self.stack.push(table);
        } else {
            return false;
        }
        true
    }

    /// The last line of the open paragraph.
    fn last_line(&self) -> &str {
        self.stack.last().map_or("", |frame| last_line(&frame.node.text))
    }

    /// Whether the line is a heading, a thematic break, or opens a fence.
    fn leaf_block(&mut self, keep: &mut usize, rest: &str, indent: usize, open: bool) -> bool {
        let mut frame = Frame::new(Kind::Rule);
        if let Some((level, content)) = marker::heading(rest) {
            frame.node.kind = Kind::Heading(level);
            frame.node.text.push_str(content);
        } else if let Some((byte, fence, info)) = marker::fence(rest) {
            let info = trim_start(info);
            let word = cut(info, 0, info.bytes().take_while(|byte| !byte.is_ascii_whitespace()).count());
            frame = Frame { byte, indent, fence, ..Frame::new(Kind::Code) };
            frame.node.text = entity::resolved(word);
        } else if !marker::rule(rest) {
            return false;
        }
        self.enter(keep, frame);
        if !self.fenced() {
            self.close_to(*keep, open);
        }
        true
    }

    /// Whether a quote or an item begins here. Consumes its mark.
    fn container(&mut self, keep: &mut usize, line: &mut Line<'_>, interrupts: bool) -> bool {
        if self.stack.len() >= DEEP {
            return false;
        }
        let indent = line.indent();
        if quote(line) {
            self.enter(keep, Frame::new(Kind::Quote));
        } else if let Some(bullet) = marker::bullet(line.rest(), interrupts) {
            line.advance(bullet.width);
            // Five columns are one, and indented code.
            let pad = if line.rest().is_empty() || line.indent() > 4 { 1 } else { line.indent() };
            line.skip(pad);
            if *keep == 0 || !self.stack[*keep - 1].is_list() || self.stack[*keep - 1].byte != bullet.byte {
                let list = Kind::List { start: bullet.start, tight: true };
                self.enter(keep, Frame { byte: bullet.byte, ..Frame::new(list) });
                *keep += 1;
            }
            let item = Frame::new(Kind::Item { checked: None });
            self.enter(keep, Frame { indent: indent + bullet.width + pad, ..item });
        } else {
            return false;
        }
        *keep += 1;
        true
    }

    /// Whether the innermost block is an item, which then is a task.
    fn task(&mut self, ticked: bool) -> bool {
        match self.stack.last_mut().map(|frame| &mut frame.node.kind) {
            Some(Kind::Item { checked }) => {
                *checked = Some(ticked);
                true
            }
            _ => false,
        }
    }

    /// A line of text, which `goes_on` in the open paragraph or table.
    fn text(&mut self, keep: &mut usize, rest: &str, goes_on: bool, open: bool) {
        if !goes_on {
            self.enter(keep, Frame::new(Kind::Paragraph));
        }
        let Some(Frame { node, .. }) = self.stack.last_mut() else { return };
        if matches!(node.kind, Kind::Table) {
            let row = table::row(&node.children[0], rest, open);
            node.children.push(row);
        } else {
            if goes_on {
                node.text.push('\n');
            }
            node.text.push_str(rest);
        }
    }

    /// Opens a block inside the first `keep` open ones. What else is open closes.
    fn enter(&mut self, keep: &mut usize, frame: Frame) {
        let item = matches!(frame.node.kind, Kind::Item { .. });
        if !item && *keep > 0 && self.stack[*keep - 1].is_list() {
            *keep -= 1;
        }
        self.close_to(*keep, false);
        // A blank line between two items, or between two blocks of one.
        if self.gap.take().is_some_and(|quotes| quotes <= *keep) {
            let list = keep.wrapping_sub(if item { 1 } else { 2 });
            if let Some(Kind::List { tight, .. }) = self.stack.get_mut(list).map(|frame| &mut frame.node.kind) {
                *tight = false;
            }
        }
        self.stack.push(frame);
    }

    /// Closes all but the first `keep` open blocks. With `open`, more may come, so what is unfinished is guessed.
    pub(super) fn close_to(&mut self, keep: usize, open: bool) {
        while self.stack.len() > keep {
            let Some(Frame { mut node, fence, .. }) = self.stack.pop() else { return };
            match node.kind {
                Kind::Paragraph if open && byte(last_line(&node.text), 0) == b'|' => {
                    let head = table::maybe_head(last_line(&node.text));
                    let above = node.text.len() - last_line(&node.text).len();
                    node.text.truncate(above);
                    if above > 0 {
                        node.children = inline::parse(trim_end(&node.text), false);
                        node.text.clear();
                        self.add(node);
                    }
                    node = Node::new(Kind::Table);
                    node.children.push(head);
                }
                Kind::Paragraph | Kind::Heading(_) => {
                    node.children = inline::parse(trim_end(&node.text), open);
                    node.text.clear();
                }
                // Blank lines at the end of indented code are none of it.
                Kind::Code if fence == 0 => {
                    while node.children.last().is_some_and(|line| blank(&line.text)) {
                        node.children.pop();
                    }
                }
                _ => {}
            }
            self.add(node);
        }
    }

    /// Adds a closed block to the innermost open one.
    fn add(&mut self, node: Node) {
        let siblings = match self.stack.last_mut() {
            Some(frame) => &mut frame.node.children,
            None => {
                self.lines = 0;
                &mut self.done
            }
        };
        siblings.push(Rc::new(node));
    }
}

fn last_line(text: &str) -> &str {
    after(text, text.bytes().rposition(|byte| byte == b'\n').map_or(0, |end| end + 1))
}

/// Consumes the mark of a quote, if it is next.
fn quote(line: &mut Line<'_>) -> bool {
    let quote = line.indent() < 4 && byte(line.rest(), 0) == b'>';
    if quote {
        line.advance(1);
        line.skip(1);
    }
    quote
}
