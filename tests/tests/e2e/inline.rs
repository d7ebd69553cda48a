//! A window that is a part of the page.

use natter_e2e::page::Area;
use natter_e2e::{Chat, Element, Fixture, Visit, Visitor};
use serde_json::Value;
use thirtyfour::Key;

use crate::common::{ASSISTANT, exchange, is_answered};

/// A page with a place for the window, of this size, and a field of its own before it. The endpoint is for what is put there.
fn place(visit: &Visit, size: &str) -> (Fixture, Chat) {
    visit.site.file("/files/help.css", &format!("main {{ padding: 0; }} #help {{ {size} }}"));
    let body = "<link rel=\"stylesheet\" href=\"/files/help.css\"><main><h1>Help</h1>\
        <input aria-label=\"Search\"><div id=\"help\"></div><p id=\"after\">After</p></main>";
    let chat = visit.site.chat("chat");
    (Fixture::new().body(body), chat)
}

/// [`place`], filled by the script tag.
fn inline(visit: &Visit, size: &str) -> (Fixture, Chat) {
    let (page, chat) = place(visit, size);
    (page.attr("mode", "inline").attr("container", "#help").attr("endpoint", chat.path()), chat)
}

async fn window(visit: &Visit) -> (Element, Area) {
    let window = visit.page.sees("region", "AI Assistant").await;
    let area = visit.page.area_of(&window).await;
    (window, area)
}

async fn area(visit: &Visit, selector: &str) -> Area {
    let code = "const { left, top, right, bottom } = document.querySelector(arguments[0]).getBoundingClientRect(); \
        return { left, top, right, bottom };";
    visit.page.script(code, vec![selector.into()]).await
}

async fn runs(visit: &Visit, code: &str) -> Value {
    visit.page.script(code, vec![]).await
}

/// Asks in a window that nobody opened.
async fn converses(visit: &Visit, chat: &Chat) {
    visit.page.click("textbox", "Ask me anything...").await;
    exchange(visit, chat, "Hello?", "Hello!").await;
}

#[test]
fn it_fills_its_container_as_a_region_of_the_page() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = inline(visit, "width: 700px; height: 500px");
        visit.opens(&page).await;
        let (window, area) = window(visit).await;
        assert_eq!(area, self::area(visit, "#help").await);
        assert_eq!((area.width(), area.height()), (700.0, 500.0));
        assert_eq!(visit.page.attribute_of(&window, "aria-modal").await, None);
        assert!(visit.page.all("dialog", None).await.is_empty(), "there is a dialog");
        for (role, name) in [("button", "Open chat"), ("button", "Close chat"), ("button", "Minimize")] {
            assert!(!visit.page.has(role, name).await, "there is a {role} “{name}”");
        }
        visit.page.reads("Hi! How can I help you today?").await;
        converses(visit, &chat).await;
    });
}

#[test]
fn it_needs_no_more_than_320_pixels() {
    Visitor::with_phone(Visitor::new()).visits(async |visit| {
        let (page, chat) = inline(visit, "width: 320px; height: 420px");
        visit.opens(&page).await;
        converses(visit, &chat).await;
        visit.page.asks("A table?").await;
        chat.next()
            .await
            .answers("| a | b |\n|---|---|\n| Alexandria | Byzantium |\n\nAnd `a long line of code`.")
            .await;
        is_answered(visit, "Alexandria").await;
        let (window, area) = window(visit).await;
        assert_eq!(area, self::area(visit, "#help").await);
        for (role, name) in [("button", "Send message"), ("textbox", "Ask me anything..."), ("log", "Chat messages")] {
            let inside = visit.page.area_of(&visit.page.sees(role, name).await).await;
            assert!(inside.left >= area.left && inside.right <= area.right, "{role} “{name}” sticks out: {inside:?}");
        }
        let wider: i64 =
            visit.page.script_on(&window, "return arguments[0].scrollWidth - arguments[0].clientWidth;").await;
        assert_eq!(wider, 0, "it scrolls sideways");
    });
}

#[test]
fn without_a_height_it_has_one_that_no_conversation_changes() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = inline(visit, "width: 500px");
        visit.opens(&page).await;
        let (_, before) = window(visit).await;
        assert!(before.height() >= 320.0, "{before:?}");
        visit.page.click("textbox", "Ask me anything...").await;
        exchange(visit, &chat, "A long answer?", &"A paragraph.\n\n".repeat(60)).await;
        let (_, after) = window(visit).await;
        assert_eq!(before.height(), after.height());
        assert!(area(visit, "#after").await.top >= after.bottom, "it covers what comes after");
    });
}

#[test]
fn an_element_fills_the_place_it_stands_in() {
    Visitor::new().visits(async |visit| {
        visit.site.file("/files/help.css", "#help { width: 600px; height: 400px }");
        let chat = visit.site.chat("chat");
        let body = format!(
            "<link rel=\"stylesheet\" href=\"/files/help.css\"><main><div id=\"help\"><natter-chat mode=\"inline\" endpoint=\"{}\" \
            title=\"Lamp desk\"></natter-chat></div></main>",
            chat.path()
        );
        visit.opens(&Fixture::new().attr("mount", "none").body(&body)).await;
        let window = visit.page.sees("region", "Lamp desk").await;
        assert_eq!(visit.page.area_of(&window).await, area(visit, "#help").await);
        converses(visit, &chat).await;
    });
}

