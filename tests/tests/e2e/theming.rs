//! What an owner can change about the looks, and what holds whatever they choose.

use natter_e2e::page::Area;
use natter_e2e::{Fixture, Visit, Visitor};
use serde_json::json;
use thirtyfour::Key;

use crate::common::{exchange, in_the_chat, is_answered, shop};

/// Colours that make trouble: too light, too dark, near the middle, neon, see-through, beyond sRGB, by name.
const HOSTILE: [&str; 10] = [
    "white",
    "black",
    "yellow",
    "#777",
    "#39ff14",
    "rgb(91 78 240 / 0.2)",
    "transparent",
    "oklch(0.8 0.4 150)",
    "color(display-p3 0 0 1)",
    "rebeccapurple",
];

/// Whatever has too little contrast: texts below 4.5:1; icons, the border of a field and the focus ring below 3:1. The grip
/// lies on the header without being in it, and has the colour of the buttons there.
const FAINT: &str = "\
    const ratio = (a, b) => { const [light, dark] = [luminance(a), luminance(b)].sort((a, b) => b - a); \
        return (light + 0.05) / (dark + 0.05); }; \
    const against = (e, colour, ground) => Math.min(...behind(ground).map((below) => ratio(over(channels(colour), below), below))); \
    const own = [...elements()].filter((e) => e.getRootNode() !== document && visible(e) && !e.matches(':disabled, [aria-disabled]')); \
    const text = (e) => [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()); \
    const found = own.filter((e) => text(e) || e.matches('button:not([part=grip])')) \
        .map((e) => [text(e) ? 4.5 : 3, contrast(e), e.textContent.trim() || e.getAttribute('aria-label')]); \
    const field = own.find((e) => e.matches('textarea')); \
    const around = (e) => parseFloat(getComputedStyle(e).borderTopWidth) ? e : around(parentOf(e)); \
    const frame = around(field); \
    found.push([3, against(frame, getComputedStyle(frame).borderTopColor, parentOf(frame)), 'border of the field']); \
    const button = focused(); \
    found.push([3, against(button, getComputedStyle(button).outlineColor, parentOf(button)), 'focus ring']); \
    return found.filter(([least, ratio]) => !(ratio >= least - 0.005)).map(([, ratio, what]) => `${ratio.toFixed(2)}:1 ${what}`);";

