//! A page that the browser kept as it was when the visitor left it, and that they come back to.
//!
//! What is loaded again is tested in `resume` and `history`.

use natter_e2e::engine::Ability;
use natter_e2e::{Chat, Dialect, Exchange, Fixture, Visit, Visitor};
use serde_json::Value;

use crate::common::{ASSISTANT, begun, exchange, is_answered};

const CUT_OFF: &str = "The answer was cut off";

/// A page that browsers may keep.
fn shop(visit: &Visit) -> (Fixture, Chat) {
    let chat = visit.site.chat("chat");
    let shown = "addEventListener('pageshow', (event) => { window.persisted = event.persisted; });";
    (Fixture::new().attr("endpoint", chat.path()).before("shown.js", shown).kept(), chat)
}

/// Runs a test where browsers keep pages.
fn a_visit(test: impl AsyncFnOnce(&Visit)) {
    Visitor::new().needing(Ability::KeptPages).visits(test);
}

async fn in_the_chat(visit: &Visit) -> Chat {
    let (page, chat) = shop(visit);
    visit.opens(&page).await;
    visit.page.opens_chat().await;
    chat
}

/// Goes back, to a page that the browser kept and did not load again.
async fn comes_back(visit: &Visit) {
    visit.page.driver().back().await.unwrap();
    let persisted = async || visit.page.script::<Option<bool>>("return window.persisted ?? null;", vec![]).await;
    let kept = visit.page.waits("the page before", persisted).await;
    assert!(kept, "the page was loaded again, so this test shows nothing");
    visit.page.sees("dialog", "AI Assistant").await;
}

async fn begins_to_count(visit: &Visit, chat: &Chat, dialect: Dialect) -> Exchange {
    begun(visit, chat, dialect, "Count?", "One, ").await
}

/// The contents of all messages, as the page is told them.
async fn contents(visit: &Visit) -> Vec<String> {
    let messages: Value = visit.page.script("return Natter.getMessages().map((it) => it.content);", vec![]).await;
    serde_json::from_value(messages).unwrap()
}

#[test]
fn the_answer_goes_on_where_it_was() {
    Visitor::new().needing(Ability::KeptRequests).visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let mut reply = begins_to_count(visit, &chat, Dialect::UiMessage).await;
        visit.page.click("textbox", "Ask me anything...").await;
        visit.page.types("And what").await;
        visit.waits_outside().await;
        // What comes while nobody is there waits for them.
        reply.says("two, ").await;
        comes_back(visit).await;
        visit.page.sees_message(ASSISTANT, "One, two,").await;
        visit.page.sees("button", "Stop").await;
        reply.says("three.").await;
        reply.finishes().await;
        is_answered(visit, "One, two, three.").await;
        assert_eq!(contents(visit).await, ["Count?", "One, two, three."]);
        assert_eq!(visit.page.value_of(&visit.page.composer().await).await, "And what");
        assert_eq!(chat.bodies().len(), 1, "the question was asked once");
    });
}

#[test]
fn an_answer_that_broke_off_meanwhile_is_taken_up() {
    a_visit(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begins_to_count(visit, &chat, Dialect::Resumable).await;
        visit.waits_outside().await;
        reply.breaks().await;
        comes_back(visit).await;
        let mut again = chat.next().await;
        assert!(again.path.ends_with("/stream?last-event-id=0"), "{}", again.path);
        again.begins(Dialect::Resumable).await;
        again.says("One, two.").await;
        again.finishes().await;
        is_answered(visit, "One, two.").await;
        assert_eq!(contents(visit).await, ["Count?", "One, two."]);
        assert!(!visit.page.has("alert", "…").await, "the visitor was told of an error that was none");
    });
}

#[test]
fn an_answer_that_broke_off_for_good_says_so_and_can_be_had_again() {
    a_visit(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begins_to_count(visit, &chat, Dialect::UiMessage).await;
        visit.waits_outside().await;
        reply.breaks().await;
        comes_back(visit).await;
        let alert = visit.page.sees("alert", "…").await;
        assert!(visit.page.text_of(&alert).await.contains(CUT_OFF));
        assert_eq!(contents(visit).await, ["Count?", "One, "]);
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("One, two.").await;
        is_answered(visit, "One, two.").await;
        assert_eq!(contents(visit).await, ["Count?", "One, two."]);
    });
}

#[test]
fn what_was_said_on_the_next_page_is_there() {
    a_visit(async |visit| {
        let (page, chat) = shop(visit);
        let next = visit.site.page("next", &page);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "First?", "First.").await;
        visit.page.goes_to(&next).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Second?", "Second.").await;
        comes_back(visit).await;
        visit.page.sees_message(ASSISTANT, "Second.").await;
        assert_eq!(contents(visit).await, ["First?", "First.", "Second?", "Second."]);
        // And nothing of it is lost by going on here.
        exchange(visit, &chat, "Third?", "Third.").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        assert_eq!(contents(visit).await, ["First?", "First.", "Second?", "Second.", "Third?", "Third."]);
    });
}

#[test]
fn an_answer_that_the_next_page_took_up_is_there_once() {
    Visitor::new().needing(Ability::KeptRequests).visits(async |visit| {
        let (page, chat) = shop(visit);
        let next = visit.site.page("next", &page);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        let mut reply = begins_to_count(visit, &chat, Dialect::Resumable).await;
        visit.page.goes_to(&next).await;
        visit.page.opens_chat().await;
        let mut again = chat.next().await;
        again.begins(Dialect::Resumable).await;
        again.says("One, two.").await;
        again.finishes().await;
        is_answered(visit, "One, two.").await;
        exchange(visit, &chat, "Thanks.", "Welcome.").await;
        reply.says("two.").await;
        reply.finishes().await;
        comes_back(visit).await;
        visit.page.sees_message(ASSISTANT, "Welcome.").await;
        is_answered(visit, "One, two.").await;
        assert_eq!(contents(visit).await, ["Count?", "One, two.", "Thanks.", "Welcome."]);
        assert_eq!(chat.bodies().len(), 2, "nothing was asked again");
    });
}

#[test]
fn a_conversation_that_is_not_stored_is_still_there() {
    a_visit(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("storage", "none")).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        visit.waits_outside().await;
        comes_back(visit).await;
        assert_eq!(contents(visit).await, ["Hello?", "Hello!"]);
        exchange(visit, &chat, "Still there?", "Yes.").await;
    });
}
