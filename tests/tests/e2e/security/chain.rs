//! One hash on the script tag covers all that follows: a file that is not the one the build made is refused, and said so.

use natter_e2e::{Fixture, StandIn, Visit, Visitor};
use thirtyfour::Key;

use super::{is_told, real};
use crate::common::{ASSISTANT, asks_for_code, exchange, in_the_chat, shop};

const EVIL: &str = ";window.hacked = 1;";

/// A script as it should be, with something added that its author did not write.
fn tampered(name: &str) -> StandIn {
    let mut code = real(name);
    code.extend_from_slice(EVIL.as_bytes());
    StandIn::new("text/javascript", code)
}

async fn is_harmless(visit: &Visit) {
    let hacked: bool = visit.page.script("return 'hacked' in window;", vec![]).await;
    assert!(!hacked, "something of the file was run");
}

/// A visitor wants to chat and cannot; what they and the owner read; and that it works once the file is right again.
async fn is_refused(visit: &Visit, path: &str, stand_in: StandIn) {
    visit.expects_complaint("integrity");
    visit.expects_complaint("MIME type");
    visit.expects_complaint("the chat was not loaded");
    visit.site.stands_in(path, stand_in);
    let (page, chat) = shop(visit);
    visit.opens(&page.attr("preload", "intent")).await;
    visit.page.click("button", "Open chat").await;
    let alert = visit.page.sees("alert", "…").await;
    assert_eq!(visit.page.text_of(&alert).await, "The chat was not loaded. Please try again.");
    is_told(visit, "Natter: the chat was not loaded (").await;
    is_harmless(visit).await;
    assert!(!visit.page.has("dialog", "AI Assistant").await);
    let launcher = visit.page.sees("button", "Open chat").await;
    assert_ne!(visit.page.attribute_of(&launcher, "aria-busy").await.as_deref(), Some("true"), "it goes on waiting");
    let error = visit.hears("error").await;
    assert_eq!(error["code"], "load_failed");

    // A visitor who tries again while it is still wrong reads the same, once.
    visit.page.click("button", "Open chat").await;
    let twice = async || (visit.events("error").await.len() > 1).then_some(());
    visit.page.waits("a second failure", twice).await;
    visit.page.sees("alert", "…").await;
    assert_eq!(visit.page.all("alert", None).await.len(), 1);

    visit.site.stands_back(path);
    visit.page.presses(Key::Enter).await;
    visit.page.sees("dialog", "AI Assistant").await;
    visit.page.does_not_see("alert", "…").await;
    exchange(visit, &chat, "Hello?", "Hello!").await;
}

#[test]
fn a_tampered_app_is_refused_and_said_so() {
    Visitor::new().visits(async |visit| is_refused(visit, "/natter-app.js", tampered("natter-app.js")).await);
}

#[test]
fn a_tampered_module_is_refused_and_said_so() {
    Visitor::new().visits(async |visit| {
        let mut module = real("natter-app.wasm");
        // A custom section of no meaning: a valid module still.
        module.extend_from_slice(&[0, 2, 1, b'x']);
        is_refused(visit, "/natter-app.wasm", StandIn::new("application/wasm", module)).await;
    });
}

#[test]
fn an_app_that_is_called_a_text_is_refused_and_said_so() {
    Visitor::new().visits(async |visit| {
        let stand_in = StandIn::new("text/plain", real("natter-app.js")).header("x-content-type-options", "nosniff");
        is_refused(visit, "/natter-app.js", stand_in).await;
    });
}

#[test]
fn a_module_that_is_called_anything_starts_all_the_same() {
    Visitor::new().visits(async |visit| {
        let stand_in = StandIn::new("application/octet-stream", real("natter-app.wasm"))
            .header("x-content-type-options", "nosniff");
        visit.site.stands_in("/natter-app.wasm", stand_in);
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

#[test]
fn what_colours_code_is_refused_when_tampered_with_and_the_chat_goes_on() {
    Visitor::new().visits(async |visit| {
        visit.expects_complaint("integrity");
        visit.site.stands_in("/natter-extra.js", tampered("natter-extra.js"));
        let chat = in_the_chat(visit).await;
        asks_for_code(visit, &chat).await;
        is_told(visit, "answers look plain, no sound is made").await;
        is_harmless(visit).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

#[test]
fn what_debug_fetches_is_refused_when_tampered_with_and_the_chat_goes_on() {
    Visitor::new().visits(async |visit| {
        visit.expects_complaint("integrity");
        visit.site.stands_in("/natter-debug.js", tampered("natter-debug.js"));
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("debug", "true")).await;
        visit.page.opens_chat().await;
        is_told(visit, "natter-debug.js").await;
        is_harmless(visit).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

/// The list of languages and each of its files.
#[test]
fn a_tampered_language_is_refused_and_it_is_english() {
    Visitor::new().visits(async |visit| {
        for name in ["locales/index.json", "locales/de.json"] {
            visit.expects_complaint("integrity");
            let text = String::from_utf8(real(name)).unwrap().replacen('"', " \"", 1);
            visit.site.stands_in(&format!("/{name}"), StandIn::new("application/json", text));
            let chat = visit.site.chat("chat");
            visit.opens(&Fixture::new().attr("endpoint", chat.path()).in_language("de", "ltr")).await;
            visit.page.opens_chat().await;
            visit.page.sees_message(ASSISTANT, "Hi! How can I help you today?").await;
            is_told(visit, "English").await;
            visit.site.stands_back(&format!("/{name}"));
        }
    });
}