async fn stands_any_accent(visit: &Visit, theme: &str) {
    let (page, chat) = shop(visit);
    visit.opens(&page.attr("theme", theme).attr("suggestions", r#"["Where are you?"]"#)).await;
    visit.page.opens_chat().await;
    visit.page.sees("button", "Where are you?").await;
    visit.page.asks("Hello?").await;
    chat.next().await.answers("See [our terms](/terms).").await;
    is_answered(visit, "See our terms.").await;
    visit.page.asks("Fail?").await;
    chat.next().await.fails(500, "internal", "Failed to process your message");
    visit.page.sees("button", "Retry").await;
    // A button in the accent's own colour, and the ring with it.
    visit.page.click("button", "Clear history").await;
    visit.page.sees("button", "Undo").await;
    visit.page.click("button", "Undo").await;
    visit.page.sees("button", "Clear history").await;
    visit.page.click("textbox", "Ask me anything...").await;
    visit.page.presses(Key::Tab).await;
    visit.page.has_focus("button", "Copy conversation").await;
    for accent in HOSTILE {
        let update = "Natter.update({ accent: arguments[0] }); return null;";
        visit.page.script::<Option<bool>>(update, vec![json!(accent)]).await;
        // Ring and ground change over a moment.
        let clear = async || {
            let faint: Vec<String> = visit.page.script(FAINT, vec![]).await;
            faint.is_empty().then_some(())
        };
        let said = format!("contrast with {accent} on {theme}");
        visit.page.waits(&said, clear).await;
    }
}

#[test]
fn any_accent_keeps_its_contrast_in_the_light() {
    Visitor::new().with_less_motion().visits(async |visit| stands_any_accent(visit, "light").await);
}

#[test]
fn any_accent_keeps_its_contrast_in_the_dark() {
    Visitor::new().with_less_motion().visits(async |visit| stands_any_accent(visit, "dark").await);
}

/// Waits until the window's text is light, as it is on a dark ground, or dark.
async fn is_dark(visit: &Visit, dark: bool) {
    let log = visit.page.sees("log", "Chat messages").await;
    let code = "return luminance(channels(getComputedStyle(arguments[0]).color)) > 0.5;";
    let state = async || (visit.page.script_on::<bool>(&log, code).await == dark).then_some(());
    visit.page.waits(if dark { "a dark window" } else { "a light window" }, state).await;
}

async fn declares(visit: &Visit, code: &str) {
    visit.page.script::<Option<bool>>(&format!("{code}; return null;"), vec![]).await;
}

#[test]
fn the_widget_goes_with_what_the_page_declares_and_not_with_the_system() {
    for dark in [false, true] {
        let visitor = if dark { Visitor::new().in_the_dark() } else { Visitor::new() };
        visitor.visits(async |visit| {
            in_the_chat(visit).await;
            is_dark(visit, dark).await;
            declares(visit, "document.documentElement.style.colorScheme = 'dark'").await;
            is_dark(visit, true).await;
            declares(visit, "document.documentElement.style.colorScheme = 'light'").await;
            is_dark(visit, false).await;
            declares(visit, "document.documentElement.style.colorScheme = ''").await;
            is_dark(visit, dark).await;
            // As pages with a class for it do.
            let sheet = "const sheet = new CSSStyleSheet(); sheet.replaceSync('.dark { color-scheme: dark }'); \
                document.adoptedStyleSheets = [sheet]; document.documentElement.classList.add('dark')";
            declares(visit, sheet).await;
            is_dark(visit, true).await;
            declares(visit, "Natter.update({ theme: 'light' })").await;
            is_dark(visit, false).await;
        });
    }
}

#[test]
fn a_meta_element_declares_it_too() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        let meta = "document.head.append(Object.assign(document.createElement('meta'), { name: 'color-scheme', content: 'dark' }));";
        visit.opens(&page.before("meta.js", meta)).await;
        visit.page.opens_chat().await;
        is_dark(visit, true).await;
    });
}

async fn window(visit: &Visit) -> Area {
    let window = visit.page.sees("dialog", "AI Assistant").await;
    visit.page.area_of(&window).await
}

/// Waits until the window is about that wide and high.
async fn is_as_large_as(visit: &Visit, width: f64, height: f64) {
    let state = async || {
        let area = window(visit).await;
        ((area.width() - width).abs() < 2.0 && (area.height() - height).abs() < 2.0).then_some(())
    };
    visit.page.waits(&format!("a window of {width} x {height}"), state).await;
}

#[test]
fn the_window_is_resized_by_its_corner_and_stays_so() {
    Visitor::new().with_less_motion().visits(async |visit| {
        in_the_chat(visit).await;
        let before = window(visit).await;
        let grip = visit.page.sees("button", "Resize window").await;
        let at = visit.page.area_of(&grip).await;
        assert!(at.width() >= 24.0 && at.height() >= 24.0, "the grip is too small to hit: {at:?}");
        let (x, y) = ((at.left + 10.0) as i64, (at.top + 10.0) as i64);
        let drag = visit.page.driver().action_chain().move_to(x, y).click_and_hold();
        drag.move_by_offset(-60, 40).release().perform().await.unwrap();
        is_as_large_as(visit, before.width() + 60.0, before.height() - 40.0).await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        is_as_large_as(visit, before.width() + 60.0, before.height() - 40.0).await;
        // A double click brings the owner's size back, for good.
        for _ in 0..2 {
            visit.page.click("button", "Resize window").await;
        }
        is_as_large_as(visit, before.width(), before.height()).await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees("button", "Resize window").await;
        is_as_large_as(visit, before.width(), before.height()).await;
    });
}

