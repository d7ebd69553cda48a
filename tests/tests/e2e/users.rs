//! `setUser`: one person's conversation is nobody else's.

use natter_e2e::history::{KEY, raw};
use natter_e2e::{Dialect, Fixture, Visit, Visitor};
use serde_json::json;

use crate::common::{ASSISTANT, Tab, Tabs, USER, begun, exchange, holds, in_the_chat, is_answered, shop};

/// What the page does as somebody logs in, or out (`None`).
async fn is(visit: &Visit, user: Option<&str>) {
    let code = "Natter.setUser(arguments[0]); return null;";
    visit.page.script::<Option<bool>>(code, vec![json!(user)]).await;
}

/// Whether a text stands anywhere in the page, its shadow roots and its fields, or is stored outside the place `kept`.
async fn is_left(visit: &Visit, text: &str, kept: &str) -> bool {
    let code = "const [text, kept] = arguments; \
        const seen = [...elements()].some((e) => (e.innerText + ' ' + (e.value ?? '')).includes(text)); \
        const stored = [localStorage, sessionStorage].some((storage) => Object.entries(storage) \
            .some(([key, value]) => !key.startsWith(kept) && value.includes(text))); \
        return seen || stored;";
    visit.page.script(code, vec![json!(text), json!(kept)]).await
}

#[test]
fn it_switches_at_once_and_back() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        is(visit, Some("ada")).await;
        exchange(visit, &chat, "I am Ada", "Hello Ada").await;
        is(visit, Some("bob")).await;
        holds(visit, &[]).await;
        visit.page.sees_message(ASSISTANT, "How can I help").await;
        assert!(!visit.page.has("article", USER).await, "Bob reads what Ada wrote");
        exchange(visit, &chat, "I am Bob", "Hello Bob").await;
        assert_eq!(chat.bodies()[1]["messages"].as_array().map(Vec::len), Some(1), "Ada's words went out as Bob's");
        assert_ne!(chat.bodies()[0]["id"], chat.bodies()[1]["id"], "to the endpoint it is another conversation");
        is(visit, Some("ada")).await;
        holds(visit, &["I am Ada", "Hello Ada"]).await;
        is(visit, None).await;
        holds(visit, &[]).await;
        for text in ["Ada", "Bob"] {
            assert!(!is_left(visit, text, "chat-history:").await, "{text} is to be seen by the next visitor");
        }
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "How can I help").await;
        assert!(!visit.page.has("article", USER).await, "the next visitor reads what the one before wrote");
    });
}

#[test]
fn an_answer_that_is_on_its_way_stays_with_who_asked() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        is(visit, Some("ada")).await;
        let reply = begun(visit, &chat, Dialect::UiMessage, "I am Ada?", "Yes, Ada").await;
        visit.page.types("Ada's draft").await;
        is(visit, Some("bob")).await;
        reply.left().await;
        holds(visit, &[]).await;
        let composer = visit.page.composer().await;
        let empty = async || visit.page.value_of(&composer).await.is_empty().then_some(());
        visit.page.waits("an empty composer", empty).await;
        exchange(visit, &chat, "Bob?", "Bob.").await;
        holds(visit, &["Bob?", "Bob."]).await;
        is(visit, Some("ada")).await;
        holds(visit, &["I am Ada?", "Yes, Ada"]).await;
        let composer = visit.page.composer().await;
        let back = async || (visit.page.value_of(&composer).await == "Ada's draft").then_some(());
        visit.page.waits("Ada's draft", back).await;
    });
}

#[test]
fn who_leaves_leaves_in_all_tabs() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("user", "ada")).await;
        visit.page.opens_chat().await;
        let tabs = Tabs::open(visit).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "I am Ada?", "Yes, Ada").await;
        visit.page.asks("Still Ada?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Still Ada").await;
        tabs.first(visit).await;
        visit.page.sees_message(ASSISTANT, "Still Ada").await;
        is(visit, None).await;
        reply.left().await;
        for tab in [Tab::First, Tab::Second] {
            tabs.shows(visit, tab).await;
            holds(visit, &[]).await;
            visit.page.sees("button", "Send message").await;
            assert!(!is_left(visit, "Ada", "chat-history:ada").await, "it is to be seen by the next visitor");
        }
        // Whatever the page changes later, it is nobody's.
        visit.page.script::<Option<bool>>("Natter.update({ title: 'Lumi' }); return null;", vec![]).await;
        visit.page.sees("dialog", "Lumi").await;
        holds(visit, &[]).await;
        exchange(visit, &chat, "Nobody?", "Nobody.").await;
        tabs.first(visit).await;
        holds(visit, &["Nobody?", "Nobody."]).await;
        tabs.close(visit).await;
    });
}

#[test]
fn what_was_said_without_a_name_is_gone_when_somebody_has_one() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Nameless?", "Nameless.").await;
        visit.page.types("Nameless draft").await;
        is(visit, Some("ada")).await;
        holds(visit, &[]).await;
        assert!(!is_left(visit, "Nameless", "-").await);
        assert_eq!(raw(&visit.page, KEY).await, None);
        is(visit, None).await;
        holds(visit, &[]).await;
        exchange(visit, &chat, "Next?", "Next.").await;
        assert_eq!(chat.bodies()[1]["messages"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn a_cleared_history_cannot_be_brought_back_by_somebody_else() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        is(visit, Some("ada")).await;
        exchange(visit, &chat, "I am Ada", "Hello Ada").await;
        visit.page.click("button", "Clear history").await;
        visit.page.sees("button", "Undo").await;
        is(visit, None).await;
        visit.page.does_not_see("button", "Undo").await;
        is(visit, Some("ada")).await;
        visit.page.does_not_see("button", "Undo").await;
        holds(visit, &[]).await;
    });
}

#[test]
fn unread_answers_of_the_one_before_are_not_counted() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        is(visit, Some("ada")).await;
        visit.page.asks("Ada?").await;
        let reply = chat.next().await;
        visit.page.presses(thirtyfour::Key::Escape).await;
        reply.answers("Ada.").await;
        visit.page.sees("button", "Open chat, 1 unread message").await;
        is(visit, None).await;
        visit.page.sees("button", "Open chat").await;
    });
}

#[test]
fn it_can_be_called_before_anything_has_loaded() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let page = page.before("early.js", "window.Natter = [['setUser', 'ada']];");
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "I am Ada", "Hello Ada").await;
        let kept = async || raw(&visit.page, "chat-history:ada").await.map(|_| ());
        visit.page.waits("Ada's history", kept).await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "Hello Ada").await;
    });
}

#[test]
fn it_wins_over_the_attribute() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        let html = format!("<natter-chat endpoint=\"{}\" user=\"ada\"></natter-chat>", chat.path());
        visit.opens(&Fixture::new().attr("mount", "none").body(&html)).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "I am Ada", "Hello Ada").await;
        let code = "document.querySelector('natter-chat').handle.setUser(null); return null;";
        visit.page.script::<Option<bool>>(code, vec![]).await;
        holds(visit, &[]).await;
        exchange(visit, &chat, "Nobody?", "Nobody.").await;
        is_answered(visit, "Nobody.").await;
        assert!(raw(&visit.page, KEY).await.is_some());
    });
}
