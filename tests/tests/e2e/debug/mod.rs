//! `debug` says on the console, in plain words, what is wrong around the widget. Each sentence here is explained in
//! docs/debugging.md.

mod buffering;
mod cors;
mod endpoint;
mod files;
mod page;
mod policy;

use std::fs;

use natter_e2e::{Fixture, Visit, Visitor};

use crate::common::{ASSISTANT, asks_for_code, shop};

/// What every sentence begins with.
const PREFIX: &str = "Natter debug: ";

/// Everything `debug` said.
async fn said(visit: &Visit) -> Vec<String> {
    let warnings = visit.probe().await.warnings;
    warnings.iter().filter_map(|warning| warning.strip_prefix(PREFIX)).map(str::to_owned).collect()
}

/// Waits for a sentence that holds all of `parts`, and gives it. The page on debugging knows it.
async fn is_told(visit: &Visit, parts: &[&str]) -> String {
    let fits = |sentence: &String| parts.iter().all(|part| sentence.contains(part));
    let sentence = visit
        .page
        .waits(&format!("a sentence with {parts:?} on the console"), async || said(visit).await.into_iter().find(fits))
        .await;
    let explained = fs::read_to_string(format!("{}/../docs/debugging.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    // The page has the parts that are the same everywhere, in bold.
    let known = explained.split("**").skip(1).step_by(2).any(|words| sentence.contains(words));
    assert!(known, "docs/debugging.md does not explain: {sentence}");
    sentence
}

/// A page with `debug` whose questions go to `endpoint`.
fn page(endpoint: &str) -> Fixture {
    Fixture::new().attr("debug", "true").attr("endpoint", endpoint)
}

/// Goes there and asks.
async fn asks(visit: &Visit, page: &Fixture) {
    visit.opens(page).await;
    visit.page.opens_chat().await;
    visit.page.asks("Hello?").await;
}

#[test]
fn where_all_is_well_it_says_nothing() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        visit.opens(&page(chat.path()).in_language("de", "ltr").attr("locale", "en")).await;
        visit.page.opens_chat().await;
        asks_for_code(visit, &chat).await;
        assert!(visit.site.was_asked_for("/natter-debug.js"));
        assert_eq!(visit.probe().await.warnings, Vec::<String>::new());
    });
}

#[test]
fn without_it_nothing_is_fetched_and_nothing_said() {
    Visitor::new().visits(async |visit| {
        for debug in [None, Some("false")] {
            let (page, chat) = shop(visit);
            let page = debug.iter().fold(page, |page, value| page.attr("debug", value));
            visit.opens(&page.attr("storage", "none")).await;
            visit.page.opens_chat().await;
            visit.page.asks("Hello?").await;
            chat.next().await.refuses(404, "text/html", "<!DOCTYPE html><title>Nothing here</title>");
            visit.page.sees("alert", "…").await;
            assert!(!visit.site.was_asked_for("/natter-debug.js"));
            assert_eq!(visit.probe().await.warnings, Vec::<String>::new());
        }
    });
}

/// An endpoint gets with it what it gets without.
#[test]
fn it_changes_nothing_of_what_is_sent() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        let mut sent = Vec::new();
        for debug in ["false", "true"] {
            let page = Fixture::new().attr("debug", debug).attr("endpoint", chat.path()).attr("storage", "none");
            visit.opens(&page.attr("headers", r#"{"x-key":"1"}"#)).await;
            visit.page.opens_chat().await;
            visit.page.asks("Hello?").await;
            let mut asked = chat.next().await;
            let headers = ["content-type", "x-key", "accept", "origin", "referer"];
            let headers = headers.map(|name| asked.headers.get(name).cloned());
            asked.body.as_object_mut().unwrap().remove("id");
            sent.push((asked.method.clone(), asked.path.clone(), asked.body.clone(), headers));
            asked.answers("Hello!").await;
            visit.page.sees_message(ASSISTANT, "Hello!").await;
        }
        assert_eq!(sent[0], sent[1]);
        assert!(visit.site.asked().iter().all(|asked| asked.method != "HEAD"), "an endpoint that answers is not tried");
    });
}
