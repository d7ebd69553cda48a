//! An opener of the page's own.

use natter_e2e::{Fixture, Visit, Visitor};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::common::shop;

/// A page with a button, a link and room for more, all of which open the window.
fn with_openers(visit: &Visit, trigger: &str) -> Fixture {
    let (page, _chat) = shop(visit);
    let body = "<main><h1>A shop</h1><button class=\"ask\" aria-label=\"Ask us\"><b>?</b></button> <a class=\"ask\" href=\"/elsewhere\">Help</a> \
        <button id=\"other\" aria-label=\"Other\">-</button><div id=\"late\"></div></main>";
    page.body(body).attr("trigger", trigger).attr("launcher", "false")
}

async fn runs(visit: &Visit, code: &str) -> Value {
    visit.page.script(code, vec![]).await
}

/// What the openers say of themselves.
async fn said(visit: &Visit) -> Value {
    runs(
        visit,
        "return [...document.querySelectorAll('.ask')].map((it) => [it.getAttribute('aria-haspopup'), it.getAttribute('aria-expanded')]);",
    )
    .await
}

async fn says(visit: &Visit, wanted: Value) {
    let state = async || (said(visit).await == wanted).then_some(());
    visit.page.waits(&format!("openers that say {wanted}"), state).await;
}

#[test]
fn it_opens_and_closes_the_window_and_gets_the_focus_back() {
    Visitor::new().visits(async |visit| {
        visit.opens(&with_openers(visit, ".ask")).await;
        visit.hears("ready").await;
        visit.page.click("button", "Ask us").await;
        visit.page.sees("dialog", "AI Assistant").await;
        visit.page.has_focus("textbox", "Ask me anything...").await;
        visit.page.presses(Key::Escape).await;
        visit.page.does_not_see("dialog", "AI Assistant").await;
        visit.page.has_focus("button", "Ask us").await;
        visit.page.presses(Key::Enter).await;
        visit.page.sees("dialog", "AI Assistant").await;
        visit.page.click("button", "Ask us").await;
        visit.page.does_not_see("dialog", "AI Assistant").await;
        visit.page.has_focus("button", "Ask us").await;
        assert!(!visit.page.has("button", "Open chat").await, "launcher=false");
    });
}

#[test]
fn a_press_before_the_app_is_there_is_kept() {
    Visitor::new().visits(async |visit| {
        let gate = visit.site.holds("/natter-app.wasm");
        visit.opens(&with_openers(visit, ".ask").attr("preload", "intent")).await;
        visit.page.click("button", "Ask us").await;
        visit.page.click("button", "Ask us").await;
        gate.opens();
        visit.page.sees("dialog", "AI Assistant").await;
        visit.page.click("button", "Close chat").await;
        visit.page.has_focus("button", "Ask us").await;
        assert_eq!(visit.events("open").await.len(), 1, "an impatient second press does not close it again");
    });
}

#[test]
fn a_link_leads_nowhere_else() {
    Visitor::new().visits(async |visit| {
        visit.opens(&with_openers(visit, ".ask")).await;
        visit.page.click("link", "Help").await;
        visit.page.sees("dialog", "AI Assistant").await;
        assert_eq!(runs(visit, "return location.pathname;").await, "/page/shop");
        visit.page.click("button", "Close chat").await;
        visit.page.has_focus("link", "Help").await;
    });
}

#[test]
fn what_comes_later_or_stands_in_a_component_of_the_page_opens_it_too() {
    Visitor::new().visits(async |visit| {
        visit.opens(&with_openers(visit, ".ask")).await;
        visit.hears("ready").await;
        let code = "const button = (name) => Object.assign(document.createElement('button'), { className: 'ask', ariaLabel: name, textContent: '?' }); \
            late.append(button('Later')); const inside = document.createElement('div'); \
            inside.attachShadow({ mode: 'open' }).append(button('Inside')); late.append(inside); return null;";
        runs(visit, code).await;
        for name in ["Later", "Inside"] {
            visit.page.click("button", name).await;
            visit.page.sees("dialog", "AI Assistant").await;
            visit.page.click("button", "Close chat").await;
            visit.page.has_focus("button", name).await;
        }
    });
}

#[test]
fn the_openers_say_what_they_are() {
    Visitor::new().visits(async |visit| {
        visit.opens(&with_openers(visit, ".ask")).await;
        let (closed, open) = (json!(["dialog", "false"]), json!(["dialog", "true"]));
        says(visit, json!([closed, closed])).await;
        visit.page.click("button", "Ask us").await;
        says(visit, json!([open, open])).await;
        visit.page.presses(Key::Escape).await;
        says(visit, json!([closed, closed])).await;
        runs(visit, "Natter.update({ trigger: '#other' }); return null;").await;
        says(visit, json!([[null, null], [null, null]])).await;
        visit.page.click("button", "Other").await;
        visit.page.sees("dialog", "AI Assistant").await;
        runs(visit, "Natter.update({ trigger: '.ask' }); return null;").await;
        says(visit, json!([open, open])).await;
        runs(visit, "Natter.destroy(); return null;").await;
        says(visit, json!([[null, null], [null, null]])).await;
        visit.page.click("button", "Other").await;
        assert!(!visit.page.has("dialog", "AI Assistant").await);
    });
}

#[test]
fn an_opener_that_is_no_selector_is_named() {
    Visitor::new().visits(async |visit| {
        visit.opens(&with_openers(visit, "##")).await;
        let named = async || {
            visit.probe().await.warnings.into_iter().find(|it| it.contains("trigger") && it.contains("selector"))
        };
        visit.page.waits("a warning that names the trigger", named).await;
        visit.page.click("button", "Other").await;
    });
}
