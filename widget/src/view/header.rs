//! The window's header: who is there, how they are, and the way out.

use yew::prelude::*;

use super::icon::Icon;
use crate::model::strings::Strings;

/// What the assistant is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Ready for a question.
    Online,
    /// Busy with an answer.
    Typing,
    /// The visitor has no network.
    Offline,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Typing => "typing",
            Self::Offline => "offline",
        }
    }

    const fn label(self, strings: &Strings) -> &'static str {
        match self {
            Self::Online => strings.online,
            Self::Typing => strings.typing,
            Self::Offline => strings.offline,
        }
    }
}

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
    /// Minimize or expand.
    pub on_fold: &'a Callback<MouseEvent>,
    /// Close.
    pub on_close: &'a Callback<MouseEvent>,
}

impl Header<'_> {
    /// The header as a node.
    pub fn html(&self) -> Html {
        let (fold_name, fold_icon) = match self.minimized {
            true => (self.strings.expand, Icon::Expand),
            false => (self.strings.minimize, Icon::Minimize),
        };
        html! {
            <div class="header" part="header">
                <span class="avatar">{ Icon::Spark.html() }</span>
                <div class="who">
                    <h2 class="title">{ self.title.to_owned() }</h2>
                    <p class="status" data-is={self.status.name()}>{ self.status.label(self.strings) }</p>
                </div>
                <button ref={self.fold_node} class="tool" type="button" aria-label={fold_name} title={fold_name}
                    aria-expanded={(!self.minimized).to_string()} onclick={self.on_fold}>
                    { fold_icon.html() }
                </button>
                <button class="tool" type="button" aria-label={self.strings.close_chat} title={self.strings.close_chat}
                    onclick={self.on_close}>
                    { Icon::Close.html() }
                </button>
            </div>
        }
    }
}
