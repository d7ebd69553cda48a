//! Where the focus goes when the window changes.

use std::rc::Rc;

use super::Around;
use crate::browser::dom;
use crate::model::contact::Contact;
use crate::model::message::ChatMessage;
use crate::model::state::{State, Window};

/// Opening gives the focus to the composer, minimizing to the button that expands again, and closing to the launcher.
/// So does pressing a button that then is gone.
pub(super) struct Focus {
    /// `None` before the first render, when the focus stays where it is unless the loader's launcher had it.
    window: Option<Window>,
    had_focus: bool,
    running: bool,
    editing: Option<String>,
    contact: Option<Contact>,
}

impl Focus {
    pub(super) fn new(had_focus: bool) -> Self {
        Self { window: None, had_focus, running: false, editing: None, contact: None }
    }

    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        let running = state.running().is_some();
        let stopped = std::mem::replace(&mut self.running, running) != running;
        let edited = self.editing != state.editing;
        self.editing.clone_from(&state.editing);
        let before = self.window.replace(state.window);
        if before == Some(state.window) {
            let form_changed = self.contact != state.contact;
            self.contact.clone_from(&state.contact);
            if form_changed && matches!(state.contact, Some(Contact::Invalid(_))) {
                dom::focus_first_invalid(around.root);
                return;
            }
            let being_edited = |message: &&Rc<ChatMessage>| Some(&message.id) == state.editing.as_ref();
            if edited && let Some(message) = state.messages.iter().find(being_edited) {
                dom::edit(around.root, &message.content);
                return;
            }
            let lost = state.window == Window::Open && (stopped || edited || form_changed || state.cleared.is_some());
            if lost && dom::lost_focus(&around.nodes.composer) {
                dom::focus(&around.nodes.composer);
            }
            return;
        }
        match state.window {
            Window::Open => dom::focus(&around.nodes.composer),
            Window::Minimized => dom::focus(&around.nodes.fold),
            Window::Closed if before.is_some() || self.had_focus => dom::focus(&around.nodes.launcher),
            Window::Closed => {}
        }
    }
}
