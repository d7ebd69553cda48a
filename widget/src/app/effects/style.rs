//! The settings that the style sheet keys on.

use crate::browser::console;
use crate::browser::dom::{self, RootElement};
use crate::config::Config;

/// Puts the settings on the root element, and complains once about an accent that is no colour.
#[derive(Default)]
pub(super) struct Style {
    refused: Option<String>,
}

impl Style {
    pub(super) fn dress(&mut self, root: &RootElement, config: &Config) {
        let refused = dom::dress(root, config).map(str::to_owned);
        if refused != self.refused
            && let Some(accent) = &refused
        {
            console::warn(&["Natter: accent=\"", accent, "\" was ignored. It takes a CSS colour."].concat());
        }
        self.refused = refused;
    }
}
