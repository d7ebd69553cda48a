//! The tree.

use std::rc::Rc;

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// What it says, or where it leads; see [`Kind`]. Empty where the kind says nothing of it.
    pub text: String,
    /// What is in it, in order.
    pub children: Vec<Rc<Node>>,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A paragraph of inlines.
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A block quote.
    Quote,
    /// A thematic break.
    Rule,
    /// A list of items.
    List {
        /// The first number of an ordered list, at most nine digits.
        start: Option<u32>,
        /// No blank lines between its items. Items hold paragraphs either way.
        tight: bool,
    },
    /// An item of a list.
    Item {
        /// Whether the box of a task is ticked.
        checked: Option<bool>,
    },
    /// A block of code: `text` is its language (may be empty), the children are one `Text` for each line, with its
    /// `'\n'`.
    Code,
    /// A table of rows, of which the first is the head.
    Table,
    /// A row of cells: at most as many as the head has, possibly fewer.
    Row,
    /// A cell of inlines.
    Cell(Align),
    /// Text, in which `'\n'` is a line break.
    Text,
    /// Code within a text.
    CodeSpan,
    /// Emphasised.
    Emphasis,
    /// Strongly emphasised.
    Strong,
    /// Struck through.
    Strike,
    /// A link to `text`, an address nobody has judged yet. The children are its label.
    Link,
    /// An image at `text`. The children are its description.
    Image,
}

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// As the page has it.
    None,
    /// `:--`
    Left,
    /// `:-:`
    Center,
    /// `--:`
    Right,
}

impl Node {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, text: String::new(), children: Vec::new() }
    }

    pub(super) fn of_text(text: String) -> Self {
        Self { kind: Kind::Text, text, children: Vec::new() }
    }
}
