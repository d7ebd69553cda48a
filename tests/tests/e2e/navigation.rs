//! Pages that change without being loaded anew: the widget and what it is doing stay.

use natter_e2e::{Chat, Dialect, Exchange, Fixture, Visit, Visitor};
use serde_json::Value;

use crate::common::{ASSISTANT, USER, begun, exchange, is_answered, shop};

/// Ways to another page, as scripts that a site runs. Each ends when the new page is there.
const PUSH_STATE: &str = "history.pushState({}, '', '/page/lamps'); \
    document.querySelector('main').replaceChildren('All lamps'); return null;";
/// Turbo Drive: another body in the place of the old one, whose scripts run again.
const TURBO: &str = "const body = document.createElement('body'); \
    const main = document.createElement('main'); main.append('All lamps'); body.append(main); \
    body.append(...[...document.querySelectorAll('script[src*=\"natter.js\"]')].map((tag) => tag.cloneNode())); \
    document.body.replaceWith(body); \
    for (const inert of body.querySelectorAll('script')) { \
        const script = document.createElement('script'); \
        for (const { name, value } of inert.attributes) script.setAttribute(name, value); \
        await new Promise((done) => { script.onload = done; inert.replaceWith(script); }); \
    } \
    return null;";
const INNER_HTML: &str = "document.body.innerHTML = '<main>All lamps</main>'; return null;";
const VIEW_TRANSITION: &str = "const change = () => { const body = document.createElement('body'); \
        body.append('All lamps'); document.body.replaceWith(body); }; \
    if (document.startViewTransition) await document.startViewTransition(change).finished; else change(); \
    return null;";
/// React, where what the server sent is not what it would draw: the whole document is made anew.
const WHOLE_DOCUMENT: &str = "const html = document.createElement('html'); \
    html.append(document.createElement('head'), document.createElement('body')); \
    html.lastChild.append('All lamps'); \
    document.documentElement.remove(); document.append(html); \
    await new Promise((done) => setTimeout(done)); return null;";

/// Runs an asynchronous script in the page, in a task of its own as pages do: what WebKit's driver runs is in none, and
/// there timers come before promises.
async fn runs(visit: &Visit, code: &str) -> Value {
    let code = format!("return (async () => {{ await new Promise((task) => setTimeout(task)); {code} }})();");
    visit.page.script(&code, vec![]).await
}

/// A page that may do anything, since what is navigated with is not what is tested.
fn page(visit: &Visit) -> (Fixture, Chat) {
    let (page, chat) = shop(visit);
    (page.without_policy(), chat)
}

/// A visitor in the middle of everything: an answer is arriving while they have scrolled up and write.
async fn is_busy(visit: &Visit, chat: &Chat) -> Exchange {
    visit.page.opens_chat().await;
    exchange(visit, chat, "Tell me all.", &"A long line about lamps.\n\n".repeat(60)).await;
    let reply = begun(visit, chat, Dialect::UiMessage, "Count?", "One, ").await;
    let log = visit.page.sees("log", "Chat messages").await;
    visit.page.scrolls(&log, -400).await;
    visit.page.sees("button", "Jump to latest").await;
    visit.page.click("textbox", "Ask me anything...").await;
    visit.page.types("And what about").await;
    reply
}

/// Nothing of that is lost after `navigation`, and the visitor did not notice it.
async fn goes_on(visit: &Visit, chat: &Chat, navigation: &str) {
    let mut reply = is_busy(visit, chat).await;
    let log = visit.page.sees("log", "Chat messages").await;
    let before = visit.page.distance_to_end(&log).await;
    runs(visit, navigation).await;
    let body: String = visit.page.script("return document.body.innerText.trim();", vec![]).await;
    assert_eq!(body, "All lamps", "the page did not change");
    visit.page.has_focus("textbox", "Ask me anything...").await;
    let after = visit.page.distance_to_end(&visit.page.sees("log", "Chat messages").await).await;
    assert!((before - after).abs() < 2.0, "the transcript moved from {before} to {after} px above its end");
    reply.says("two.").await;
    reply.finishes().await;
    is_answered(visit, "One, two.").await;
    // As if nothing had happened: they type on where they were.
    visit.page.types(" prices?").await;
    let composer = visit.page.composer().await;
    assert_eq!(visit.page.value_of(&composer).await, "And what about prices?");
    visit.page.presses(thirtyfour::Key::Enter).await;
    chat.next().await.answers("Low ones.").await;
    is_answered(visit, "Low ones.").await;
    assert_eq!(chat.bodies().len(), 3, "something was asked twice");
    assert_eq!(visit.page.messages(USER).await.len(), 3);
    is_alone(visit).await;
    visit.page.click("button", "Close chat").await;
    visit.page.sees("button", "Open chat").await;
}

/// The same of a widget that came with a script tag.
fn a_tag_goes_on(visitor: Visitor, navigation: &str) {
    visitor.visits(async |visit| {
        let (page, chat) = page(visit);
        visit.opens(&page).await;
        goes_on(visit, &chat, navigation).await;
    });
}

/// There is one widget on the page.
async fn is_alone(visit: &Visit) {
    let count: usize = visit.page.script("return document.querySelectorAll('natter-chat').length;", vec![]).await;
    assert_eq!(count, 1, "widgets on the page");
    assert_eq!(visit.page.all("dialog", None).await.len(), 1);
}

