//! What changes by the clock.

use super::Around;
use crate::browser::clock::{self, Timer};
use crate::model::state::{State, Status};
use crate::model::update::Action;

/// How long the header says "Typing..." or "Online" at least, so that it does not flicker.
const STATUS_MILLIS: u64 = 3000;

/// Lets the header follow what is due, though not too fast, and a failed question's countdown run.
#[derive(Default)]
pub(super) struct Pace {
    status: Status,
    changed_at: u64,
    status_timer: Option<Timer>,
    ticker: Option<Timer>,
}

impl Pace {
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        if std::mem::replace(&mut self.status, state.status) != state.status {
            self.changed_at = clock::now();
        }
        let due = state.status_due();
        self.status_timer = (due != state.status).then(|| {
            let kept = if due == Status::Offline { STATUS_MILLIS } else { clock::now() - self.changed_at };
            let act = around.act.clone();
            let left = STATUS_MILLIS.saturating_sub(kept);
            clock::later(left as u32, move || act.emit(Action::Status(due)))
        });
        if state.retry_in() == 0 {
            self.ticker = None;
        } else if self.ticker.is_none() {
            let act = around.act.clone();
            self.ticker = Some(clock::every(1000, move || act.emit(Action::Tick(clock::now()))));
        }
    }
}
