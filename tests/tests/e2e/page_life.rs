//! What a destroyed widget leaves behind: nothing. And what is on paper: no chat.

use futures_util::future::{Either, select};
use natter_e2e::engine::{Ability, Engine};
use natter_e2e::{Chat, Dialect, Exchange, Fixture, Visit, Visitor, wait};
use serde_json::{Value, json};

use crate::common::in_the_chat;

/// Counts what is left of what was begun, see there.
const LEDGER: &str = include_str!("../../assets/ledger.js");

/// Mounts, opens, asks and destroys while the answer arrives, again and again.
const CYCLES: &str = "const [endpoint, count] = arguments; \
    const until = async (state) => { while (!state()) await new Promise((done) => setTimeout(done, 4)); }; \
    return (async () => { for (let n = 0; n < count; n++) { \
        Natter.mount({ endpoint }).destroy(); \
        const hasty = Natter.mount({ endpoint, open: true }); \
        await null; \
        hasty.destroy(); \
        const handle = Natter.mount({ endpoint, theme: n % 2 ? 'dark' : 'light' }); \
        await handle.ready; \
        handle.open(); \
        handle.send('Count?'); \
        const answers = (count) => until(() => { const messages = handle.getMessages(); \
            return messages.length === count && messages.at(-1).content.startsWith('Half'); }); \
        await answers(2); \
        handle.stop(); \
        await until(() => !CSS.highlights || [...CSS.highlights.values()].some((coloured) => coloured.size)); \
        handle.send('Again?'); \
        await answers(4); \
        handle.destroy(); \
        await new Promise((done) => setTimeout(done)); \
        localStorage.clear(); \
    } return null; })();";

/// Lets `count` widgets live and die; the endpoint answers half of what each asks.
async fn live_and_die(visit: &Visit, chat: &Chat, count: usize) {
    let cycles = visit.page.script::<Option<bool>>(CYCLES, vec![json!(chat.path()), json!(count)]);
    let answering = async {
        let mut replies: Vec<Exchange> = Vec::new();
        loop {
            let mut reply = chat.next().await;
            reply.begins(Dialect::UiMessage).await;
            reply.says("Half\n\n```js\nconst a = 1;\n```\n\n").await;
            replies.push(reply);
            // The ones before were left by their widgets.
            for left in replies.drain(..replies.len() - 1) {
                left.left().await;
            }
        }
    };
    if let Either::Right(((), _)) = select(Box::pin(cycles), Box::pin(answering)).await {
        unreachable!("the endpoint answers for as long as there are widgets");
    }
}

/// A page without a widget that knows how to make one, and the endpoint for it.
async fn opens_without_widget(visit: &Visit, page: Fixture) -> Chat {
    let chat = visit.site.chat("chat");
    visit.opens(&page.attr("mount", "none")).await;
    chat
}

#[test]
fn a_hundred_destroyed_widgets_leave_nothing_behind() {
    Visitor::new().visits(async |visit| {
        let chat = opens_without_widget(visit, Fixture::new().before("ledger.js", LEDGER)).await;
        let before: Value = visit.page.script("return ledger();", vec![]).await;
        for _ in 0..10 {
            live_and_die(visit, &chat, 10).await;
        }
        // What was begun for all widgets, as the wait for words, may take a moment to end.
        let mut after = Value::Null;
        let state = async || {
            after = visit.page.script("return ledger();", vec![]).await;
            (after == before).then_some(())
        };
        if wait::until(state).await.is_none() {
            panic!("before the first widget there was {before:#}\nafter the last {after:#}");
        }
    });
}

/// Bytes in use on JavaScript's heap after everything that can go is gone.
async fn heap(visit: &Visit) -> f64 {
    // What the probe and the browser note of each request is theirs.
    let forget = "natterProbe.events.length = 0; performance.clearResourceTimings(); return null;";
    visit.page.script::<Option<bool>>(forget, vec![]).await;
    for _ in 0..3 {
        visit.page.devtools("HeapProfiler.collectGarbage", json!({})).await;
    }
    let usage = visit.page.devtools("Runtime.getHeapUsage", json!({})).await;
    usage["usedSize"].as_f64().unwrap() + usage["embedderHeapUsedSize"].as_f64().unwrap_or_default()
}

/// Only Chromium tells how much memory is in use. Elsewhere it is the app's own that must not grow.
#[test]
fn a_hundred_destroyed_widgets_leave_the_memory_flat() {
    const MEMORY: &str = "for (const name of ['instantiate', 'instantiateStreaming']) { \
            const original = WebAssembly[name]; \
            WebAssembly[name] = async (...args) => { \
                const made = await original.apply(WebAssembly, args); \
                window.appMemory = Object.values(made.instance.exports).find((it) => it instanceof WebAssembly.Memory); \
                return made; }; }";
    Visitor::new().visits(async |visit| {
        let chat = opens_without_widget(visit, Fixture::new().before("memory.js", MEMORY)).await;
        let chromium = Engine::current().lacks(Ability::Devtools).is_none();
        let app = async || visit.page.script::<f64>("return appMemory.buffer.byteLength;", vec![]).await;
        for _ in 0..4 {
            live_and_die(visit, &chat, 10).await;
        }
        let app_before = app().await;
        let before = if chromium { heap(visit).await } else { 0.0 };
        for _ in 0..10 {
            live_and_die(visit, &chat, 10).await;
        }
        let grown = if chromium { heap(visit).await - before } else { 0.0 };
        println!("100 widgets: the heap has grown by {grown} bytes, the app's memory by {}", app().await - app_before);
        assert_eq!(app().await, app_before, "the app's memory has grown");
        assert!(grown < 30_000.0, "the heap has grown by {grown} bytes");
    });
}

#[test]
fn paper_shows_neither_launcher_nor_window() {
    Visitor::new().needing(Ability::Devtools).visits(async |visit| {
        let prints = async |yes: bool| {
            let media = if yes { "print" } else { "" };
            visit.page.devtools("Emulation.setEmulatedMedia", json!({"media": media})).await;
        };
        in_the_chat(visit).await;
        prints(true).await;
        visit.page.does_not_see("dialog", "AI Assistant").await;
        assert!(visit.page.has("heading", "A shop").await, "the page itself is printed");
        prints(false).await;
        visit.page.click("button", "Close chat").await;
        visit.page.sees("button", "Open chat").await;
        prints(true).await;
        visit.page.does_not_see("button", "Open chat").await;
        prints(false).await;
        visit.page.sees("button", "Open chat").await;
    });
}
