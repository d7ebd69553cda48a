//! Prints the launcher as a JSON tree, `["button", {"class": …}, [child, …]]`, for the loader to draw before the app
//! has loaded. The markup comes from the view itself, so that there is one source of it.

use natter_widget::model::strings::ENGLISH;
use natter_widget::view::launcher::launcher;
use serde_json::{Map, Value, json};
use yew::virtual_dom::VNode;
use yew::{Html, NodeRef};

fn main() {
    let tree = tree(&launcher(&ENGLISH, 0, &NodeRef::default()).into());
    match tree.as_slice() {
        [root] => println!("{root}"),
        roots => unreachable!("the launcher is one element, not {}", roots.len()),
    }
}

/// The nodes of `html`; a list gives its members.
fn tree(html: &Html) -> Vec<Value> {
    match html {
        VNode::VTag(tag) => {
            let attributes: Map<_, _> =
                tag.attributes.iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
            let children = tag.children().map(tree).unwrap_or_default();
            vec![json!([tag.tag(), attributes, children])]
        }
        VNode::VText(text) => vec![json!(text.text.as_str())],
        VNode::VList(list) => list.iter().flat_map(tree).collect(),
        other => unreachable!("a launcher is made of elements and texts, not of {other:?}"),
    }
}
