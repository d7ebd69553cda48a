//! What the bundle has beside the app, since nobody needs it before the window is usable.

use std::rc::Rc;

use super::{Around, same};
use crate::model::message::ChatMessage;
use crate::model::state::{State, Window};

/// Has answers finished once they are whole and the window shows them, and a sound made for one that the window does
/// not show.
#[derive(Default)]
pub(super) struct Extras {
    finished: Vec<Rc<ChatMessage>>,
    unread: usize,
}

impl Extras {
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        let whole = state.window == Window::Open && state.streaming_id().is_none();
        if whole && !same(&self.finished, &state.messages) {
            self.finished.clone_from(&state.messages);
            around.extra("finish");
        }
        if std::mem::replace(&mut self.unread, state.unread) < state.unread && around.config.sound {
            around.extra("chime");
        }
    }
}
