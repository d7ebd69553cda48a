//! Questions that one click asks: the owner's to begin with, and the endpoint's after an answer.

use natter_e2e::{Chat, Dialect, Visit, Visitor};
use serde_json::{Value, json};

use crate::common::{USER, exchange, in_the_chat, is_answered, shop};

const STARTERS: &str = r#"["Do you have lamps?", "Where are you?"]"#;

/// An open window with the owner's questions in it.
async fn with_starters(visit: &Visit) -> Chat {
    let (page, chat) = shop(visit);
    visit.opens(&page.attr("suggestions", STARTERS)).await;
    visit.page.opens_chat().await;
    chat
}

/// An answer to a first question that has these suggestions, as JSON.
async fn suggests(visit: &Visit, suggestions: Value) -> Chat {
    let chat = in_the_chat(visit).await;
    visit.page.asks("Lamps?").await;
    let mut reply = chat.next().await;
    reply.begins(Dialect::UiMessage).await;
    reply.says("Many.").await;
    reply.sends(format!("data: {}\n\n", json!({"type": "data-suggestions", "data": suggestions}))).await;
    reply.finishes().await;
    visit.page.sees("button", "Which colours?").await;
    chat
}

#[test]
fn the_owners_are_there_before_the_first_question_and_one_click_asks() {
    Visitor::new().visits(async |visit| {
        let chat = with_starters(visit).await;
        visit.page.sees("button", "Do you have lamps?").await;
        visit.page.click("button", "Where are you?").await;
        let asked = chat.next().await;
        assert_eq!(asked.question(), "Where are you?");
        visit.page.sees_message(USER, "Where are you?").await;
        visit.page.does_not_see("button", "Do you have lamps?").await;
        visit.page.does_not_see("button", "Where are you?").await;
        asked.answers("Here.").await;
        is_answered(visit, "Here.").await;
        assert!(!visit.page.has("button", "Do you have lamps?").await, "they came back after the answer");
    });
}

#[test]
fn they_are_gone_after_a_question_of_the_visitors_own() {
    Visitor::new().visits(async |visit| {
        let chat = with_starters(visit).await;
        visit.page.sees("button", "Do you have lamps?").await;
        exchange(visit, &chat, "Wires?", "Many.").await;
        assert!(!visit.page.has("button", "Do you have lamps?").await);
        // A new beginning has them again.
        visit.page.click("button", "Clear history").await;
        visit.page.sees("button", "Do you have lamps?").await;
    });
}

#[test]
fn a_draft_is_not_touched_by_them() {
    Visitor::new().visits(async |visit| {
        let chat = with_starters(visit).await;
        visit.page.types("Half a thought").await;
        visit.page.click("button", "Where are you?").await;
        assert_eq!(chat.next().await.question(), "Where are you?");
        let composer = visit.page.composer().await;
        assert_eq!(visit.page.value_of(&composer).await, "Half a thought");
    });
}

#[test]
fn the_endpoints_come_after_the_answer_and_go_with_the_next_question() {
    Visitor::new().visits(async |visit| {
        let chat = suggests(visit, json!(["Which colours?", "Prices?"])).await;
        visit.page.click("button", "Prices?").await;
        let asked = chat.next().await;
        assert_eq!(asked.question(), "Prices?");
        visit.page.does_not_see("button", "Which colours?").await;
        asked.answers("Low.").await;
        is_answered(visit, "Low.").await;
        assert!(!visit.page.has("button", "Which colours?").await, "they belong to an older answer");
    });
}

#[test]
fn the_endpoints_survive_a_reload() {
    Visitor::new().visits(async |visit| {
        let chat = suggests(visit, json!([{"text": "Which colours?"}])).await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.click("button", "Which colours?").await;
        assert_eq!(chat.next().await.question(), "Which colours?");
    });
}

#[test]
fn starters_that_are_no_list_do_no_harm() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("suggestions", "Do you have lamps?")).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Wires?", "Many.").await;
    });
}
