//! What few conversations need, and what the bundle therefore fetches only then.

use std::rc::Rc;

use super::{Around, same};
use crate::browser::dom;
use crate::model::message::ChatMessage;
use crate::model::state::{State, Window};

/// Has code coloured once it is whole and the window shows it, and a sound made for an answer that the window does not
/// show.
#[derive(Default)]
pub(super) struct Extras {
    coloured: Vec<Rc<ChatMessage>>,
    unread: usize,
}

impl Extras {
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        let whole = state.window == Window::Open && state.streaming_id().is_none();
        if whole && !same(&self.coloured, &state.messages) {
            self.coloured.clone_from(&state.messages);
            if dom::has(around.root, "pre") {
                around.extra("colour");
            }
        }
        if std::mem::replace(&mut self.unread, state.unread) < state.unread && around.config.sound {
            around.extra("chime");
        }
    }
}