#[test]
fn the_window_is_resized_by_keyboard_within_its_limits() {
    Visitor::new().with_less_motion().visits(async |visit| {
        in_the_chat(visit).await;
        let before = window(visit).await;
        visit.page.sees("button", "Resize window").await;
        let reached = async || {
            visit.page.presses_with(Key::Shift, Key::Tab).await;
            (visit.page.focus().await.1 == "Resize window").then_some(())
        };
        visit.page.waits("the focus on the grip", reached).await;
        visit.page.presses(Key::Left).await;
        visit.page.presses(Key::Down).await;
        is_as_large_as(visit, before.width() + 20.0, before.height() - 20.0).await;
        for _ in 0..10 {
            visit.page.presses(Key::Right).await;
        }
        is_as_large_as(visit, 280.0, before.height() - 20.0).await;
        // As large as the page, and back.
        visit.page.presses(Key::Enter).await;
        is_as_large_as(visit, 1280.0 - 48.0, 800.0 - 48.0).await;
        visit.page.presses(Key::Enter).await;
        is_as_large_as(visit, before.width(), before.height()).await;
    });
}

#[test]
fn a_window_that_is_the_screen_is_not_resized() {
    Visitor::new().with_phone().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        visit.page.does_not_see("button", "Resize window").await;
    });
}

#[test]
fn properties_on_the_element_change_the_looks() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let (page, _chat) = shop(visit);
        let look = "const sheet = new CSSStyleSheet(); sheet.replaceSync('natter-chat { --natter-width: 500px; --natter-radius: 0px; \
            --natter-gap: 40px; --natter-launcher-size: 80px } natter-chat::part(title) { letter-spacing: 3px }'); \
            document.adoptedStyleSheets = [sheet];";
        visit.opens(&page.before("look.js", look)).await;
        let launcher = visit.page.sees("button", "Open chat").await;
        let launcher = visit.page.area_of(&launcher).await;
        // Beside the page's own scroll bar.
        let edge: f64 = visit.page.script("return document.documentElement.clientWidth;", vec![]).await;
        assert!((launcher.width() - 80.0).abs() < 1.0 && (edge - launcher.right - 40.0).abs() < 1.0, "{launcher:?}");
        visit.page.opens_chat().await;
        let area = window(visit).await;
        assert!((area.width() - 500.0).abs() < 1.0 && (edge - area.right - 40.0).abs() < 1.0, "{area:?}");
        let code = "const style = (name) => getComputedStyle(part(name)); \
            return [style('window').borderTopLeftRadius, style('title').letterSpacing];";
        let seen: [String; 2] = visit.page.script(code, vec![]).await;
        assert_eq!(seen, ["0px", "3px"]);
    });
}

/// What the theme page's controls and its snippet are compared by.
const LOOK: &str = "const style = (name) => getComputedStyle(part(name)); \
    return [style('window').borderTopLeftRadius, style('window').width, style('header').paddingTop, \
        style('header').backgroundImage, style('title').fontFamily, part('title').textContent];";

#[test]
fn the_theme_page_shows_what_its_snippet_gives() {
    Visitor::new().with_less_motion().visits(async |visit| {
        visit.page.goes_to(&format!("{}/examples/theme.html", visit.site.origin())).await;
        visit.page.sees("dialog", "AI Assistant").await;
        let before: Vec<String> = visit.page.script(LOOK, vec![]).await;
        let change = "const controls = document.querySelector('form').elements; \
            const values = { accent: '#0f766e', radius: '8', density: '0.8', width: '450', title: 'Ask \"us\"', font: 'Georgia, serif' }; \
            for (const [name, value] of Object.entries(values)) { controls[name].value = value; \
                controls[name].dispatchEvent(new Event('input', { bubbles: true })); } return null;";
        visit.page.script::<Option<bool>>(change, vec![]).await;
        visit.page.sees("dialog", "Ask \"us\"").await;
        let preview: Vec<String> = visit.page.script(LOOK, vec![]).await;
        for (before, after) in before.iter().zip(&preview) {
            assert_ne!(before, after, "a control changed nothing: {preview:?}");
        }
        let snippet = visit.page.sees("region", "Snippet").await;
        let snippet = visit.page.text_of(&snippet).await;
        visit.page.click("button", "Copy the snippet").await;
        visit.page.reads("Copied.").await;
        let html = format!("<!DOCTYPE html><html lang=\"en\"><title>A shop</title><body>{snippet}</body></html>");
        visit.opens(&Fixture::html(&html).without_policy()).await;
        visit.page.opens_chat().await;
        visit.page.sees("dialog", "Ask \"us\"").await;
        assert_eq!(visit.page.script::<Vec<String>>(LOOK, vec![]).await, preview);
    });
}
