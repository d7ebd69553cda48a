//! Enlarged pages: 200 and 400 %, large root letters, and the spacing that readers choose (WCAG 2.2, 1.4.4, 1.4.10 and
//! 1.4.12). A browser at 400 % gives a page of 1280 × 1024 px a window of 320 × 256.

use natter_e2e::{Fixture, Visit, Visitor};

use super::{measures, stocked, walks_through};

/// Walks through all states in a window of that size: nothing is cut off, and everything can be brought into sight.
async fn shows_all(visit: &Visit, change: impl Fn(Fixture) -> Fixture, (lang, width, height): (&str, u32, u32)) {
    let (page, chat) = stocked(visit);
    visit.page.is_sized(width, height).await;
    walks_through(visit, &change(page.in_language(lang, "ltr")), &chat, lang, async |state| {
        let clipped: Vec<String> = measures(visit, "return clipped();").await;
        assert!(clipped.is_empty(), "{state}, {width} × {height} px, {lang}: {clipped:#?}");
        let lost: Vec<String> = measures(visit, "return unreachable();").await;
        assert!(lost.is_empty(), "{state}, {width} × {height} px, {lang}: out of reach are {lost:#?}");
    })
    .await;
}

#[test]
fn nothing_is_lost_at_200_percent() {
    Visitor::new().with_less_motion().visits(async |visit| shows_all(visit, |page| page, ("en", 640, 512)).await);
}

#[test]
fn nothing_is_lost_at_400_percent() {
    Visitor::new().with_less_motion().visits(async |visit| shows_all(visit, |page| page, ("en", 320, 256)).await);
}

#[test]
fn nothing_is_lost_at_400_percent_in_german() {
    Visitor::new().with_less_motion().visits(async |visit| shows_all(visit, |page| page, ("de", 320, 256)).await);
}

/// As a reader's extension does it: what WCAG asks for, and twice the size of the page's letters.
const SPACED: &str = "document.addEventListener('natter:ready', (event) => { \
    document.documentElement.style.fontSize = '200%'; \
    const sheet = new CSSStyleSheet(); \
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } \
        p { margin-bottom: 2em !important }'); \
    event.target.shadowRoot.adoptedStyleSheets.push(sheet); });";

#[test]
fn nothing_is_lost_with_the_readers_own_spacing() {
    Visitor::new().with_less_motion().visits(async |visit| {
        shows_all(visit, |page| page.before("spaced.js", SPACED), ("en", 320, 640)).await;
    });
}

#[test]
fn nothing_is_lost_with_the_readers_own_spacing_in_a_wide_window() {
    Visitor::new().with_less_motion().visits(async |visit| {
        shows_all(visit, |page| page.before("spaced.js", SPACED), ("de", 1280, 800)).await;
    });
}

#[test]
fn at_400_percent_there_is_room_to_read() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let (page, chat) = stocked(visit);
        visit.page.is_sized(320, 256).await;
        walks_through(visit, &page, &chat, "en", async |state| {
            if let Some(log) = visit.page.find("log", "Chat messages").await {
                let area = visit.page.area_of(&log).await;
                assert!(area.height() >= 96.0, "{state}: the conversation has {} px of 256", area.height());
            }
        })
        .await;
    });
}