#[test]
fn a_page_can_name_the_container_or_give_the_element() {
    // Frameworks leave things on elements that cannot be written as JSON.
    for container in ["'#help'", "Object.assign(document.getElementById('help'), { owner: window })"] {
        Visitor::new().visits(async |visit| {
            let (page, chat) = place(visit, "width: 600px; height: 400px");
            let code =
                format!("Natter.mount({{ mode: 'inline', container: {container}, endpoint: '{}' }});", chat.path());
            visit.opens(&page.attr("mount", "none").after("mount.js", &code)).await;
            let (_, area) = window(visit).await;
            assert_eq!(area, self::area(visit, "#help").await);
            converses(visit, &chat).await;
            assert_eq!(visit.probe().await.warnings, Vec::<String>::new());
        });
    }
}

#[test]
fn a_container_that_is_not_there_is_named_and_the_window_comes_at_the_end_of_the_page() {
    for container in ["#elsewhere", "##"] {
        Visitor::new().visits(async |visit| {
            let (page, _chat) = place(visit, "");
            visit.opens(&page.attr("mode", "inline").attr("container", container)).await;
            let (_, area) = window(visit).await;
            assert!(area.top >= self::area(visit, "#after").await.bottom, "{area:?}");
            let warnings = visit.probe().await.warnings;
            assert!(warnings.iter().any(|warning| warning.contains(container)), "{warnings:?}");
        });
    }
}

#[test]
fn it_leaves_the_focus_where_it_is_until_the_visitor_comes() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = inline(visit, "height: 400px");
        visit.opens(&page).await;
        window(visit).await;
        visit
            .page
            .check(visit.page.focus().await.0 != "textbox", "the window took the focus as the page was loaded")
            .await;
        visit.page.click("textbox", "Search").await;
        runs(visit, "Natter.open(); Natter.send('From the page'); return null;").await;
        chat.next().await.answers("To the page").await;
        is_answered(visit, "To the page").await;
        visit.page.has_focus("textbox", "Search").await;
        // What the page itself does while nothing has the focus is no reason either.
        runs(visit, "document.activeElement.blur(); Natter.send('Again'); return null;").await;
        chat.next().await.answers("And again").await;
        is_answered(visit, "And again").await;
        visit.page.check(visit.page.focus().await.0 != "textbox", "the window took the focus with an answer").await;
    });
}

#[test]
fn a_pressed_button_that_goes_leaves_the_focus_in_the_window() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = inline(visit, "height: 400px");
        visit.opens(&page.attr("suggestions", "[\"Opening hours?\"]")).await;
        visit.page.click("textbox", "Ask me anything...").await;
        visit.page.types("x").await;
        visit.page.click("button", "Opening hours?").await;
        chat.next().await.answers("Nine to five.").await;
        visit.page.sees_message(ASSISTANT, "Nine to five.").await;
        visit.page.has_focus("textbox", "Ask me anything...").await;
    });
}

#[test]
fn nothing_closes_it() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = inline(visit, "height: 400px");
        visit.opens(&page).await;
        converses(visit, &chat).await;
        visit.page.presses(Key::Escape).await;
        runs(visit, "Natter.close(); Natter.minimize(); Natter.toggle(); return null;").await;
        exchange(visit, &chat, "Still there?", "Still there.").await;
        window(visit).await;
        for name in ["open", "close", "minimize", "expand"] {
            assert!(visit.events(name).await.is_empty(), "natter:{name}");
        }
    });
}

#[test]
fn escape_in_it_is_the_pages_own() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = inline(visit, "height: 400px");
        visit.opens(&page).await;
        visit.page.click("textbox", "Ask me anything...").await;
        runs(visit, "addEventListener('keydown', (event) => { window.left = !event.defaultPrevented; }); return null;")
            .await;
        visit.page.presses(Key::Escape).await;
        assert_eq!(runs(visit, "return window.left;").await, true);
    });
}

#[test]
fn a_bubble_becomes_a_part_of_the_page_and_a_bubble_again() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = place(visit, "width: 600px; height: 400px");
        visit.opens(&page.attr("endpoint", chat.path())).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        visit.page.click("button", "Close chat").await;
        runs(visit, "Natter.update({ mode: 'inline', container: '#help' }); return null;").await;
        let (_, area) = window(visit).await;
        assert_eq!(area, self::area(visit, "#help").await);
        visit.page.sees_message(ASSISTANT, "Hello!").await;
        runs(visit, "Natter.update({ mode: null }); return null;").await;
        let window = visit.page.sees("dialog", "AI Assistant").await;
        let corner = async || (visit.page.area_of(&window).await.left > 640.0).then_some(());
        visit.page.waits("the window in its corner", corner).await;
        visit.page.click("button", "Close chat").await;
        visit.page.sees("button", "Open chat").await;
    });
}

#[test]
fn becoming_a_part_of_the_page_needs_no_click() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = place(visit, "height: 400px");
        visit.opens(&page.attr("endpoint", chat.path()).attr("preload", "intent")).await;
        visit.page.sees("button", "Open chat").await;
        runs(visit, "Natter.update({ mode: 'inline', container: document.getElementById('help') }); return null;")
            .await;
        let (_, area) = window(visit).await;
        assert_eq!(area, self::area(visit, "#help").await);
        visit.page.does_not_see("button", "Open chat").await;
    });
}
