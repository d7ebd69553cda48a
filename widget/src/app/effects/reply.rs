//! The request of the running turn.

use super::Around;
use crate::browser::clock;
use crate::browser::transport::{self, Delivery, Question};
use crate::model::failure::{Failure, FailureKind};
use crate::model::state::{State, TurnId};
use crate::model::strings::ENGLISH;
use crate::model::update::Action;

/// The request of the running turn: keyed on the turn, so that going from sending to streaming does not restart it, and
/// stopping the turn aborts it.
#[derive(Default)]
pub(super) struct Reply {
    turn: Option<TurnId>,
    question: Option<Question>,
}

impl Reply {
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        let running = state.running();
        if running == self.turn {
            return;
        }
        self.turn = running;
        self.question = running.and_then(|turn| {
            let body = state.request(around.config.context_messages);
            let act = around.act.clone();
            transport::ask(around.config, body, move |delivery| act.emit(action(turn, delivery)))
        });
    }
}

fn action(turn: TurnId, delivery: Delivery) -> Action {
    let now = clock::now();
    let failure = match delivery {
        Delivery::Events(events) => return Action::Received { turn, events, now },
        Delivery::Refused { status, reading, retry_after } => {
            let unavailable = matches!(status, 502..=504) || reading.code == "unavailable";
            let kind = if unavailable { FailureKind::Unavailable } else { FailureKind::Other };
            Failure { kind, code: reading.code, message: reading.message, retryable: reading.retryable, retry_after }
        }
        Delivery::ConnectionLost => failed(FailureKind::Other, "connection_lost", ENGLISH.cut_off),
        Delivery::Unreachable => failed(FailureKind::Unreachable, "unreachable", ENGLISH.unreachable),
    };
    Action::Fail { turn, failure, now }
}

fn failed(kind: FailureKind, code: &str, message: &str) -> Failure {
    Failure { kind, code: code.into(), message: message.into(), retryable: true, retry_after: None }
}
