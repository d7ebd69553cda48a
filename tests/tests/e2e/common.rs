//! What many tests begin with.

use std::fs;

use natter_e2e::engine::Engine;
use natter_e2e::{Chat, Dialect, Exchange, Fixture, Visit};
use serde_json::Value;
use thirtyfour::{Key, WindowHandle};

/// Names of what is said, as assistive technology hears them.
pub(crate) const USER: &str = "user message";
/// See [`USER`].
pub(crate) const ASSISTANT: &str = "assistant message";

/// A language as it was translated.
pub(crate) fn texts(tag: &str) -> Value {
    let file = format!("{}/../widget/locales/{tag}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

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

/// Begins an answer, and waits until whoever asked has read its beginning.
pub(crate) async fn begun(visit: &Visit, chat: &Chat, dialect: Dialect, question: &str, text: &str) -> Exchange {
    visit.page.asks(question).await;
    let mut reply = chat.next().await;
    reply.begins(dialect).await;
    reply.says(text).await;
    visit.page.sees_message(ASSISTANT, text.trim_end()).await;
    reply
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

/// One of two tabs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tab {
    First,
    Second,
}

/// Two tabs of one browser with the same page.
pub(crate) struct Tabs {
    first: WindowHandle,
    second: WindowHandle,
}

impl Tabs {
    /// Opens the page in a second tab, which is the one to be seen now.
    pub(crate) async fn open(visit: &Visit) -> Self {
        let driver = visit.page.driver();
        let (first, url) = (driver.window().await.unwrap(), driver.current_url().await.unwrap());
        // Of two tabs in a window, WebKitGTK's driver cannot bring the other one to the front.
        let second = match Engine::current() {
            Engine::WebKit => driver.new_window().await.unwrap(),
            Engine::Chromium | Engine::Firefox => driver.new_tab().await.unwrap(),
        };
        driver.switch_to_window(second.clone()).await.unwrap();
        visit.page.goes_to(url.as_str()).await;
        Self { first, second }
    }

    /// Goes to the first tab.
    pub(crate) async fn first(&self, visit: &Visit) {
        self.shows(visit, Tab::First).await;
    }

    /// Goes to the second tab.
    pub(crate) async fn second(&self, visit: &Visit) {
        self.shows(visit, Tab::Second).await;
    }

    /// Goes to a tab.
    pub(crate) async fn shows(&self, visit: &Visit, tab: Tab) {
        let window = match tab {
            Tab::First => &self.first,
            Tab::Second => &self.second,
        };
        visit.page.driver().switch_to_window(window.clone()).await.unwrap();
    }

    /// Closes the first tab, and goes to the second.
    pub(crate) async fn close_first(self, visit: &Visit) {
        self.first(visit).await;
        visit.page.driver().close_window().await.unwrap();
        self.second(visit).await;
    }

    /// Closes the second tab, and goes to the first: a session is left with one.
    pub(crate) async fn close(self, visit: &Visit) {
        self.second(visit).await;
        visit.page.driver().close_window().await.unwrap();
        self.first(visit).await;
    }
}

/// The contents of all messages, as the page is told them.
pub(crate) async fn contents(visit: &Visit) -> Vec<String> {
    visit.page.script("return Natter.getMessages().map((message) => message.content);", vec![]).await
}

/// Waits until the page is told that these are the contents of all messages.
pub(crate) async fn holds(visit: &Visit, expected: &[&str]) {
    let what = format!("the conversation {expected:?}");
    visit.page.waits(&what, async || (contents(visit).await == expected).then_some(())).await;
}
