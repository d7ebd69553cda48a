//! A conversation that the visitor steers: again, otherwise, later, and how good it was.

mod copying;
mod days;
mod editing;
mod feedback;
mod keyboard;
mod offline;
mod queue;
mod retry;
mod speech;
mod suggestions;
mod typing;
mod unread;
mod versions;

use natter_e2e::history::put_raw;
use natter_e2e::{Chat, Element, Exchange, Visit};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::common::in_the_chat;

/// Two questions, the second of which waits, and a closed window.
async fn two_asked_and_closed(visit: &Visit) -> (Chat, Exchange) {
    let chat = in_the_chat(visit).await;
    visit.page.asks("First?").await;
    let first = chat.next().await;
    visit.page.asks("Second?").await;
    visit.page.reads("Will be sent next").await;
    visit.page.presses(Key::Escape).await;
    visit.page.sees("button", "Open chat").await;
    (chat, first)
}

/// Role and content of messages, as [`natter_e2e::Exchange::messages`] gives them.
fn said(messages: &[(&str, &str)]) -> Vec<(String, String)> {
    messages.iter().map(|(role, content)| ((*role).into(), (*content).into())).collect()
}

/// The messages as the page gets them from the widget.
async fn public_messages(visit: &Visit) -> Vec<Value> {
    visit.page.script("return window.Natter.getMessages();", vec![]).await
}

/// Leaves a conversation in the storage, as the plain array that older widgets wrote: role, text, and how many ms ago.
async fn has_said(visit: &Visit, messages: &[(&str, &str, u64)]) {
    let now = natter_e2e::history::now_ms();
    let stored = |(index, (role, content, ago)): (usize, &(&str, &str, u64))| json!({"id": format!("m{index}"), "role": role, "content": content, "timestamp": now - ago});
    let stored: Vec<Value> = messages.iter().enumerate().map(stored).collect();
    visit.waits_outside().await;
    let units: Vec<u16> = json!(stored).to_string().encode_utf16().collect();
    put_raw(&visit.page, natter_e2e::history::KEY, &units).await;
}

/// Clicks one of several buttons of the same name.
async fn clicks(visit: &Visit, button: &Element) {
    visit.page.points_at(button).await;
    visit.page.driver().action_chain().click().perform().await.unwrap();
}

/// Waits until the keyboard is somewhere in the widget, as it must be after everything that a visitor does in it.
///
/// An element that goes or is disabled loses the focus when the next frame is drawn, so two frames go by first.
async fn keeps_the_focus(visit: &Visit, after: &str) {
    let code = "return new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() => \
        tell(focused()?.getRootNode() === root()))));";
    let kept: bool = visit.page.script(code, vec![]).await;
    let (role, name) = visit.page.focus().await;
    visit.page.check(kept, &format!("after {after} the keyboard is lost: it is on {role} “{name}”")).await;
}

/// Keeps every text that `look`, a JavaScript function, gives from now on in `window[name]`, with its time in ms.
async fn records(visit: &Visit, name: &str, look: &str) {
    let code = format!(
        "const look = {look}; let last = look(); const kept = window[arguments[0]] = []; \
         new MutationObserver(() => {{ const text = look(); if (text === last) return; last = text; \
         kept.push([performance.now(), text]); }}) \
         .observe(root(), {{ subtree: true, childList: true, characterData: true, attributes: true }}); return null;"
    );
    visit.page.script::<Option<bool>>(&code, vec![json!(name)]).await;
}

/// What [`records`] has kept so far.
async fn recorded(visit: &Visit, name: &str) -> Vec<(f64, String)> {
    visit.page.script("return window[arguments[0]];", vec![json!(name)]).await
}
