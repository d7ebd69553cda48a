//! What many tests begin with.

use natter_e2e::{Chat, Fixture, Visit};

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

/// Asks and answers, and waits until all is at rest again.
pub(crate) async fn exchange(visit: &Visit, chat: &Chat, question: &str, answer: &str) {
    visit.page.asks(question).await;
    chat.next().await.answers(answer).await;
    visit.page.sees_message(ASSISTANT, answer).await;
    // Not for "Online", which comes up to three seconds later.
    visit.page.sees("button", "Send message").await;
}
