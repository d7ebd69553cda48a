//! A tree of Markdown as text, the same from our parser and from pulldown-cmark: structure, text, destinations.

use std::rc::Rc;

use natter_widget::model::markdown::{Align, Kind, Node};
use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

/// What both trees are turned into before they are printed.
#[derive(Debug, Default)]
struct Tree {
    name: String,
    children: Vec<Tree>,
}

impl Tree {
    fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), children: Vec::new() }
    }

    fn text(text: &str) -> Self {
        Self::new(format!("{text:?}"))
    }

    fn is_text(&self) -> bool {
        self.name.starts_with('"')
    }

    fn print(&self, depth: usize, out: &mut String) {
        out.push_str(&"  ".repeat(depth));
        out.push_str(&self.name);
        out.push('\n');
        for child in &self.children {
            child.print(depth + 1, out);
        }
    }
}

fn print(trees: &[Tree]) -> String {
    let mut out = String::new();
    for tree in trees {
        tree.print(0, &mut out);
    }
    out
}

fn row(cells: Vec<Tree>) -> Tree {
    let mut row = Tree { name: "row".into(), children: cells };
    // A row may be shorter than the head.
    while row.children.last().is_some_and(|cell| cell.children.is_empty()) {
        row.children.pop();
    }
    row
}

fn list(start: Option<u64>, loose: bool, items: Vec<Tree>) -> Tree {
    let start = start.map_or("ul".to_owned(), |start| format!("ol {start}"));
    // Tightness shows in paragraphs only.
    let loose = loose && items.iter().any(|item| item.children.iter().any(|child| child.name == "p"));
    Tree { name: format!("{start}{}", if loose { " loose" } else { "" }), children: items }
}

/// The tree of our parser.
pub(crate) fn ours(nodes: &[Rc<Node>]) -> String {
    print(&nodes.iter().map(|node| of_node(node)).collect::<Vec<_>>())
}

fn of_node(node: &Node) -> Tree {
    let children: Vec<_> = node.children.iter().map(|node| of_node(node)).collect();
    let name = match node.kind {
        Kind::Text => return Tree::text(&node.text),
        Kind::Row => return row(children),
        Kind::List { start, tight } => return list(start.map(u64::from), !tight, children),
        Kind::Code => {
            let code: String = node.children.iter().map(|line| line.text.as_str()).collect();
            return Tree::new(format!("pre {:?} {code:?}", node.text));
        }
        Kind::Paragraph => "p".into(),
        Kind::Heading(level) => format!("h{level}"),
        Kind::Quote => "quote".into(),
        Kind::Rule => "hr".into(),
        Kind::Item { checked } => item(checked),
        Kind::Table => "table".into(),
        Kind::Cell(align) => format!("cell {align:?}"),
        Kind::CodeSpan => format!("code {:?}", node.text),
        Kind::Emphasis => "em".into(),
        Kind::Strong => "strong".into(),
        Kind::Strike => "strike".into(),
        Kind::Link => format!("link {:?}", node.text),
        Kind::Image => format!("image {:?}", node.text),
    };
    Tree { name, children }
}

fn item(checked: Option<bool>) -> String {
    checked.map_or("item".into(), |checked| format!("item {checked}"))
}

/// The tree of pulldown-cmark, and whether there are HTML or reference definitions in it.
pub(crate) fn theirs(text: &str) -> (String, bool) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let parser = Parser::new_ext(text, options);
    let mut foreign = parser.reference_definitions().iter().next().is_some();
    let mut stack = vec![Tree::default()];
    let mut aligns = Vec::new();
    for event in parser {
        match event {
            Event::Start(tag) => {
                if let Tag::Table(columns) = &tag {
                    aligns.clone_from(columns);
                }
                foreign |= matches!(tag, Tag::HtmlBlock);
                let column = stack.last().map_or(0, |tree| tree.children.len());
                stack.push(Tree::new(start(&tag, aligns.get(column).copied())));
            }
            Event::End(end) => {
                let tree = stack.pop().unwrap();
                let tree = finished(tree, end);
                stack.last_mut().unwrap().children.push(tree);
            }
            Event::Text(text) => add_text(&mut stack, &text),
            Event::SoftBreak | Event::HardBreak => add_text(&mut stack, "\n"),
            Event::Code(code) => stack.last_mut().unwrap().children.push(Tree::new(format!("code {:?}", &*code))),
            Event::Rule => stack.last_mut().unwrap().children.push(Tree::new("hr")),
            Event::TaskListMarker(checked) => {
                stack.iter_mut().rev().find(|tree| tree.name == "item").unwrap().name = item(Some(checked));
            }
            _ => foreign = true,
        }
    }
    (print(&merged(stack.pop().unwrap()).children), foreign)
}

