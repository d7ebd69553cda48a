//! The request of the running turn.

use super::Around;
use crate::browser::clock::{self, Timer};
use crate::browser::ongoing::Ongoing;
use crate::browser::transport::{self, Delivery, Wanted};
use crate::model::failure::{Failure, FailureKind};
use crate::model::state::{State, TurnId};
use crate::model::strings::Strings;
use crate::model::update::Action;

/// How long after it broke off a reply is asked for again.
const PAUSE_MILLIS: u32 = 100;

/// The request of the running turn: keyed on the turn, so that going from sending to streaming does not restart it, and
/// stopping the turn aborts it. A reply that is asked for again is another request.
#[derive(Default)]
pub(super) struct Reply {
    /// The turn, and how often its reply was asked for again.
    asked: Option<(TurnId, u32)>,
    question: Option<Ongoing>,
    pause: Option<Timer>,
    stops: u32,
}

impl Reply {
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        let config = around.config;
        let stopped = std::mem::replace(&mut self.stops, state.stops) != state.stops;
        let running = state.running().map(|turn| (turn, state.turn.resumes));
        if !state.turn.broken {
            self.pause = None;
        } else if self.pause.is_none() {
            let (turn, act) = (state.turn.id, around.act.clone());
            self.pause = Some(clock::later(PAUSE_MILLIS, move || act.emit(Action::AskAgain { turn })));
        }
        if running == self.asked && !stopped {
            return;
        }
        self.asked = running;
        // Aborted before anything else is asked.
        self.question = None;
        let (turn, again, joined) = (state.turn.id, state.turn.resumes > 0, state.turn.joined);
        let wanted = match running {
            None => Wanted::Nothing,
            Some(_) if joined => Wanted::Theirs,
            // Of a reply that has begun all is wanted again. Before that, whatever was told whole is an earlier question's.
            Some(_) if again => {
                let query = if state.turn.heard > 0 { "last-event-id=0" } else { "" };
                Wanted::Again(state.thread.stream(&config.endpoint, query))
            }
            Some(_) => {
                let context = config.context.as_deref();
                Wanted::Answer(state.request(config.request_format, config.context_messages, context))
            }
        };
        let stop = (stopped && state.stopped.resumable).then(|| state.stopped.stream(&config.endpoint, ""));
        let (act, strings) = (around.act.clone(), config.strings);
        let deliver = move |delivery| act.emit(action(turn, again, joined, delivery, strings));
        let reply_id = &state.turn.reply_id;
        self.question = Some(transport::ask(config, around.extras, reply_id, stop.as_deref(), &wanted, deliver));
    }
}

/// What a delivery means for the turn, whose reply may have been asked for `again`, or be what another tab gets.
fn action(turn: TurnId, again: bool, joined: bool, delivery: Delivery, strings: &Strings) -> Action {
    let now = clock::now();
    let cut_off = |kind| Failure::cut_off(kind, strings.cut_off());
    let failure = match delivery {
        Delivery::Resumable => return Action::Resumable { turn },
        Delivery::Events(events) => return Action::Received { turn, events, now },
        Delivery::ConnectionLost => cut_off(FailureKind::Broken),
        Delivery::Unreachable if joined => cut_off(FailureKind::Broken),
        // It was cut off before, and that is what the visitor has to know.
        Delivery::Refused { .. } if again => cut_off(FailureKind::Other),
        Delivery::Unreachable if again => cut_off(FailureKind::Unreachable),
        Delivery::Refused { status, reading, retry_after } => {
            let unavailable = matches!(status, 502..=504) || reading.code == "unavailable";
            let kind = if unavailable { FailureKind::Unavailable } else { FailureKind::Other };
            Failure { kind, code: reading.code, message: reading.message, retryable: reading.retryable, retry_after }
        }
        Delivery::Unreachable => Failure {
            kind: FailureKind::Unreachable,
            code: "unreachable".into(),
            message: strings.unreachable().into(),
            retryable: true,
            retry_after: None,
        },
    };
    Action::Fail { turn, failure, now }
}