#[test]
fn an_address_that_changes_changes_nothing() {
    a_tag_goes_on(Visitor::new(), PUSH_STATE);
}

#[test]
fn turbo_brings_another_body_and_runs_the_tag_again() {
    a_tag_goes_on(Visitor::new(), TURBO);
}

#[test]
fn a_body_that_is_written_anew_takes_nothing_away() {
    a_tag_goes_on(Visitor::new(), INNER_HTML);
}

#[test]
fn a_view_transition_takes_the_widget_along() {
    a_tag_goes_on(Visitor::new().with_graphics(), VIEW_TRANSITION);
}

#[test]
fn a_widget_that_the_page_mounted_itself_stays_too() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        let mount = format!("window.handle = Natter.mount({{ endpoint: '{}' }});", chat.path());
        visit.opens(&Fixture::new().without_policy().attr("mount", "none").after("mount.js", &mount)).await;
        goes_on(visit, &chat, TURBO).await;
        runs(visit, "handle.destroy(); return null;").await;
        visit.page.does_not_see("button", "Open chat").await;
        // Destroyed is destroyed: the next page does not bring it back.
        runs(visit, TURBO).await;
        assert_eq!(runs(visit, "return document.querySelectorAll('natter-chat').length;").await, 0);
    });
}

#[test]
fn a_launcher_that_nobody_has_touched_yet_opens_on_the_next_page() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = page(visit);
        visit.opens(&page.attr("preload", "intent")).await;
        visit.page.sees("button", "Open chat").await;
        runs(visit, TURBO).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        is_alone(visit).await;
    });
}

#[test]
fn a_document_that_is_made_anew_gets_the_widget_back() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = page(visit);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        let mut reply = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, ").await;
        runs(visit, WHOLE_DOCUMENT).await;
        visit.page.sees("dialog", "AI Assistant").await;
        reply.says("two.").await;
        reply.finishes().await;
        is_answered(visit, "One, two.").await;
        is_alone(visit).await;
    });
}

/// A page with the element in its own markup.
fn page_with_element(visit: &Visit) -> (Fixture, Chat) {
    let chat = visit.site.chat("chat");
    let body = format!("<main>Lamps</main><aside><natter-chat endpoint=\"{}\"></natter-chat></aside>", chat.path());
    (Fixture::new().without_policy().attr("mount", "none").body(&body), chat)
}

async fn begins_to_count(visit: &Visit, chat: &Chat) -> Exchange {
    visit.page.opens_chat().await;
    let reply = begun(visit, chat, Dialect::UiMessage, "Count?", "One, ").await;
    visit.page.click("textbox", "Ask me anything...").await;
    visit.page.types("And what about").await;
    reply
}

/// The window is as it was, and the rest of the answer comes.
async fn counts_on(visit: &Visit, mut reply: Exchange) {
    reply.says("two.").await;
    reply.finishes().await;
    is_answered(visit, "One, two.").await;
    let composer = visit.page.composer().await;
    assert_eq!(visit.page.value_of(&composer).await, "And what about");
    is_alone(visit).await;
}

#[test]
fn an_element_that_is_moved_goes_on() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = page_with_element(visit);
        visit.opens(&page).await;
        let reply = begins_to_count(visit, &chat).await;
        runs(visit, "document.querySelector('main').append(host()); return null;").await;
        counts_on(visit, reply).await;
    });
}

/// What Turbo does with what is to stay (`data-turbo-permanent`): out of the old body, and a few promises later into
/// the new one.
#[test]
fn an_element_that_is_carried_over_to_another_body_goes_on() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = page_with_element(visit);
        visit.opens(&page).await;
        let reply = begins_to_count(visit, &chat).await;
        let code = "const kept = host(); kept.remove(); \
            const body = document.createElement('body'); body.append('All lamps'); \
            for (let turn = 0; turn < 10; turn++) await null; \
            document.body.replaceWith(body); \
            for (let turn = 0; turn < 10; turn++) await null; \
            body.append(kept); return null;";
        runs(visit, code).await;
        counts_on(visit, reply).await;
    });
}

#[test]
fn an_element_that_its_page_takes_away_ends() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = page_with_element(visit);
        visit.opens(&page).await;
        let reply = begins_to_count(visit, &chat).await;
        runs(visit, INNER_HTML).await;
        reply.left().await;
        assert_eq!(visit.page.all("dialog", None).await.len(), 0);
        assert!(!visit.page.has("button", "Open chat").await);
        assert_eq!(runs(visit, "return Natter.getMessages().length;").await, 0);
    });
}

#[test]
fn the_example_answers_across_its_pages() {
    Visitor::new().with_graphics().visits(async |visit| {
        let chat = visit.site.chat_at("/api/chat");
        visit.page.goes_to(&format!("{}/examples/spa.html", visit.site.origin())).await;
        visit.page.opens_chat().await;
        let mut reply = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, ").await;
        visit.page.click("link", "Chairs").await;
        visit.page.sees("heading", "chairs").await;
        reply.says("two.").await;
        reply.finishes().await;
        is_answered(visit, "One, two.").await;
        is_alone(visit).await;
        visit.page.driver().back().await.unwrap();
        visit.page.sees("heading", "One page after the other").await;
        visit.page.sees_message(ASSISTANT, "One, two.").await;
    });
}
