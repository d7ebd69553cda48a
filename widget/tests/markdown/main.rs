//! The Markdown parser: against the specification's examples, against pulldown-cmark, against itself in pieces.
#![cfg(not(target_arch = "wasm32"))]
// Helpers outside of test functions.
#![allow(clippy::unwrap_used)]

mod github;
mod known;
#[cfg(target_os = "linux")]
mod linear;
mod pieces;
mod spec;
mod streams;
mod tree;

use std::rc::Rc;

use natter_widget::model::markdown::{Kind, Node};

/// What a visitor reads.
fn visible(nodes: &[Rc<Node>]) -> String {
    let mut text = String::new();
    for node in nodes {
        if matches!(node.kind, Kind::Text | Kind::CodeSpan) {
            text.push_str(&node.text);
        }
        text.push_str(&visible(&node.children));
    }
    text
}
