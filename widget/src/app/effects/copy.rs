//! How long it shows that something was copied.

use super::Around;
use crate::browser::clock::{self, Timer};
use crate::model::state::State;
use crate::model::update::Action;

/// How long a copy is confirmed.
const CONFIRMED_MILLIS: u32 = 2000;

/// Takes the confirmation back after a moment.
#[derive(Default)]
pub(super) struct Copy {
    copied: Option<String>,
    confirmed: Option<Timer>,
}

impl Copy {
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        if self.copied != state.copied {
            self.copied.clone_from(&state.copied);
            let act = around.act.clone();
            let over = move || act.emit(Action::Copied(None));
            self.confirmed = state.copied.as_ref().map(|_| clock::later(CONFIRMED_MILLIS, over));
        }
    }
}