/// Text keeps its raw form behind a mark until its neighbours are there.
const RAW: char = '\u{1}';

fn add_text(stack: &mut [Tree], text: &str) {
    stack.last_mut().unwrap().children.push(Tree::new(format!("{RAW}{text}")));
}

/// Neighbouring texts as one.
fn merged(tree: Tree) -> Tree {
    let mut children: Vec<Tree> = Vec::new();
    let mut text = String::new();
    for child in tree.children {
        if let Some(raw) = child.name.strip_prefix(RAW) {
            text.push_str(raw);
            continue;
        }
        if !text.is_empty() {
            children.push(Tree::text(&std::mem::take(&mut text)));
        }
        children.push(child);
    }
    if !text.is_empty() {
        children.push(Tree::text(&text));
    }
    Tree { name: tree.name, children }
}

fn start(tag: &Tag<'_>, align: Option<Alignment>) -> String {
    match tag {
        Tag::Paragraph => "p".into(),
        Tag::Heading { level, .. } => level.to_string(),
        Tag::BlockQuote(_) => "quote".into(),
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
            format!("pre {:?}", info.split_ascii_whitespace().next().unwrap_or(""))
        }
        Tag::CodeBlock(CodeBlockKind::Indented) => "pre \"\"".into(),
        Tag::List(start) => start.map_or("ul".into(), |start| start.to_string()),
        Tag::Item => "item".into(),
        Tag::Table(_) => "table".into(),
        Tag::TableHead | Tag::TableRow => "row".into(),
        Tag::TableCell => {
            let align = match align {
                Some(Alignment::Left) => Align::Left,
                Some(Alignment::Center) => Align::Center,
                Some(Alignment::Right) => Align::Right,
                _ => Align::None,
            };
            format!("cell {align:?}")
        }
        Tag::Emphasis => "em".into(),
        Tag::Strong => "strong".into(),
        Tag::Strikethrough => "strike".into(),
        Tag::Link { link_type: LinkType::Email, dest_url, .. } => format!("link {:?}", format!("mailto:{dest_url}")),
        Tag::Link { dest_url, .. } => format!("link {:?}", &**dest_url),
        Tag::Image { dest_url, .. } => format!("image {:?}", &**dest_url),
        _ => "foreign".into(),
    }
}

fn finished(tree: Tree, end: TagEnd) -> Tree {
    match end {
        TagEnd::CodeBlock => {
            let code: String = tree.children.iter().filter_map(|child| child.name.strip_prefix(RAW)).collect();
            Tree::new(format!("{} {code:?}", tree.name))
        }
        TagEnd::Item => tight_item(merged(tree)),
        TagEnd::List(ordered) => {
            let loose = tree.children.iter().any(|item| item.children.iter().any(|child| child.name == "p"));
            let items = tree.children.into_iter().map(unmarked).collect();
            list(ordered.then(|| tree.name.parse().unwrap()), loose, items)
        }
        TagEnd::TableHead | TagEnd::TableRow => row(tree.children),
        _ => merged(tree),
    }
}

/// The name of a paragraph that pulldown-cmark leaves out, until its list is finished.
const TIGHT: &str = "p tight";

/// Inlines right in an item are a paragraph in our tree.
fn tight_item(tree: Tree) -> Tree {
    let mut item = Tree::new(tree.name);
    for child in tree.children {
        let word = child.name.split(' ').next().unwrap();
        let inline = child.is_text() || matches!(word, "code" | "em" | "strong" | "strike" | "link" | "image");
        match item.children.last_mut() {
            Some(last) if inline && last.name == TIGHT => last.children.push(child),
            _ if inline => item.children.push(Tree { name: TIGHT.into(), children: vec![child] }),
            _ => item.children.push(child),
        }
    }
    item
}

fn unmarked(mut item: Tree) -> Tree {
    for child in &mut item.children {
        if child.name == TIGHT {
            child.name = "p".into();
        }
    }
    item
}
