//! What is copied.

use super::Around;
use crate::browser::clipboard;
use crate::browser::clock::{self, Timer};
use crate::model::state::State;
use crate::model::update::Action;
use crate::view::bubble::CONVERSATION;

/// How long a copy is confirmed.
const CONFIRMED_MILLIS: u32 = 2000;

/// Copies a message, or the whole conversation, as Markdown, and confirms it for a moment.
#[derive(Default)]
pub(super) struct Copy {
    copied: Option<String>,
    confirmed: Option<Timer>,
}

impl Copy {
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        if self.copied == state.copied {
            return;
        }
        self.copied.clone_from(&state.copied);
        self.confirmed = state.copied.as_ref().map(|copied| {
            let message = state.messages.iter().find(|message| message.id == *copied);
            let text = match copied == CONVERSATION {
                true => Some(state.conversation_markdown(&around.config.title)),
                false => message.map(|message| message.content.clone()),
            };
            if let Some(text) = text {
                let act = around.act.clone();
                clipboard::write(&text, move |done| {
                    if !done {
                        act.emit(Action::Copied(None));
                    }
                });
            }
            let act = around.act.clone();
            clock::later(CONFIRMED_MILLIS, move || act.emit(Action::Copied(None)))
        });
    }
}
