//! What the page around the widget does to it.

use yew::html::Scope;

use crate::app::chat::Chat;
use crate::browser::dom::{self, RootElement};
use crate::browser::page::{self, Listeners};
use crate::model::update::Action;

/// Follows the network, and on a phone the space above the keyboard.
pub(super) struct Page {
    _network: Option<Listeners>,
    _viewport: Option<Listeners>,
}

impl Page {
    pub(super) fn new(link: &Scope<Chat>, root: &RootElement) -> Self {
        let (link, root) = (link.clone(), root.clone());
        Self {
            _network: page::on_network(move |online| link.send_message(Action::Online(online))),
            _viewport: page::on_viewport(move |top, height| {
                dom::set_property(&root, "--natter-viewport-top", &[&top.to_string(), "px"].concat());
                dom::set_property(&root, "--natter-viewport-height", &[&height.to_string(), "px"].concat());
            }),
        }
    }
}
