//! What the page around the widget does to it.

use natter_protocol::json::decimal;
use yew::Callback;

use crate::browser::dom::{self, RootElement};
use crate::browser::page::{self, Listeners};
use crate::model::update::Action;

/// Follows the network, and on a phone the space above the keyboard.
pub(super) struct Page {
    _network: Listeners,
    _viewport: Option<Listeners>,
}

impl Page {
    pub(super) fn new(act: &Callback<Action>, root: &RootElement) -> Self {
        let (act, root) = (act.clone(), root.clone());
        Self {
            _network: page::on_network(move |online| act.emit(Action::Online(online))),
            _viewport: page::on_viewport(move |top, height| {
                dom::set_property(&root, "--view-top", &[&decimal(top), "px"].concat());
                dom::set_property(&root, "--view-height", &[&decimal(height), "px"].concat());
            }),
        }
    }
}
