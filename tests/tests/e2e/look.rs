//! Where the widget is and what it looks like.

use natter_e2e::browser::{DESKTOP, PHONE};
use natter_e2e::engine::{Ability, Engine};
use natter_e2e::page::Area;
use natter_e2e::{Element, Visit, Visitor};
use thirtyfour::Key;

use crate::common::{ASSISTANT, USER, exchange, in_the_chat, shop};

async fn area(visit: &Visit, role: &str, name: &str) -> Area {
    let element = visit.page.sees(role, name).await;
    visit.page.area_of(&element).await
}

/// Relative luminance of an element's text, 0 for black and 1 for white.
async fn ink(visit: &Visit, element: &Element) -> f64 {
    visit.page.script_on(element, "return luminance(channels(getComputedStyle(arguments[0]).color));").await
}

/// Waits until the opening motion is over, so that what is measured stays. WebKit goes on to list what has ended.
async fn has_settled(visit: &Visit) {
    let code = "return [...elements()].filter((e) => e.shadowRoot).flatMap((e) => e.shadowRoot.getAnimations()) \
        .every(({ playState, effect }) => playState === 'finished' || effect.getComputedTiming().endTime === Infinity);";
    let state = async || visit.page.script::<bool>(code, vec![]).await.then_some(());
    visit.page.waits("the motion coming to rest", state).await;
}

async fn is_in_the_corner(visit: &Visit, left: bool) {
    let width = f64::from(DESKTOP.0);
    let launcher = area(visit, "button", "Open chat").await;
    visit.page.opens_chat().await;
    has_settled(visit).await;
    let window = area(visit, "dialog", "AI Assistant").await;
    for (what, area) in [("launcher", launcher), ("window", window)] {
        let gap = if left { area.left } else { width - area.right };
        assert!((0.0..64.0).contains(&gap), "the {what} is not in its corner: {area:?}");
        assert!(
            (0.0..128.0).contains(&(f64::from(DESKTOP.1) - area.bottom)),
            "the {what} is not at the bottom: {area:?}"
        );
        assert!(area.top >= 0.0 && area.left >= 0.0, "the {what} is cut off: {area:?}");
    }
}

#[test]
fn by_default_it_is_on_the_right() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "intent")).await;
        is_in_the_corner(visit, false).await;
    });
}

#[test]
fn owners_can_put_it_on_the_left() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("position", "bottom-left").attr("preload", "intent")).await;
        is_in_the_corner(visit, true).await;
    });
}

#[test]
fn it_stays_when_the_page_scrolls() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "eager")).await;
        visit.hears("ready").await;
        let launcher = visit.page.sees("button", "Open chat").await;
        let before = visit.page.area_of(&launcher).await;
        let after: f64 =
            visit.page.script_on(&launcher, "scrollTo(0, 200); return arguments[0].getBoundingClientRect().top;").await;
        assert!((after - before.top).abs() < 4.0, "it scrolled along: {} then {after}", before.top);
    });
}

#[test]
fn on_a_phone_the_window_fills_the_screen() {
    Visitor::new().with_phone().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        has_settled(visit).await;
        let window = area(visit, "dialog", "AI Assistant").await;
        let whole = Area { left: 0.0, top: 0.0, right: f64::from(PHONE.0), bottom: f64::from(PHONE.1) };
        let off = [
            window.left - whole.left,
            window.top - whole.top,
            window.right - whole.right,
            window.bottom - whole.bottom,
        ];
        assert!(off.iter().all(|by| by.abs() < 1.5), "the window is {window:?}, the screen {whole:?}");
        exchange(visit, &chat, "Hello?", "Hello!").await;
        let composer = visit.page.composer().await;
        let size: f64 =
            visit.page.script_on(&composer, "return parseFloat(getComputedStyle(arguments[0]).fontSize);").await;
        let touched = Engine::current().lacks(Ability::Touch).is_none();
        assert!(size >= 16.0 || !touched, "phones zoom into a field with letters of {size} px");
        let sideways: bool =
            visit.page.script("return document.documentElement.scrollWidth > innerWidth;", vec![]).await;
        assert!(!sideways, "the page scrolls sideways");
        visit.page.click("button", "Close chat").await;
        visit.page.sees("button", "Open chat").await;
    });
}

