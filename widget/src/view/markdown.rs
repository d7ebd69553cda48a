//! Markdown as elements. Whatever an answer says, these are the only elements it can become.
//!
//! What an element holds is looked at in runs: the first run with the element, every other by a piece of its own, which
//! is not looked at again once it is full. So the cost of a frame does not grow with the answer.

use std::rc::Rc;

use natter_protocol::json::decimal;
use yew::{AttrValue, Html};

use super::element::{Element, el, list};
use super::header::tool;
use super::icon::Icon;
use super::piece::{Content, piece};
use crate::model::link::Link;
use crate::model::markdown::{Align, Kind, Node};
use crate::model::strings::Strings;

/// Blocks, list items or rows in a run.
const RUN: usize = 8;

/// Lines of code in a run.
const LINES: usize = 32;

/// The blocks of a message. Each run has an element of its own, so that the browser lays it out apart from the others.
pub fn message(nodes: &[Rc<Node>], strings: &'static Strings) -> Html {
    let draw = |(at, nodes): (usize, &[Rc<Node>])| match at {
        0 => run(nodes, strings).key("0").into(),
        _ => piece(Content::Run(nodes.to_vec()), strings, &decimal(at as u64)),
    };
    list(nodes.chunks(RUN).enumerate().map(draw).collect())
}

/// A run of a message's blocks.
pub fn run(nodes: &[Rc<Node>], strings: &'static Strings) -> Element {
    let mut run = el("div class=run");
    for (at, node) in nodes.iter().enumerate() {
        run = run.child(block(node, strings).set("dir", "auto").key(&decimal(at as u64)));
    }
    run
}

/// A run of what stands in a block.
pub fn inner_run(nodes: &[Rc<Node>], strings: &'static Strings) -> Vec<Html> {
    nodes.iter().enumerate().map(|(at, node)| block(node, strings).key(&decimal(at as u64)).into()).collect()
}

/// Lines of code.
pub fn lines(nodes: &[Rc<Node>]) -> Element {
    el("span class=lines").text(text_of(nodes))
}

/// What stands in a block.
fn inner(element: Element, nodes: &[Rc<Node>], strings: &'static Strings) -> Element {
    let (first, rest) = nodes.split_at(nodes.len().min(RUN));
    let mut children = inner_run(first, strings);
    for (at, nodes) in rest.chunks(RUN).enumerate() {
        children.push(piece(Content::InnerRun(nodes.to_vec()), strings, &["r", &decimal(at as u64)].concat()));
    }
    element.all(children)
}

fn block(node: &Node, strings: &'static Strings) -> Element {
    let nodes = node.children.as_slice();
    let element = match node.kind {
        Kind::Heading(level) => {
            return inline(el(["h3", "h4", "h5", "h6"][usize::from(level.clamp(1, 4)) - 1]), nodes, false);
        }
        Kind::Quote => el("blockquote"),
        Kind::Rule => el("hr"),
        Kind::List { start, tight } => match start {
            None => el("ul"),
            Some(start) => el("ol").set("start", decimal(start.into())),
        }
        .maybe("data-loose", (!tight).then_some("")),
        Kind::Item { checked: None } => el("li"),
        Kind::Item { checked: Some(done) } => el("li class=task").child(
            el("input type=checkbox disabled")
                .set("aria-label", text_of(&nodes[..nodes.len().min(1)]))
                .maybe("checked", done.then_some(""))
                .key("task"),
        ),
        Kind::Code => return code(node, strings),
        Kind::Table => {
            let (head, body) = nodes.split_at(nodes.len().min(1));
            let cells = head.iter().flat_map(|row| &row.children);
            let head = el("tr").all(cells.map(|node| cell("th", node).into()).collect());
            let table = el("table").child(el("thead").child(head)).child(inner(el("tbody"), body, strings));
            return el("div class=table tabindex=0").child(table);
        }
        Kind::Row => el("tr"),
        Kind::Cell(_) => return cell("td", node),
        _ => return inline(el("p"), nodes, false),
    };
    inner(element, nodes, strings)
}

fn cell(tag: &'static str, node: &Node) -> Element {
    let align = match node.kind {
        Kind::Cell(Align::Center) => Some("center"),
        Kind::Cell(Align::Right) => Some("right"),
        _ => None,
    };
    inline(el(tag).maybe("data-align", align), &node.children, false)
}

/// A code block: its language, a button to copy it, its lines.
fn code(node: &Node, strings: &'static Strings) -> Element {
    let draw = |(at, nodes): (usize, &[Rc<Node>])| match (at + 1) * LINES > node.children.len() {
        // Only the last run can still grow.
        true => lines(nodes).key(&decimal(at as u64)).into(),
        false => piece(Content::Lines(nodes.to_vec()), strings, &decimal(at as u64)),
    };
    let runs = node.children.chunks(LINES).enumerate().map(draw).collect();
    let copy = tool(strings.copy_code(), Icon::Copy).set("data-do", "copy-code");
    el("div class=code").child(el("div class=codebar").child(el("span").text(node.text.clone())).child(copy)).child(
        el("pre dir=ltr tabindex=0 role=group")
            .set("aria-label", strings.code_block())
            .child(el("code").set("data-language", node.text.clone()).all(runs)),
    )
}

/// Inline nodes inside `element`; there is no link in a link.
fn inline(mut element: Element, nodes: &[Rc<Node>], linked: bool) -> Element {
    for node in nodes {
        let nodes = node.children.as_slice();
        let child = match node.kind {
            Kind::CodeSpan => el("code").text(node.text.clone()),
            Kind::Emphasis => inline(el("em"), nodes, linked),
            Kind::Strong => inline(el("strong"), nodes, linked),
            Kind::Strike => inline(el("del"), nodes, linked),
            Kind::Link | Kind::Image if !linked => match link(&node.text) {
                Some(link) if node.kind == Kind::Link => inline(link, nodes, true),
                // An image tells its address to another site as soon as it shows, so it is a link.
                Some(link) => link.text(
                    Some(text_of(nodes)).filter(|alt| !alt.is_empty()).unwrap_or_else(|| node.text.clone().into()),
                ),
                None => inline(el("span"), nodes, true),
            },
            Kind::Link | Kind::Image => inline(el("span"), nodes, true),
            _ => {
                element = element.text(node.text.clone());
                continue;
            }
        };
        element = element.child(child);
    }
    element
}

/// A link, unless it must not be one.
fn link(destination: &str) -> Option<Element> {
    let link = el("a").set("rel", "noopener noreferrer").set("href", destination.to_owned());
    match Link::to(destination)? {
        Link::Inside => Some(link),
        Link::Outside => Some(link.set("target", "_blank")),
    }
}

/// The text of nodes without their structure.
fn text_of(nodes: &[Rc<Node>]) -> AttrValue {
    let mut text = String::new();
    collect(nodes, &mut text);
    text.into()
}

fn collect(nodes: &[Rc<Node>], text: &mut String) {
    for node in nodes {
        text.push_str(if matches!(node.kind, Kind::Link | Kind::Image) { "" } else { &node.text });
        collect(&node.children, text);
    }
}
