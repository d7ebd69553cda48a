//! The header tells that somebody is typing, and does not flicker.

use natter_e2e::{Dialect, Visitor};

use super::{recorded, records};
use crate::common::{exchange, in_the_chat};

/// The header's words for how the assistant is.
const STATUS: &str = "() => [...root().querySelectorAll('[role=dialog] *')].map((at) => at.textContent) \
    .find((text) => ['Online', 'Typing...', 'Offline'].includes(text)) ?? ''";

/// What must lie between two changes, in ms. A timer may be a little early.
const APART: f64 = 2900.0;

#[test]
fn it_changes_every_three_seconds_at_most() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        records(visit, "statuses", STATUS).await;
        let mut changes = Vec::new();
        // Many quick answers: each would be two changes.
        for round in 0..100 {
            exchange(visit, &chat, &format!("Number {round}?"), &format!("It is {round}.")).await;
            changes = recorded(visit, "statuses").await;
            if changes.len() >= 3 {
                break;
            }
        }
        assert!(changes.len() >= 3, "too few changes to judge: {changes:?}");
        let gaps: Vec<f64> = changes.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
        assert!(gaps.iter().all(|gap| *gap >= APART), "{changes:?}");
        assert_eq!(changes[0].1, "Typing...", "{changes:?}");
    });
}

#[test]
fn it_comes_with_the_question_and_goes_after_the_answer() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.reads("Online").await;
        visit.page.asks("Lamps?").await;
        let mut reply = chat.next().await;
        visit.page.reads("Typing...").await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Many").await;
        visit.page.reads("Typing...").await;
        reply.finishes().await;
        visit.page.reads("Online").await;
    });
}
