//! Asking again, not before the endpoint wants it.

use std::time::{Duration, Instant};

use natter_e2e::{Chat, Dialect, Exchange, Visit, Visitor};
use serde_json::json;

use super::{recorded, records, said};
use crate::common::{ASSISTANT, USER, in_the_chat, is_answered};

/// Refuses and asks for three seconds of rest.
fn wants_rest(exchange: Exchange, status: u16) {
    let body = json!({"error": {"type": "test", "code": "busy", "message": "AI service is busy. Please try again.",
        "param": null, "retryable": true, "request_id": "r1"}});
    exchange.refuses_with(status, &[("content-type", "application/json"), ("retry-after", "3")], body.to_string());
}

/// Every text that begins so and stands by itself.
const COUNTDOWN: &str = "() => [...root().querySelectorAll('[role=alert] *')].map((at) => at.textContent) \
    .find((text) => text.startsWith('Retry in')) ?? ''";

async fn is_over(visit: &Visit) {
    let state = async || {
        let button = visit.page.find("button", "Retry").await?;
        visit.page.is_enabled(&button).await.then_some(())
    };
    visit.page.waits("Retry that can be pressed", state).await;
}

async fn counts_down(visit: &Visit, status: u16) {
    let chat = in_the_chat(visit).await;
    records(visit, "countdown", COUNTDOWN).await;
    visit.page.asks("Hello?").await;
    wants_rest(chat.next().await, status);
    visit.page.sees("alert", "…").await;
    is_over(visit).await;
    let texts: Vec<String> = recorded(visit, "countdown").await.into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["Retry in 3 s", "Retry in 2 s", "Retry in 1 s", ""]);
    assert_eq!(chat.bodies().len(), 1, "it asked again without the visitor");
    visit.page.click("button", "Retry").await;
    chat.next().await.answers("Hello!").await;
    is_answered(visit, "Hello!").await;
}

#[test]
fn the_wait_is_counted_down_and_nothing_is_sent_by_itself() {
    Visitor::new().visits(async |visit| counts_down(visit, 429).await);
}

#[test]
fn a_busy_service_is_waited_for_as_well() {
    Visitor::new().visits(async |visit| counts_down(visit, 503).await);
}

#[test]
fn pressing_it_before_does_nothing() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        let refused = chat.next().await;
        let since = Instant::now();
        wants_rest(refused, 429);
        let again = async || {
            if let Some(button) = visit.page.find("button", "Retry").await {
                super::clicks(visit, &button).await;
            }
            (chat.bodies().len() > 1).then_some(())
        };
        visit.page.waits("a second request", again).await;
        let waited = since.elapsed();
        assert!(waited >= Duration::from_secs(3), "asked again after {waited:?}");
        chat.next().await.answers("Hello!").await;
        is_answered(visit, "Hello!").await;
        assert_eq!(chat.bodies().len(), 2, "asked more than once");
    });
}

/// A question whose answer breaks off after "We sell".
async fn cut_off(visit: &Visit) -> Chat {
    let chat = in_the_chat(visit).await;
    visit.page.asks("Lamps?").await;
    let mut reply = chat.next().await;
    reply.begins(Dialect::UiMessage).await;
    reply.says("We sell").await;
    reply.ends();
    visit.page.reads("The answer was cut off").await;
    chat
}

#[test]
fn a_cut_off_answer_says_so_and_stays_until_the_next_try() {
    Visitor::new().visits(async |visit| {
        let chat = cut_off(visit).await;
        visit.page.sees("alert", "…").await;
        visit.page.sees_message(ASSISTANT, "We sell").await;
        visit.page.click("button", "Retry").await;
        let again = chat.next().await;
        assert_eq!(again.messages(), said(&[("user", "Lamps?")]), "the part was sent as an answer");
        again.answers("Lamps.").await;
        is_answered(visit, "Lamps.").await;
        visit.page.does_not_see("alert", "…").await;
        let answers = visit.page.messages(ASSISTANT).await.join("\n");
        assert!(!answers.contains("We sell"), "the cut-off answer is still there: {answers}");
        assert_eq!(visit.page.messages(USER).await.len(), 1);
    });
}

#[test]
fn a_cut_off_answer_can_be_kept() {
    Visitor::new().visits(async |visit| {
        let chat = cut_off(visit).await;
        visit.page.asks("And?").await;
        let next = chat.next().await;
        assert_eq!(next.messages(), said(&[("user", "Lamps?"), ("assistant", "We sell"), ("user", "And?")]));
        next.answers("Wires.").await;
        is_answered(visit, "Wires.").await;
        visit.page.sees_message(ASSISTANT, "We sell").await;
    });
}
