//! Pages whose style hits everything there is, and the widget too.

use natter_e2e::engine::Engine;
use natter_e2e::page::{Area, Picture};
use natter_e2e::{Dialect, Visit, Visitor};
use serde_json::json;

use crate::common::{begun, is_answered, shop};

/// What a page does to all of its elements, `!important`, and to those that a widget is likely to have. The cover is what
/// many a banner is: before everything else, however high that is.
const HOSTILE: &str = "\
    html { font-size: 200% !important; overflow: hidden !important; } \
    :not(html, body, #cover) { \
        transform: rotate(4deg) scale(0.9) !important; opacity: 0.1 !important; filter: blur(2px) !important; \
        visibility: hidden !important; pointer-events: none !important; position: relative !important; \
        z-index: -1 !important; overflow: hidden !important; clip-path: inset(40%) !important; \
        contain: strict !important; mix-blend-mode: difference !important; will-change: transform !important; \
        font: italic 40px/3 cursive !important; letter-spacing: 0.5em !important; word-spacing: 1em !important; \
        text-transform: uppercase !important; text-indent: 3em !important; text-align: center !important; \
        text-shadow: 2px 2px red !important; color: red !important; cursor: none !important; \
        white-space: pre !important; list-style: square inside !important; margin: 40px !important; \
        padding: 40px !important; border: 9px solid red !important; background: yellow !important; } \
    div, button, span, svg, textarea, p, h2 { display: none !important; } \
    body { display: block !important; transform: translateZ(0) !important; filter: saturate(1.1) !important; } \
    #cover { display: block !important; position: fixed !important; inset: 0 !important; width: 300vw !important; \
        height: 300vh !important; z-index: 2147483647 !important; background: white !important; }";

/// A reset of all values, and what is left of the page's own style after it.
const RESET: &str = "\
    * { all: unset !important; } \
    html { font-size: 62.5% !important; overflow: hidden !important; } \
    body { display: block !important; perspective: 100px !important; } \
    div, button, span, natter-chat { opacity: 0.1 !important; transform: skew(9deg) !important; filter: blur(9px) !important; }";

/// Nothing of that. Scrollbars would move what is compared.
const PLAIN: &str = "html { overflow: hidden; }";

/// Ten past ten, for all that tells the time.
const CLOCK: &str = "(() => { const at = 1790000000000 - (1790000000000 % 86400000) + 16800000; const Real = Date; \
    window.Date = class extends Real { constructor(...args) { args.length ? super(...args) : super(at); } \
        static now() { return at; } }; })();";

/// How many of 255 a pixel may differ in a channel: what smoothing of edges comes to.
const TOLERANCE: u8 = 12;
/// How many pixels of a thousand may differ more than that.
const PER_MILLE: f64 = 0.5;
/// Pixels around what is compared, for its shadow.
const AROUND: f64 = 20.0;