/// WebDriver has no keyboard on the screen, so the page pretends: `visualViewport` is what browsers shrink for it.
#[test]
fn on_a_phone_the_window_ends_above_the_keyboard() {
    const KEYBOARD: &str = "\
        const real = window.visualViewport; \
        const fake = new (class extends EventTarget { height = real.height; width = real.width; offsetTop = 0; \
            offsetLeft = 0; pageTop = 0; pageLeft = 0; scale = 1; onresize = null; onscroll = null; })(); \
        Object.defineProperty(window, 'visualViewport', { value: fake }); \
        window.showKeyboard = (height) => { fake.height = innerHeight - height; const event = new Event('resize'); \
            fake.dispatchEvent(event); fake.onresize?.(event); };";
    Visitor::new().with_phone().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.before("keyboard.js", KEYBOARD)).await;
        visit.page.opens_chat().await;
        has_settled(visit).await;
        visit.page.script::<Option<bool>>("showKeyboard(300); return null;", vec![]).await;
        let above = async || {
            let window = visit.page.find("dialog", "AI Assistant").await?;
            let composer = visit.page.find("textbox", "Ask me anything...").await?;
            let (window, composer) = (visit.page.area_of(&window).await, visit.page.area_of(&composer).await);
            let edge = f64::from(PHONE.1) - 300.0;
            ((window.bottom - edge).abs() < 2.0 && composer.bottom <= edge && window.top.abs() < 2.0).then_some(())
        };
        visit.page.waits("a window that ends above the keyboard", above).await;
        visit.page.script::<Option<bool>>("showKeyboard(0); return null;", vec![]).await;
        let whole = async || {
            let window = visit.page.find("dialog", "AI Assistant").await?;
            ((visit.page.area_of(&window).await.bottom - f64::from(PHONE.1)).abs() < 2.0).then_some(())
        };
        visit.page.waits("the whole screen again", whole).await;
    });
}

/// Texts of the window whose contrast is measured: every element with a text of its own.
async fn faint_texts(visit: &Visit) -> Vec<String> {
    let code = "return [...elements()].filter((e) => e.getRootNode() !== document && visible(e) && !e.matches(':disabled') \
            && !e.closest('[disabled]') \
            && [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) \
        .map((e) => ({ text: e.textContent.trim().slice(0, 40), ratio: contrast(e), style: getComputedStyle(e) })) \
        .filter(({ ratio, style }) => ratio < (parseFloat(style.fontSize) >= 24 || \
            (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5)) \
        .map(({ text, ratio }) => `${ratio.toFixed(2)}:1 “${text}”`);";
    visit.page.script(code, vec![]).await
}

async fn is_readable(visit: &Visit, dark: bool) {
    let (page, chat) = shop(visit);
    visit.opens(&page.attr("theme", if dark { "dark" } else { "light" })).await;
    visit.page.opens_chat().await;
    exchange(visit, &chat, "Hello?", "Hello!").await;
    visit.page.asks("Fail?").await;
    chat.next().await.fails(500, "internal", "Failed to process your message");
    visit.page.sees("alert", "…").await;
    has_settled(visit).await;
    let log = visit.page.sees("log", "Chat messages").await;
    let ink = ink(visit, &log).await;
    assert!(if dark { ink > 0.5 } else { ink < 0.2 }, "the text's luminance is {ink}");
    assert_eq!(faint_texts(visit).await, Vec::<String>::new(), "texts below WCAG's AA contrast");
}

#[test]
fn the_light_theme_is_readable() {
    Visitor::new().in_the_dark().visits(async |visit| is_readable(visit, false).await);
}

#[test]
fn the_dark_theme_is_readable() {
    Visitor::new().visits(async |visit| is_readable(visit, true).await);
}

async fn follows_the_system(visit: &Visit) -> f64 {
    in_the_chat(visit).await;
    let log = visit.page.sees("log", "Chat messages").await;
    ink(visit, &log).await
}

#[test]
fn by_default_the_theme_is_the_systems() {
    Visitor::new().visits(async |visit| {
        let ink = follows_the_system(visit).await;
        assert!(ink < 0.2, "dark text is expected on a light system; its luminance is {ink}");
    });
    Visitor::new().in_the_dark().visits(async |visit| {
        let ink = follows_the_system(visit).await;
        assert!(ink > 0.5, "light text is expected on a dark system; its luminance is {ink}");
    });
}

/// The colours of the launcher's ground, as red, green and blue.
async fn launcher_colours(visit: &Visit) -> Vec<Vec<f64>> {
    let launcher = visit.page.sees("button", "Open chat").await;
    visit.page.script_on(&launcher, "return behind(arguments[0]).map((colour) => colour.slice(0, 3));").await
}

