//! A question asked otherwise.

use natter_e2e::{Chat, Visit, Visitor};
use thirtyfour::Key;

use super::{clicks, said};
use crate::common::{ASSISTANT, USER, exchange, in_the_chat, is_answered};

/// Two questions with their answers, the first of which is being edited.
async fn first_of_two(visit: &Visit) -> Chat {
    let chat = in_the_chat(visit).await;
    exchange(visit, &chat, "Lamps?", "One.").await;
    exchange(visit, &chat, "More?", "Two.").await;
    let buttons = visit.page.all("button", Some("Edit")).await;
    assert_eq!(buttons.len(), 2, "each question can be edited, and no answer");
    clicks(visit, &buttons[0]).await;
    visit.page.has_focus("textbox", "Edit message").await;
    chat
}

async fn field(visit: &Visit) -> String {
    let field = visit.page.sees("textbox", "Edit message").await;
    visit.page.value_of(&field).await
}

/// Waits until the conversation is the one from before.
async fn is_as_before(visit: &Visit, chat: &Chat) {
    visit.page.does_not_see("textbox", "Edit message").await;
    assert!(visit.page.has("button", "Close chat").await, "the window was closed");
    visit.page.sees_message(USER, "Lamps?").await;
    visit.page.sees_message(ASSISTANT, "Two.").await;
    assert_eq!(visit.page.messages(USER).await.len(), 2, "a question is gone");
    assert_eq!(chat.bodies().len(), 2, "something was asked");
}

#[test]
fn the_field_has_the_question_and_the_focus() {
    Visitor::new().visits(async |visit| {
        let _chat = first_of_two(visit).await;
        assert_eq!(field(visit).await, "Lamps?");
        assert_eq!(visit.page.all("textbox", Some("Edit message")).await.len(), 1);
        visit.page.types(" Green ones?").await;
        assert_eq!(field(visit).await, "Lamps? Green ones?", "the cursor is not at the end");
    });
}

#[test]
fn enter_asks_from_there_and_what_came_later_is_gone() {
    Visitor::new().visits(async |visit| {
        let chat = first_of_two(visit).await;
        visit.page.types(" Green ones?").await;
        visit.page.presses(Key::Enter).await;
        let asked = chat.next().await;
        assert_eq!(asked.messages(), said(&[("user", "Lamps? Green ones?")]));
        asked.answers("Green.").await;
        is_answered(visit, "Green.").await;
        assert_eq!(visit.page.messages(USER).await.len(), 1, "later questions are still there");
        let answers = visit.page.messages(ASSISTANT).await.join("\n");
        assert!(!answers.contains("One.") && !answers.contains("Two."), "later answers are still there: {answers}");
        exchange(visit, &chat, "And?", "Red.").await;
        let sent = chat.bodies().pop().unwrap();
        assert_eq!(sent["messages"].as_array().map(Vec::len), Some(3), "{sent}");
    });
}

#[test]
fn save_does_the_same_with_what_came_before() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "One.").await;
        exchange(visit, &chat, "More?", "Two.").await;
        let buttons = visit.page.all("button", Some("Edit")).await;
        clicks(visit, &buttons[1]).await;
        visit.page.fills("textbox", "Edit message", "Less?").await;
        visit.page.click("button", "Save").await;
        let asked = chat.next().await;
        assert_eq!(asked.messages(), said(&[("user", "Lamps?"), ("assistant", "One."), ("user", "Less?")]));
        asked.answers("Less.").await;
        is_answered(visit, "Less.").await;
    });
}

#[test]
fn an_edited_conversation_survives_a_reload() {
    Visitor::new().visits(async |visit| {
        let chat = first_of_two(visit).await;
        visit.page.types(" Green ones?").await;
        visit.page.presses(Key::Enter).await;
        chat.next().await.answers("Green.").await;
        is_answered(visit, "Green.").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "Green.").await;
        let asked = visit.page.messages(USER).await;
        assert!(asked.len() == 1 && asked[0].contains("Green ones?"), "{asked:?}");
    });
}

#[test]
fn cancel_changes_nothing() {
    Visitor::new().visits(async |visit| {
        let chat = first_of_two(visit).await;
        visit.page.types(" Green ones?").await;
        visit.page.click("button", "Cancel").await;
        is_as_before(visit, &chat).await;
    });
}

#[test]
fn escape_cancels_and_leaves_the_window_open() {
    Visitor::new().visits(async |visit| {
        let chat = first_of_two(visit).await;
        visit.page.types(" Green ones?").await;
        visit.page.presses(Key::Escape).await;
        is_as_before(visit, &chat).await;
        // What was typed and given up does not come back.
        let buttons = visit.page.all("button", Some("Edit")).await;
        clicks(visit, &buttons[0]).await;
        assert_eq!(field(visit).await, "Lamps?");
    });
}

#[test]
fn escape_on_a_button_of_the_editor_cancels_as_well() {
    Visitor::new().visits(async |visit| {
        let chat = first_of_two(visit).await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Cancel").await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Save").await;
        visit.page.presses(Key::Escape).await;
        is_as_before(visit, &chat).await;
    });
}

#[test]
fn shift_and_enter_breaks_the_line() {
    Visitor::new().visits(async |visit| {
        let chat = first_of_two(visit).await;
        visit.page.presses_with(Key::Shift, Key::Enter).await;
        visit.page.types("Green").await;
        assert_eq!(field(visit).await, "Lamps?\nGreen");
        assert_eq!(chat.bodies().len(), 2, "the line break was saved");
        visit.page.presses(Key::Enter).await;
        assert_eq!(chat.next().await.question(), "Lamps?\nGreen");
    });
}

#[test]
fn nothing_is_no_question() {
    Visitor::new().visits(async |visit| {
        let chat = first_of_two(visit).await;
        visit.page.fills("textbox", "Edit message", "  ").await;
        visit.page.presses(Key::Enter).await;
        // Nothing came of Enter, or this would not find the field.
        visit.page.fills("textbox", "Edit message", "Red ones?").await;
        visit.page.presses(Key::Enter).await;
        assert_eq!(chat.next().await.question(), "Red ones?");
        assert_eq!(chat.bodies().len(), 3);
    });
}

#[test]
fn it_is_not_offered_while_a_reply_runs() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "One.").await;
        visit.page.sees("button", "Edit").await;
        visit.page.asks("More?").await;
        let reply = chat.next().await;
        visit.page.does_not_see("button", "Edit").await;
        reply.answers("Two.").await;
        is_answered(visit, "Two.").await;
        let offered = async || (visit.page.all("button", Some("Edit")).await.len() == 2).then_some(());
        visit.page.waits("Edit at both questions", offered).await;
    });
}

#[test]
fn a_draft_in_the_composer_stays() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "One.").await;
        visit.page.types("Half a thought").await;
        visit.page.click("button", "Edit").await;
        visit.page.types(" Green?").await;
        visit.page.presses(Key::Enter).await;
        chat.next().await.answers("Green.").await;
        is_answered(visit, "Green.").await;
        let composer = visit.page.composer().await;
        assert_eq!(visit.page.value_of(&composer).await, "Half a thought");
    });
}
