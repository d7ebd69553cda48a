//! What the visitor takes along.

use natter_e2e::{Chat, Visit, Visitor};

use super::clicks;
use crate::common::{exchange, in_the_chat, pasted, shop};

/// An answer with marks, which are not to be seen.
async fn asks_and_hears(visit: &Visit, chat: &Chat, question: &str, answer: &str) {
    visit.page.asks(question).await;
    chat.next().await.answers(answer).await;
    visit.page.sees("button", "Regenerate").await;
}

const ANSWER: &str = "**Lamps** and `wires`:\n\n- red\n- [green](/green)";

#[test]
fn an_answer_is_copied_as_it_was_written() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        asks_and_hears(visit, &chat, "What *is* there?", ANSWER).await;
        let buttons = visit.page.all("button", Some("Copy")).await;
        assert_eq!(buttons.len(), 2, "the question and the answer can be copied, the greeting need not be");
        clicks(visit, &buttons[1]).await;
        assert_eq!(pasted(visit).await, ANSWER);
    });
}

#[test]
fn a_question_is_copied_as_it_was_written() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "What *is* there?", "Lamps.").await;
        let buttons = visit.page.all("button", Some("Copy")).await;
        clicks(visit, &buttons[0]).await;
        assert_eq!(pasted(visit).await, "What *is* there?");
    });
}

#[test]
fn the_button_says_so_for_a_moment() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        let buttons = visit.page.all("button", Some("Copy")).await;
        clicks(visit, &buttons[0]).await;
        visit.page.sees("button", "Copied").await;
        assert_eq!(visit.page.all("button", Some("Copied")).await.len(), 1, "one message was copied");
        visit.page.does_not_see("button", "Copied").await;
        assert_eq!(visit.page.all("button", Some("Copy")).await.len(), 2);
    });
}

#[test]
fn the_whole_conversation_can_be_copied() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("title", "Lumi")).await;
        visit.page.opens_chat().await;
        assert!(!visit.page.has("button", "Copy conversation").await, "there is no conversation yet");
        asks_and_hears(visit, &chat, "Lamps?", "**Many**.").await;
        asks_and_hears(visit, &chat, "Which?", "- red\n- green").await;
        visit.page.click("button", "Copy conversation").await;
        visit.page.sees("button", "Copied").await;
        let whole = "**You:**\n\nLamps?\n\n**Lumi:**\n\n**Many**.\n\n**You:**\n\nWhich?\n\n**Lumi:**\n\n- red\n- green";
        assert_eq!(pasted(visit).await, whole);
        visit.page.sees("button", "Copy conversation").await;
    });
}

#[test]
fn the_version_that_is_shown_is_copied() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "First.").await;
        visit.page.click("button", "Regenerate").await;
        chat.next().await.answers("Second.").await;
        visit.page.reads("2/2").await;
        visit.page.sees("button", "Regenerate").await;
        visit.page.click("button", "Previous version").await;
        visit.page.reads("1/2").await;
        let buttons = visit.page.all("button", Some("Copy")).await;
        clicks(visit, &buttons[1]).await;
        assert_eq!(pasted(visit).await, "First.");
    });
}

/// A page on plain http has no clipboard, and a policy may forbid it.
#[test]
fn what_could_not_be_copied_is_not_called_copied() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let without = "Object.defineProperty(navigator, 'clipboard', { value: undefined });";
        visit.opens(&page.before("without.js", without)).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        super::records(visit, "buttons", "() => root().querySelector('[aria-label=Copied]') ? 'Copied' : ''").await;
        visit.page.click("button", "Copy").await;
        // What comes of the click is there before the answer to the next question.
        visit.page.click("textbox", "Ask me anything...").await;
        exchange(visit, &chat, "More?", "Two.").await;
        let seen = super::recorded(visit, "buttons").await;
        assert!(seen.is_empty(), "nothing was copied, but the button said “Copied”");
    });
}