#[test]
fn the_accent_colours_launcher_and_window() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("accent", "rgb(160, 20, 30)").attr("preload", "intent")).await;
        let is_red = |colours: &[Vec<f64>]| colours.iter().any(|c| c[0] > c[1] + 60.0 && c[0] > c[2] + 60.0);
        let drawn_by_loader = launcher_colours(visit).await;
        assert!(is_red(&drawn_by_loader), "before the app: {drawn_by_loader:?}");
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        has_settled(visit).await;
        let code = "return [...elements()].filter((e) => e.getRootNode() !== document && visible(e)) \
            .some((e) => behind(e).some(([r, g, b]) => r > g + 60 && r > b + 60));";
        assert!(visit.page.script::<bool>(code, vec![]).await, "nothing in the window has the accent");
        assert_eq!(faint_texts(visit).await, Vec::<String>::new(), "texts below WCAG's AA contrast");
        visit.page.presses(Key::Escape).await;
        let drawn_by_app = launcher_colours(visit).await;
        assert!(is_red(&drawn_by_app), "the app's launcher: {drawn_by_app:?}");
    });
}

/// Light ones, dark ones, and those near the middle, where neither black nor white is an easy choice.
#[test]
fn text_on_any_accent_is_readable() {
    for accent in ["#ffd400", "#e00000", "#777", "#dc2626", "#e11d48", "#c026d3", "#db2777", "#10b981", "#111"] {
        Visitor::new().visits(async |visit| {
            let (page, chat) = shop(visit);
            visit.opens(&page.attr("accent", accent)).await;
            visit.page.opens_chat().await;
            exchange(visit, &chat, "Hello?", "Hello!").await;
            has_settled(visit).await;
            assert_eq!(faint_texts(visit).await, Vec::<String>::new(), "texts below WCAG's AA contrast on {accent}");
        });
    }
}

#[test]
fn the_sites_style_stays_outside() {
    Visitor::new().visits(async |visit| {
        // assets/page.css shrinks the page's root font, and draws buttons and fields in ways of its own.
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        for name in [USER, ASSISTANT] {
            let message = visit.page.sees("article", name).await;
            let code = "const style = getComputedStyle(arguments[0]); return [style.fontSize, style.fontFamily, style.letterSpacing];";
            let (size, family, spacing): (String, String, String) = visit.page.script_on(&message, code).await;
            let size: f64 = size.trim_end_matches("px").parse().unwrap();
            assert!((14.0..=18.0).contains(&size), "the letters of an {name} are {size} px high");
            assert_ne!(family, "serif", "the page's font reached the widget");
            assert_eq!(spacing, "normal", "the page's letter spacing reached the widget");
        }
        let composer = visit.page.composer().await;
        let yellow: String = visit.page.script_on(&composer, "return getComputedStyle(arguments[0]).backgroundColor;").await;
        assert_ne!(yellow, "rgb(255, 255, 0)", "the page's style for fields reached the widget");
    });
}

#[test]
fn messages_are_bubbles_on_their_own_sides() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Hi?", "Yes?").await;
        // The bubble is what has a ground of its own, inside the message.
        let code = "const box = (e) => { const inside = [e, ...e.querySelectorAll('*')].find((at) => { \
                const style = getComputedStyle(at); \
                return channels(style.backgroundColor)[3] > 0 || style.backgroundImage !== 'none'; }) ?? e; \
                const { left, right } = inside.getBoundingClientRect(); return (left + right) / 2; }; \
            return box(arguments[0]);";
        let mut middles = Vec::new();
        for name in [ASSISTANT, USER] {
            let message = visit.page.all("article", Some(name)).await.pop().unwrap();
            middles.push(visit.page.script_on::<f64>(&message, code).await);
        }
        assert!(middles[0] + 40.0 < middles[1], "the assistant is not left of the visitor: {middles:?}");
    });
}

#[test]
fn the_header_is_a_gradient_with_an_icon() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        let close = visit.page.sees("button", "Close chat").await;
        let code = "for (let at = arguments[0]; at; at = parentOf(at)) { \
                if (getComputedStyle(at).backgroundImage.includes('gradient')) \
                    return at.querySelectorAll('svg').length > arguments[0].querySelectorAll('svg').length; } \
            return null;";
        let icon: Option<bool> = visit.page.script_on(&close, code).await;
        assert_eq!(icon, Some(true), "a gradient behind the header's buttons, and an icon in it");
    });
}

#[test]
fn a_long_word_does_not_widen_the_window() {
    Visitor::new().with_phone().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let word = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(6);
        exchange(visit, &chat, "Long?", &word).await;
        let log = visit.page.sees("log", "Chat messages").await;
        let wide: bool = visit
            .page
            .script_on(&log, "const box = scroller(arguments[0]); return box.scrollWidth > box.clientWidth + 1;")
            .await;
        assert!(!wide, "the transcript scrolls sideways");
    });
}
