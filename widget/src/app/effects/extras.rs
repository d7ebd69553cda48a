//! What few conversations need, and what the bundle therefore fetches only then.

use super::Around;
use crate::browser::dom;
use crate::model::state::{Phase, State};

/// Has code coloured once it is whole, and a sound made for an answer that the window does not show.
#[derive(Default)]
pub(super) struct Extras {
    messages: usize,
    idle: bool,
    unread: usize,
}

impl Extras {
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        let (messages, idle) = (state.messages.len(), !matches!(state.phase, Phase::Streaming(_)));
        let changed = self.messages != messages || self.idle != idle;
        (self.messages, self.idle) = (messages, idle);
        if changed && idle && dom::has(around.root, "pre") {
            around.extra("colour");
        }
        if std::mem::replace(&mut self.unread, state.unread) < state.unread && around.config.sound {
            around.extra("chime");
        }
    }
}
