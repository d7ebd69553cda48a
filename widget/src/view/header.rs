//! The window's header: who is there, how they are, and the way out.

use yew::NodeRef;

use super::element::{Element, el};
use super::icon::Icon;
use crate::model::state::Status;
use crate::model::strings::Strings;

/// Icon, title, status, and the buttons to minimize or expand and to close.
#[derive(Debug)]
pub struct Header<'a> {
    /// The window's title.
    pub title: &'a str,
    /// What the assistant is doing.
    pub status: Status,
    /// Whether only the header shows.
    pub minimized: bool,
    /// The interface's words.
    pub strings: &'static Strings,
    /// The button that minimizes and expands.
    pub fold_node: &'a NodeRef,
}

impl Header<'_> {
    /// The header as an element.
    pub fn draw(&self) -> Element {
        let strings = self.strings;
        let (is, status) = match self.status {
            Status::Online => ("online", strings.online()),
            Status::Typing => ("typing", strings.typing()),
            Status::Offline => ("offline", strings.offline()),
        };
        let fold = match self.minimized {
            true => tool(strings.expand(), Icon::Expand).set("data-do", "open").set("aria-expanded", "false"),
            false => tool(strings.minimize(), Icon::Minimize).set("data-do", "minimize").set("aria-expanded", "true"),
        };
        el("div class=header part=header")
            .child(el("span class=avatar").child(Icon::Spark.draw()))
            .child(
                el("div class=who")
                    .child(el("h2 class=title").text(self.title.to_owned()))
                    .child(el("p class=status role=status").set("data-is", is).text(status)),
            )
            .child(fold.node(self.fold_node))
            .child(tool(strings.close_chat(), Icon::Close).set("data-do", "close"))
    }
}

/// A button that is only an icon.
pub fn tool(name: &'static str, icon: Icon) -> Element {
    el("button class=tool type=button").named(name).child(icon.draw())
}
