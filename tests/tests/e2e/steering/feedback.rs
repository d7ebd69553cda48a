//! How good an answer was.

use natter_e2e::{Element, Visit, Visitor};
use serde_json::{Value, json};
use thirtyfour::Key;

use super::{clicks, public_messages};
use crate::common::{ASSISTANT, exchange, in_the_chat};

const GOOD: &str = "Good response";
const BAD: &str = "Bad response";
const COMMENT: &str = "What could be better? (optional)";

async fn is_pressed(visit: &Visit, name: &str) -> bool {
    let button = visit.page.sees("button", name).await;
    visit.page.attribute_of(&button, "aria-pressed").await.as_deref() == Some("true")
}

/// Waits until the two buttons stand so.
async fn shows(visit: &Visit, good: bool, bad: bool) {
    let state = async || ((is_pressed(visit, GOOD).await, is_pressed(visit, BAD).await) == (good, bad)).then_some(());
    visit.page.waits(&format!("the rating good {good}, bad {bad}"), state).await;
}

/// One question with an answer, and the answer's id.
async fn one_answer(visit: &Visit) -> Value {
    let chat = in_the_chat(visit).await;
    exchange(visit, &chat, "Lamps?", "Many.").await;
    public_messages(visit).await.pop().unwrap()["id"].clone()
}

async fn events(visit: &Visit) -> Vec<Value> {
    visit.events("feedback").await
}

#[test]
fn every_answer_can_be_rated_and_no_question() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        assert!(!visit.page.has("button", GOOD).await, "the greeting is no answer");
        exchange(visit, &chat, "One?", "One.").await;
        exchange(visit, &chat, "Two?", "Two.").await;
        let id = public_messages(visit).await[1]["id"].clone();
        let buttons: Vec<Element> = visit.page.all("button", Some(GOOD)).await;
        assert_eq!(buttons.len(), 2);
        clicks(visit, &buttons[0]).await;
        assert_eq!(visit.hears("feedback").await, json!({"messageId": id, "value": "good"}));
        let pressed = async || {
            let buttons = visit.page.all("button", Some(GOOD)).await;
            let mut states = Vec::new();
            for button in &buttons {
                states.push(visit.page.attribute_of(button, "aria-pressed").await);
            }
            (states == [Some("true".into()), Some("false".into())]).then_some(())
        };
        visit.page.waits("only the first answer rated", pressed).await;
    });
}

#[test]
fn the_page_hears_each_change() {
    Visitor::new().visits(async |visit| {
        let id = one_answer(visit).await;
        shows(visit, false, false).await;
        visit.page.click("button", GOOD).await;
        shows(visit, true, false).await;
        visit.page.click("button", BAD).await;
        shows(visit, false, true).await;
        visit.page.click("button", BAD).await;
        shows(visit, false, false).await;
        let value = |value: Value| json!({"messageId": id, "value": value});
        assert_eq!(events(visit).await, [value(json!("good")), value(json!("bad")), value(Value::Null)]);
    });
}

#[test]
fn the_visitor_may_say_why() {
    Visitor::new().visits(async |visit| {
        let id = one_answer(visit).await;
        visit.page.click("button", BAD).await;
        visit.page.fills("textbox", COMMENT, "Too short").await;
        visit.page.click("button", "Send").await;
        visit.page.does_not_see("textbox", COMMENT).await;
        shows(visit, false, true).await;
        let bad = json!({"messageId": id, "value": "bad"});
        let why = json!({"messageId": id, "value": "bad", "comment": "Too short"});
        assert_eq!(events(visit).await, [bad, why]);
        assert_eq!(public_messages(visit).await.len(), 2, "the comment was taken for a message");
    });
}

#[test]
fn enter_sends_what_was_good() {
    Visitor::new().visits(async |visit| {
        let id = one_answer(visit).await;
        visit.page.click("button", GOOD).await;
        visit.page.click("textbox", COMMENT).await;
        visit.page.types("Very clear").await;
        visit.page.presses(Key::Enter).await;
        visit.page.does_not_see("textbox", COMMENT).await;
        shows(visit, true, false).await;
        let why = json!({"messageId": id, "value": "good", "comment": "Very clear"});
        assert_eq!(events(visit).await.pop(), Some(why));
    });
}

#[test]
fn the_visitor_need_not_say_anything() {
    Visitor::new().visits(async |visit| {
        let _id = one_answer(visit).await;
        visit.page.click("button", BAD).await;
        visit.page.sees("textbox", COMMENT).await;
        visit.page.click("button", "Cancel").await;
        visit.page.does_not_see("textbox", COMMENT).await;
        shows(visit, false, true).await;
        visit.page.click("button", GOOD).await;
        visit.page.sees("textbox", COMMENT).await;
        visit.page.click("button", "Send").await;
        visit.page.does_not_see("textbox", COMMENT).await;
        shows(visit, true, false).await;
        assert_eq!(events(visit).await.len(), 2, "an empty comment was published");
    });
}

#[test]
fn escape_leaves_the_comment_and_not_the_window() {
    Visitor::new().visits(async |visit| {
        let _id = one_answer(visit).await;
        visit.page.click("button", BAD).await;
        visit.page.click("textbox", COMMENT).await;
        visit.page.types("Half a").await;
        visit.page.presses(Key::Escape).await;
        visit.page.does_not_see("textbox", COMMENT).await;
        assert!(visit.page.has("button", "Close chat").await, "the window was closed");
        shows(visit, false, true).await;
        assert_eq!(events(visit).await.len(), 1, "the comment was published");
    });
}

#[test]
fn a_rating_that_is_taken_back_is_not_asked_about() {
    Visitor::new().visits(async |visit| {
        let _id = one_answer(visit).await;
        visit.page.click("button", GOOD).await;
        visit.page.sees("textbox", COMMENT).await;
        visit.page.click("button", GOOD).await;
        visit.page.does_not_see("textbox", COMMENT).await;
        shows(visit, false, false).await;
    });
}

#[test]
fn it_survives_a_reload() {
    Visitor::new().visits(async |visit| {
        let id = one_answer(visit).await;
        visit.page.click("button", BAD).await;
        shows(visit, false, true).await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        shows(visit, false, true).await;
        assert!(!visit.page.has("textbox", COMMENT).await, "the visitor was asked why again");
        assert_eq!(events(visit).await, [] as [Value; 0], "the page was told again");
        visit.page.click("button", BAD).await;
        assert_eq!(visit.hears("feedback").await, json!({"messageId": id, "value": null}));
        shows(visit, false, false).await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "Many.").await;
        shows(visit, false, false).await;
    });
}
