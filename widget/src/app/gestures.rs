//! What the visitor does, as actions.
//!
//! The widget listens at its root and not at each element: an element says in `data-do` what it is for, and in
//! `data-of` what it is about. A listener per element costs bytes at each, and work whenever it is drawn.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::{Callback, NodeRef};

use super::chat::{ask, show};
use crate::browser::dom::{self, RootElement};
use crate::browser::gesture::{self, Gesture};
use crate::browser::page::Listeners;
use crate::browser::{clipboard, clock};
use crate::model::message::{ChatMessage, Feedback, conversation_markdown};
use crate::model::state::Window;
use crate::model::update::Action;
use crate::view::bubble::{CODE, CONVERSATION};
use crate::view::by_ref::ByRef;

/// The conversation, which is copied from.
type Messages = ByRef<RefCell<Vec<Rc<ChatMessage>>>>;

/// Listens at the root, and passes what the visitor does on as actions.
pub(super) fn listen(root: &RootElement, composer: NodeRef, messages: Messages, act: Callback<Action>) -> Listeners {
    let last_top = Rc::new(Cell::new(0));
    gesture::listen(root, move |gesture| {
        let action = match gesture.kind.as_str() {
            "click" => match copied(gesture, &messages) {
                Some((what, text)) => {
                    let act = act.clone();
                    // Told once it is there: the clipboard may be forbidden.
                    clipboard::write(&text, move || act.emit(Action::Copied(Some(what))));
                    None
                }
                None => clicked(gesture, &composer),
            },
            "submit" => submitted(gesture),
            "keydown" => pressed(gesture),
            "input" => (gesture.deed == "draft").then(|| Action::Draft(gesture.text())),
            // Scroll events of other elements come with the gesture of the transcript around them.
            _ => scrolled(gesture, &last_top),
        };
        let Some(action) = action else { return false };
        act.emit(action);
        gesture.kind != "click"
    })
}

/// What is to be copied, and its text.
fn copied(gesture: &Gesture<'_>, messages: &Messages) -> Option<(String, String)> {
    let messages = messages.borrow();
    match gesture.deed.as_str() {
        "copy" => {
            let message = messages.iter().find(|message| message.id == gesture.of)?;
            Some((gesture.of.clone(), message.content.clone()))
        }
        "copy-all" => {
            let title = gesture.beside(".window", ".title")?;
            Some((CONVERSATION.into(), conversation_markdown(&messages, &title, &gesture.of)))
        }
        // Only the page knows what stands in a code block.
        "copy-code" => Some((CODE.into(), gesture.beside(".code", "pre")?)),
        _ => None,
    }
}

fn clicked(gesture: &Gesture<'_>, composer: &NodeRef) -> Option<Action> {
    let of = || gesture.of.clone();
    Some(match gesture.deed.as_str() {
        "open" => show(Window::Open),
        "minimize" => show(Window::Minimized),
        "close" => show(Window::Closed),
        "send" => ask(dom::value(composer)),
        "ask" => ask(of()),
        "stop" => Action::Stop { now: clock::now() },
        "unqueue" => Action::Unqueue,
        "retry" => Action::Retry { reply_id: clock::random_id(), now: clock::now() },
        "regenerate" => Action::Regenerate { now: clock::now() },
        "version" => Action::ShowVersion { id: of(), to: gesture.to()? },
        "edit" => Action::Edit(Some(of())),
        "cancel" => Action::Edit(None),
        "good" => rate(gesture, Feedback::Good),
        "bad" => rate(gesture, Feedback::Bad),
        "uncomment" => Action::Comment(None),
        "clear" => Action::Clear,
        "undo" => Action::Undo,
        "jump" => Action::Scrolled { at_end: true },
        _ => return None,
    })
}

/// A rating, or the same one taken back.
fn rate(gesture: &Gesture<'_>, value: Feedback) -> Action {
    let value = (!gesture.is_pressed()).then_some(value);
    Action::Feedback { id: gesture.of.clone(), value, comment: None }
}

fn submitted(gesture: &Gesture<'_>) -> Option<Action> {
    match gesture.deed.as_str() {
        "contact" => gesture.fields(["name", "email", "message"]).map(Action::SubmitContact),
        "save" => Some(save(gesture)),
        "comment" => {
            let value = if gesture.to() == Some(1) { Feedback::Good } else { Feedback::Bad };
            Some(Action::Feedback { id: gesture.of.clone(), value: Some(value), comment: Some(gesture.text()) })
        }
        _ => None,
    }
}

fn save(gesture: &Gesture<'_>) -> Action {
    Action::SaveEdit { text: gesture.text(), id: clock::random_id(), reply_id: clock::random_id(), now: clock::now() }
}

fn pressed(gesture: &Gesture<'_>) -> Option<Action> {
    match (gesture.key()?.as_str(), gesture.deed.as_str()) {
        ("Enter", "draft") => Some(ask(gesture.text())),
        ("Enter", "save") if gesture.is_in_field() => Some(save(gesture)),
        ("Escape", "save" | "cancel") => Some(Action::Edit(None)),
        ("Escape", "comment" | "uncomment") => Some(Action::Comment(None)),
        // The launcher is no part of the window.
        ("Escape", _) => gesture.is_in(".window").then(|| show(Window::Closed)),
        _ => None,
    }
}

fn scrolled(gesture: &Gesture<'_>, last_top: &Cell<i32>) -> Option<Action> {
    let (top, at_end) = gesture.scrolled()?;
    let up = top < last_top.replace(top);
    // Only a visitor scrolls up: text that arrived below does not mean that they left the end.
    (at_end || up).then_some(Action::Scrolled { at_end })
}
