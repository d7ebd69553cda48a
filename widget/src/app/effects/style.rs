//! The settings that the style sheet keys on.

use crate::browser::console;
use crate::browser::dom::{self, RootElement};
use crate::config::Config;

/// Puts the settings on the root element when they change.
#[derive(Default)]
pub(super) struct Style(Option<Config>);

impl Style {
    pub(super) fn follow(&mut self, root: &RootElement, config: &Config) {
        if self.0.as_ref() == Some(config) {
            return;
        }
        let before = self.0.replace(config.clone());
        let accent = dom::dress(root, config);
        if let Some(accent) =
            accent.filter(|accent| before.is_none_or(|before| before.accent.as_deref() != Some(accent)))
        {
            console::warn(&["Natter: accent=\"", accent, "\" was ignored. It takes a CSS colour."].concat());
        }
    }
}
