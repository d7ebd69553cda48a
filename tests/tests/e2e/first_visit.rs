//! From the script tag to the open window.

use natter_e2e::{Fixture, Visit, Visitor};
use serde_json::Value;
use thirtyfour::Key;

use crate::common::{ASSISTANT, exchange, in_the_chat, shop};

const APP: [&str; 2] = ["/natter-app.js", "/natter-app.wasm"];

/// Waits until the page has fired load and the browser has had nothing to do, twice.
async fn is_idle(visit: &Visit) {
    let code = "const done = arguments[0]; \
        const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 200)); \
        const settle = () => idle(() => idle(() => done(null))); \
        if (document.readyState === 'complete') settle(); else addEventListener('load', settle);";
    visit.page.driver().execute_async(code, Vec::<Value>::new()).await.unwrap();
}

fn has_app(visit: &Visit) -> bool {
    APP.iter().any(|file| visit.site.was_asked_for(file))
}

async fn gets_app(visit: &Visit, when: &str) {
    let state = async || APP.iter().all(|file| visit.site.was_asked_for(file)).then_some(());
    visit.page.waits(&format!("the app being fetched {when}"), state).await;
}

#[test]
fn the_launcher_is_drawn_from_natter_js_alone() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "intent")).await;
        let launcher = visit.page.sees("button", "Open chat").await;
        let area = visit.page.area_of(&launcher).await;
        assert!(area.width() >= 44.0 && area.height() >= 44.0, "the launcher is too small to hit: {area:?}");
        is_idle(visit).await;
        assert!(visit.site.was_asked_for("/natter.js"));
        assert!(!has_app(visit), "the app was fetched before the visitor showed any interest");
    });
}

#[test]
fn the_dot_of_the_launcher_is_there_at_once() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "intent")).await;
        visit.page.sees_part("badge").await;
    });
}

#[test]
fn pointing_at_the_launcher_fetches_the_app() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "intent")).await;
        let launcher = visit.page.sees("button", "Open chat").await;
        visit.page.points_at(&launcher).await;
        gets_app(visit, "when the pointer is over the launcher").await;
    });
}

#[test]
fn reaching_the_launcher_with_the_keyboard_fetches_the_app_and_keeps_the_focus() {
    Visitor::new().visits(async |visit| {
        let gate = visit.site.holds("/natter-app.wasm");
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "intent")).await;
        visit.page.sees("button", "Open chat").await;
        // The first stop is the page's own link.
        visit.page.presses(Key::Tab).await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Open chat").await;
        gets_app(visit, "when the launcher has the focus").await;
        gate.opens();
        visit.hears("ready").await;
        let (role, name) = visit.page.focus().await;
        let kept = format!("{role} “{name}”");
        visit.page.check(name == "Open chat", &format!("the app took the focus away to {kept}")).await;
        visit.page.presses(Key::Enter).await;
        visit.page.sees("dialog", "AI Assistant").await;
    });
}

/// The app has a launcher of its own, but not between the two halves of a click.
#[test]
fn a_press_in_which_the_app_arrives_is_a_click() {
    const ARRIVAL: &str = "const original = WebAssembly.instantiateStreaming; \
        WebAssembly.instantiateStreaming = async (...args) => { \
            const made = await original.apply(WebAssembly, args); \
            requestAnimationFrame(() => requestAnimationFrame(() => { window.appArrived = true; })); \
            return made; };";
    Visitor::new().visits(async |visit| {
        let gate = visit.site.holds("/natter-app.wasm");
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "intent").before("arrival.js", ARRIVAL)).await;
        visit.page.holds_down(&visit.page.sees("button", "Open chat").await).await;
        gets_app(visit, "when the launcher is pressed").await;
        gate.opens();
        let arrived = async || visit.page.script::<bool>("return !!window.appArrived;", vec![]).await.then_some(());
        visit.page.waits("the app arriving", arrived).await;
        visit.page.lets_go().await;
        visit.page.sees("dialog", "AI Assistant").await;
    });
}

#[test]
fn by_default_the_app_waits_for_the_page() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page).await;
        gets_app(visit, "once the page is idle").await;
        let code = "const loaded = performance.getEntriesByType('navigation')[0].loadEventStart; \
            return performance.getEntriesByType('resource').filter((entry) => /natter-app/.test(entry.name)) \
                .every((entry) => entry.startTime >= loaded);";
        let after: bool = visit.page.script(code, vec![]).await;
        assert!(after, "the app competed with the page: it was fetched before `load`");
    });
}

#[test]
fn a_visitor_who_saves_data_fetches_the_app_only_when_it_is_wanted() {
    Visitor::new().visits(async |visit| {
        for (name, connection) in [
            ("saver.js", "{ saveData: true, effectiveType: '4g' }"),
            ("slow.js", "{ saveData: false, effectiveType: '2g' }"),
            ("slower.js", "{ saveData: false, effectiveType: 'slow-2g' }"),
        ] {
            let (page, _chat) = shop(visit);
            let pretend = format!("Object.defineProperty(navigator, 'connection', {{ value: {connection} }});");
            visit.opens(&page.before(name, &pretend)).await;
            visit.page.sees("button", "Open chat").await;
            is_idle(visit).await;
            assert!(!has_app(visit), "the app was fetched over a connection with {connection}");
        }
        visit.page.click("button", "Open chat").await;
        visit.page.sees("dialog", "AI Assistant").await;
    });
}

#[test]
fn eager_fetches_the_app_at_once() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "eager")).await;
        gets_app(visit, "at once").await;
    });
}

#[test]
fn a_click_before_the_app_is_there_is_kept() {
    Visitor::new().visits(async |visit| {
        let gate = visit.site.holds("/natter-app.wasm");
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "intent")).await;
        visit.page.click("button", "Open chat").await;
        gets_app(visit, "after a click").await;
        assert!(!visit.page.has("dialog", "AI Assistant").await, "the app cannot be there yet");
        gate.opens();
        visit.page.sees("dialog", "AI Assistant").await;
        visit.page.has_focus("textbox", "Ask me anything...").await;
    });
}

#[test]
fn the_first_thing_to_read_is_the_greeting() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        visit.page.sees_message(ASSISTANT, "Hi! How can I help you today?").await;
        assert_eq!(visit.page.messages(ASSISTANT).await.len(), 1, "there is more than the greeting");
    });
}

#[test]
fn owners_choose_title_greeting_and_placeholder() {
    Visitor::new().visits(async |visit| {
        let page = Fixture::new()
            .attr("title", "Lamp Desk")
            .attr("greeting", "Welcome to the lamps & more!")
            .attr("placeholder", "Which lamp?");
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        visit.page.sees("dialog", "Lamp Desk").await;
        visit.page.reads("Lamp Desk").await;
        visit.page.sees_message(ASSISTANT, "Welcome to the lamps & more!").await;
        let composer = visit.page.sees("textbox", "Which lamp?").await;
        let placeholder = visit.page.attribute_of(&composer, "placeholder").await;
        assert_eq!(placeholder.as_deref(), Some("Which lamp?"), "what the empty field says");
    });
}

#[test]
fn the_greeting_is_never_sent() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "First?", "One.").await;
        exchange(visit, &chat, "Second?", "Two.").await;
        for body in chat.bodies() {
            assert!(!body.to_string().contains("How can I help"), "the greeting was sent: {body}");
        }
    });
}

#[test]
fn a_page_can_open_the_window_by_itself() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("open", "true").attr("preload", "intent")).await;
        visit.page.sees("dialog", "AI Assistant").await;
        visit.page.sees_message(ASSISTANT, "Hi! How can I help you today?").await;
    });
}