/// A moment of a visit: its name, what it looked like, and where the widget was.
type Moment = (&'static str, Picture, Area);

/// The same visit to a page with this style, in pictures.
async fn moments(visit: &Visit, style: &str) -> Vec<Moment> {
    let (page, chat) = shop(visit);
    visit.site.file("/files/style.css", style);
    let body = "<link rel=\"stylesheet\" href=\"/files/style.css\"><section id=\"cover\"></section>";
    visit.opens(&page.body(body).before("clock.js", CLOCK).attr("preload", "intent")).await;
    let mut moments = Vec::new();
    moments.push(moment(visit, "the loader's launcher", "button", "Open chat").await);
    visit.page.opens_chat().await;
    moments.push(moment(visit, "the open window", "dialog", "AI Assistant").await);
    visit.page.asks("What do you have?").await;
    chat.next().await.answers("# Lamps\n\n- **Small** ones\n- `large` ones\n\n> All of [glass](/glass).").await;
    is_answered(visit, "All of glass.").await;
    let reply = begun(visit, &chat, Dialect::UiMessage, "What do they cost?", "The small ones are ").await;
    visit.page.reads("Typing...").await;
    moments.push(moment(visit, "an answer that is arriving", "dialog", "AI Assistant").await);
    reply.finishes().await;
    visit.page.is_at_rest().await;
    visit.page.click("button", "Close chat").await;
    moments.push(moment(visit, "the app's launcher", "button", "Open chat").await);
    moments
}

/// What one sees now of such an element.
async fn moment(visit: &Visit, what: &'static str, role: &str, name: &str) -> Moment {
    let element = visit.page.sees(role, name).await;
    let Area { left, top, right, bottom } = visit.page.area_of(&element).await;
    let area = Area { left: left - AROUND, top: top - AROUND, right: right + AROUND, bottom: bottom + AROUND };
    // Neither what the pointer is over nor the caret, which blinks, is what is compared.
    visit.page.points_nowhere().await;
    let pointed = async || visit.page.script::<bool>("return !host().matches(':hover');", vec![]).await.then_some(());
    visit.page.waits("a widget that the pointer has left", pointed).await;
    let still = "focused()?.style.setProperty('caret-color', 'transparent'); return null;";
    visit.page.script::<Option<bool>>(still, vec![]).await;
    (what, visit.page.looks().await, area)
}

async fn looks_the_same(visit: &Visit, style: &str) {
    let expected = moments(visit, PLAIN).await;
    visit.waits_outside().await;
    visit.page.script::<Option<bool>>("localStorage.clear(); sessionStorage.clear(); return null;", vec![]).await;
    let there = moments(visit, style).await;
    visit.waits_outside().await;
    // WebKit smooths edges with the processor or the graphics, as it comes.
    let tolerance = if Engine::current() == Engine::WebKit { 80 } else { TOLERANCE };
    for ((what, expected, area), (_, there, there_area)) in expected.iter().zip(&there) {
        assert_eq!(area, there_area, "{what} is somewhere else");
        let difference = visit.page.compares(expected, there, *area, tolerance).await;
        let allowed = f64::from(difference.of) * PER_MILLE / 1000.0;
        assert!(f64::from(difference.pixels) <= allowed, "{what} looks different: {difference:?}");
    }
}

#[test]
fn a_page_that_is_at_war_with_all_elements_changes_nothing() {
    Visitor::new().with_graphics().with_less_motion().visits(async |visit| looks_the_same(visit, HOSTILE).await);
}

#[test]
fn a_page_that_resets_all_elements_changes_nothing() {
    Visitor::new().with_graphics().with_less_motion().visits(async |visit| looks_the_same(visit, RESET).await);
}

/// Were all pictures the same, the tests above would show nothing.
#[test]
fn pictures_that_differ_are_told_apart() {
    Visitor::new().with_graphics().with_less_motion().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("accent", "#5b4ef0")).await;
        visit.hears("ready").await;
        let (_, one, area) = moment(visit, "a launcher", "button", "Open chat").await;
        visit.page.script::<Option<bool>>("Natter.update({ accent: '#6b5ef0' }); return null;", vec![]).await;
        let accent = "return getComputedStyle(arguments[0]).getPropertyValue('--natter-accent').trim();";
        let changed = async || {
            let launcher = visit.page.find("button", "Open chat").await?;
            (visit.page.script_on::<String>(&launcher, accent).await == "#6b5ef0").then_some(())
        };
        visit.page.waits("another accent", changed).await;
        let (_, other, _) = moment(visit, "a launcher", "button", "Open chat").await;
        assert_eq!(visit.page.compares(&one, &one, area, 0).await.pixels, 0);
        let difference = visit.page.compares(&one, &other, area, TOLERANCE).await;
        assert!(f64::from(difference.pixels) > f64::from(difference.of) * 0.1, "{difference:?}");
    });
}

/// That is the owner's to decide, on a checkout page for example.
#[test]
fn a_page_can_hide_the_widget() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.site.file("/files/hide.css", ".checkout ~ natter-chat { display: none; }");
        let link = "<link rel=\"stylesheet\" href=\"/files/hide.css\"><main>Lamps</main>";
        visit.opens(&page.body(link)).await;
        visit.page.sees("button", "Open chat").await;
        let checkout = "document.body.classList.toggle('checkout', arguments[0]); return null;";
        visit.page.script::<Option<bool>>(checkout, vec![json!(true)]).await;
        visit.page.does_not_see("button", "Open chat").await;
        visit.page.script::<Option<bool>>(checkout, vec![json!(false)]).await;
        visit.page.sees("button", "Open chat").await;
    });
}
