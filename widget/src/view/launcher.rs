//! The round button that opens the window.

use natter_protocol::json::decimal;
use yew::NodeRef;

use super::element::{Element, el};
use super::icon::Icon;
use crate::model::strings::Strings;

/// The launcher. The build renders it for the loader too, without a browser.
///
/// Its dot tells that somebody is there; with `unread` answers it becomes their number.
pub fn launcher(strings: &Strings, unread: usize, node: &NodeRef) -> Element {
    let name = match unread {
        0 => strings.open_chat().to_owned(),
        n => [strings.open_chat(), strings.comma(), &strings.count(strings.unread(), n as isize)].concat(),
    };
    let mut badge = el("span class=badge part=badge aria-hidden=true");
    if unread > 0 {
        badge = badge.set("data-count", "").text(if unread > 9 { "9+".to_owned() } else { decimal(unread as u64) });
    }
    el("button class=launcher part=launcher type=button aria-haspopup=dialog data-do=open")
        .set("aria-label", name)
        .node(node)
        .child(Icon::Chat.draw())
        .child(badge)
}
