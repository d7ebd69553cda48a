//! The round button that opens the window.

use yew::prelude::*;

use super::icon::Icon;
use crate::model::strings::{Strings, with_count};

/// The launcher. A function and not a component, since the build renders it for the loader without a browser.
///
/// Its dot tells that somebody is there; with `unread` answers it becomes their number.
pub fn launcher(strings: &Strings, unread: usize, node: &NodeRef, on_click: Callback<MouseEvent>) -> Html {
    let name = match unread {
        0 => strings.open_chat.to_owned(),
        1 => [strings.open_chat, ", ", strings.unread_one].concat(),
        n => [strings.open_chat, ", ", &with_count(strings.unread_many, n as isize)].concat(),
    };
    let count = (unread > 0).then(|| if unread > 9 { "9+".to_owned() } else { unread.to_string() });
    html! {
        <button ref={node} class="launcher" part="launcher" type="button" aria-label={name} aria-haspopup="dialog"
            onclick={on_click}>
            { Icon::Chat.html() }
            <span class="badge" data-count={count.as_ref().map(|_| "")} part="badge" aria-hidden="true">
                { count }
            </span>
        </button>
    }
}
