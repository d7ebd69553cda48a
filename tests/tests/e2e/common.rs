//! What many tests begin with.

use natter_e2e::{Chat, Fixture, Visit};
use thirtyfour::Key;

/// Names of what is said, as assistive technology hears them.
pub(crate) const USER: &str = "user message";
/// See [`USER`].
pub(crate) const ASSISTANT: &str = "assistant message";

/// A page whose widget asks a scripted endpoint, and that endpoint.
pub(crate) fn shop(visit: &Visit) -> (Fixture, Chat) {
    let chat = visit.site.chat("chat");
    (Fixture::new().attr("endpoint", chat.path()), chat)
}

/// Goes to [`shop`] and opens the window.
pub(crate) async fn in_the_chat(visit: &Visit) -> Chat {
    let (page, chat) = shop(visit);
    visit.opens(&page).await;
    visit.page.opens_chat().await;
    chat
}

/// Asks, answers, and waits until the next question can be asked.
pub(crate) async fn exchange(visit: &Visit, chat: &Chat, question: &str, answer: &str) {
    visit.page.asks(question).await;
    chat.next().await.answers(answer).await;
    is_answered(visit, answer).await;
}

/// Waits for an answer and its end. Not for "Online", which comes up to three seconds later.
pub(crate) async fn is_answered(visit: &Visit, answer: &str) {
    visit.page.sees_message(ASSISTANT, answer).await;
    visit.page.sees("button", "Send message").await;
}

/// What is on the clipboard, found out as a visitor would: by pasting it.
pub(crate) async fn pasted(visit: &Visit) -> String {
    visit.page.click("textbox", "Ask me anything...").await;
    let keys = visit.page.driver().action_chain().key_down(Key::Control).send_keys("v").key_up(Key::Control);
    keys.perform().await.unwrap();
    let state = async || {
        let composer = visit.page.find("textbox", "Ask me anything...").await?;
        Some(visit.page.value_of(&composer).await).filter(|text| !text.is_empty())
    };
    visit.page.waits("what was copied in the composer", state).await
}

/// Asks for code and gets a line of it.
pub(crate) async fn asks_for_code(visit: &Visit, chat: &Chat) {
    visit.page.asks("Code?").await;
    chat.next().await.answers("```js\nlet a = 1;\n```").await;
    is_answered(visit, "let a = 1;").await;
}
