//! Where the focus goes when the window changes.

use std::rc::Rc;

use super::Around;
use crate::browser::dom;
use crate::config::Mode;
use crate::model::contact::Contact;
use crate::model::message::ChatMessage;
use crate::model::state::{State, Window};

/// Opening gives the focus to the composer, minimizing to the button that expands again, and closing to the launcher.
/// So does pressing a button that then is gone. A window that is a part of the page takes the focus only from itself.
pub(super) struct Focus {
    /// `None` before the first render, when the focus stays where it is unless the loader's launcher had it.
    window: Option<Window>,
    /// Whether the widget has had the focus.
    had_focus: bool,
    seen: Seen,
}

/// What takes elements away when it changes.
#[derive(Clone, PartialEq, Default)]
struct Seen {
    busy: bool,
    editing: Option<String>,
    commenting: Option<String>,
    queued: bool,
    cleared: bool,
    contact: Option<Contact>,
}

impl Seen {
    fn of(state: &State) -> Self {
        Self {
            busy: state.busy(),
            editing: state.editing.clone(),
            commenting: state.commenting.clone(),
            queued: state.queued.is_some(),
            cleared: state.cleared.is_some(),
            contact: state.contact.clone(),
        }
    }
}

impl Focus {
    pub(super) fn new(had_focus: bool) -> Self {
        Self { window: None, had_focus, seen: Seen::default() }
    }

    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        let now = Seen::of(state);
        let seen = std::mem::replace(&mut self.seen, now.clone());
        let before = self.window.replace(state.window);
        self.had_focus |= dom::has_focus(around.root);
        if before == Some(state.window) {
            if seen == now || state.window != Window::Open {
                return;
            }
            let being_edited = |message: &&Rc<ChatMessage>| Some(&message.id) == state.editing.as_ref();
            if seen.contact != now.contact && matches!(now.contact, Some(Contact::Invalid(_))) {
                dom::focus_first_invalid(around.root);
            } else if seen.editing != now.editing
                && let Some(message) = state.messages.iter().find(being_edited)
            {
                dom::edit(around.root, &message.content);
            } else if self.had_focus && dom::lost_focus() {
                dom::focus(&around.nodes.composer);
            }
            return;
        }
        match state.window {
            Window::Open if around.config.mode == Mode::Inline => {}
            Window::Open => {
                self.had_focus = true;
                dom::focus(&around.nodes.composer);
            }
            // The page asked for it, and the visitor is busy there.
            _ if before.is_some() && !dom::has_focus(around.root) && !dom::lost_focus() => {}
            Window::Minimized => dom::focus(&around.nodes.fold),
            Window::Closed if before.is_some() || self.had_focus => dom::focus(&around.nodes.launcher),
            Window::Closed => {}
        }
    }
}
