//! Another answer to the same question, and the way back to the one before.

use natter_e2e::{Chat, Dialect, Visit, Visitor};

use super::{clicks, said};
use crate::common::{ASSISTANT, exchange, in_the_chat, is_answered};

/// Asks for another answer and gives it.
async fn regenerated(visit: &Visit, chat: &Chat, answer: &str) {
    visit.page.click("button", "Regenerate").await;
    chat.next().await.answers(answer).await;
    is_answered(visit, answer).await;
}

/// A question with three answers, of which the last is shown.
async fn three_versions(visit: &Visit) -> Chat {
    let chat = in_the_chat(visit).await;
    exchange(visit, &chat, "Lamps?", "First.").await;
    regenerated(visit, &chat, "Second.").await;
    regenerated(visit, &chat, "Third.").await;
    visit.page.reads("3/3").await;
    chat
}

#[test]
fn only_the_last_answer_can_be_asked_for_again() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        assert!(!visit.page.has("button", "Regenerate").await, "the greeting is no answer");
        exchange(visit, &chat, "One?", "One.").await;
        exchange(visit, &chat, "Two?", "Two.").await;
        let buttons = visit.page.all("button", Some("Regenerate")).await;
        assert_eq!(buttons.len(), 1, "there is one last answer");
        let message: String =
            visit.page.script_on(&buttons[0], "return arguments[0].closest('article').innerText;").await;
        assert!(message.contains("Two."), "the button stands at another message: {message}");
    });
}

#[test]
fn the_request_goes_up_to_the_question_and_leaves_the_answer_out() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "One?", "One.").await;
        exchange(visit, &chat, "Two?", "Two.").await;
        visit.page.click("button", "Regenerate").await;
        let again = chat.next().await;
        assert_eq!(again.messages(), said(&[("user", "One?"), ("assistant", "One."), ("user", "Two?")]));
        again.answers("Two, then.").await;
        is_answered(visit, "Two, then.").await;
        visit.page.reads("2/2").await;
        let answers = visit.page.messages(ASSISTANT).await;
        assert_eq!(answers.len(), 3, "the greeting and one answer to each question: {answers:?}");
        assert!(!answers[2].contains("Two."), "the replaced answer is still there: {answers:?}");
    });
}

#[test]
fn it_is_not_offered_while_an_answer_comes() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "One?", "One.").await;
        visit.page.asks("Two?").await;
        let mut reply = chat.next().await;
        visit.page.does_not_see("button", "Regenerate").await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Tw").await;
        visit.page.sees_message(ASSISTANT, "Tw").await;
        assert!(!visit.page.has("button", "Regenerate").await, "an unfinished answer can be replaced");
        reply.finishes().await;
        visit.page.sees("button", "Regenerate").await;
    });
}

#[test]
fn earlier_versions_are_a_click_away() {
    Visitor::new().visits(async |visit| {
        let _chat = three_versions(visit).await;
        let next = visit.page.sees("button", "Next version").await;
        assert!(!visit.page.is_enabled(&next).await, "nothing comes after the last version");
        visit.page.click("button", "Previous version").await;
        visit.page.sees_message(ASSISTANT, "Second.").await;
        visit.page.reads("2/3").await;
        visit.page.click("button", "Previous version").await;
        visit.page.sees_message(ASSISTANT, "First.").await;
        visit.page.reads("1/3").await;
        let previous = visit.page.sees("button", "Previous version").await;
        assert!(!visit.page.is_enabled(&previous).await, "nothing comes before the first version");
        visit.page.click("button", "Next version").await;
        visit.page.sees_message(ASSISTANT, "Second.").await;
        assert_eq!(visit.page.messages(ASSISTANT).await.len(), 2, "the greeting and one version");
    });
}

#[test]
fn the_conversation_goes_on_from_the_version_that_is_shown() {
    Visitor::new().visits(async |visit| {
        let chat = three_versions(visit).await;
        visit.page.click("button", "Previous version").await;
        visit.page.sees_message(ASSISTANT, "Second.").await;
        visit.page.composer().await;
        visit.page.click("textbox", "Ask me anything...").await;
        visit.page.asks("And?").await;
        let sent = chat.next().await.messages();
        assert_eq!(sent, said(&[("user", "Lamps?"), ("assistant", "Second."), ("user", "And?")]));
    });
}

#[test]
fn a_new_version_comes_after_all_others() {
    Visitor::new().visits(async |visit| {
        let chat = three_versions(visit).await;
        visit.page.click("button", "Previous version").await;
        visit.page.reads("2/3").await;
        regenerated(visit, &chat, "Fourth.").await;
        visit.page.reads("4/4").await;
        visit.page.click("button", "Previous version").await;
        visit.page.sees_message(ASSISTANT, "Third.").await;
    });
}

#[test]
fn stopped_before_a_word_the_previous_version_returns() {
    Visitor::new().visits(async |visit| {
        let chat = three_versions(visit).await;
        visit.page.click("button", "Previous version").await;
        visit.page.sees_message(ASSISTANT, "Second.").await;
        visit.page.click("button", "Regenerate").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        visit.page.sees_part("loading").await;
        visit.page.click("button", "Stop").await;
        reply.left().await;
        is_answered(visit, "Second.").await;
        visit.page.reads("2/3").await;
    });
}

#[test]
fn stopped_after_a_word_it_is_a_version() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "First.").await;
        visit.page.click("button", "Regenerate").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Half a").await;
        visit.page.sees_message(ASSISTANT, "Half a").await;
        visit.page.click("button", "Stop").await;
        reply.left().await;
        visit.page.reads("2/2").await;
        visit.page.click("button", "Previous version").await;
        visit.page.sees_message(ASSISTANT, "First.").await;
    });
}

#[test]
fn when_it_fails_the_previous_version_returns_and_can_be_tried_again() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "First.").await;
        visit.page.click("button", "Regenerate").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        visit.page.sees("alert", "…").await;
        visit.page.sees_message(ASSISTANT, "First.").await;
        visit.page.click("button", "Retry").await;
        let again = chat.next().await;
        assert_eq!(again.messages(), said(&[("user", "Lamps?")]));
        again.answers("Second.").await;
        is_answered(visit, "Second.").await;
        visit.page.reads("2/2").await;
    });
}

#[test]
fn versions_survive_a_reload() {
    Visitor::new().visits(async |visit| {
        let chat = three_versions(visit).await;
        visit.page.click("button", "Previous version").await;
        visit.page.sees_message(ASSISTANT, "Second.").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "Second.").await;
        visit.page.reads("2/3").await;
        visit.page.click("button", "Next version").await;
        visit.page.sees_message(ASSISTANT, "Third.").await;
        visit.page.click("button", "Previous version").await;
        visit.page.click("button", "Previous version").await;
        visit.page.sees_message(ASSISTANT, "First.").await;
        regenerated(visit, &chat, "Fourth.").await;
        visit.page.reads("4/4").await;
    });
}

#[test]
fn versions_stay_when_the_conversation_goes_on() {
    Visitor::new().visits(async |visit| {
        let chat = three_versions(visit).await;
        exchange(visit, &chat, "And?", "Later.").await;
        visit.page.reads("3/3").await;
        let previous = visit.page.sees("button", "Previous version").await;
        clicks(visit, &previous).await;
        visit.page.sees_message(ASSISTANT, "Second.").await;
        visit.page.sees_message(ASSISTANT, "Later.").await;
    });
}
