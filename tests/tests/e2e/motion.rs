//! What moves, and what does not when the visitor asks for less.

use natter_e2e::{Visit, Visitor};
use serde::Deserialize;
use thirtyfour::Key;

use crate::common::{ASSISTANT, shop};

/// A motion that began inside the widget.
#[derive(Debug, Deserialize)]
struct Motion {
    properties: Vec<String>,
    duration: f64,
}

/// Properties whose change moves or resizes something. Colours and opacity may change for everybody.
const MOVES: [&str; 22] = [
    "transform",
    "translate",
    "scale",
    "rotate",
    "top",
    "right",
    "bottom",
    "left",
    "inset",
    "width",
    "height",
    "margin",
    "marginTop",
    "marginBottom",
    "marginLeft",
    "marginRight",
    "insetBlockEnd",
    "insetInlineEnd",
    "maxHeight",
    "blockSize",
    "gridTemplateRows",
    "offsetDistance",
];

/// Keeps every animation and transition that begins in the widget from now on.
async fn watches(visit: &Visit) {
    let code = "window.motions = []; \
        const note = (event) => { for (const animation of event.target.getAnimations({ subtree: true })) \
            motions.push({ properties: animation.effect.getKeyframes().flatMap((frame) => Object.keys(frame)), \
                duration: Number(animation.effect.getComputedTiming().duration) || 0 }); }; \
        for (const type of ['animationstart', 'transitionrun']) root().addEventListener(type, note, true); return null;";
    visit.page.script::<Option<bool>>(code, vec![]).await;
}

async fn motions(visit: &Visit) -> Vec<Motion> {
    let all: Vec<Motion> = visit.page.script("return window.motions;", vec![]).await;
    let moves =
        |motion: &Motion| motion.duration > 20.0 && motion.properties.iter().any(|name| MOVES.contains(&name.as_str()));
    all.into_iter().filter(moves).collect()
}

/// Everything that moves for a visitor: the pointer over the launcher, opening, the loading dots, an answer, the window
/// minimized and back, a failure with a form, closing.
async fn sees_it_all(visit: &Visit) {
    let (page, chat) = shop(visit);
    visit.opens(&page.attr("preload", "eager").attr("contact-endpoint", "/contact")).await;
    visit.hears("ready").await;
    watches(visit).await;
    let launcher = visit.page.sees("button", "Open chat").await;
    visit.page.points_at(&launcher).await;
    visit.page.opens_chat().await;
    visit.page.asks("Hello?").await;
    let reply = chat.next().await;
    visit.page.sees_part("loading").await;
    reply.answers("Hello!").await;
    visit.page.sees_message(ASSISTANT, "Hello!").await;
    visit.page.click("button", "Minimize").await;
    visit.page.click("button", "Expand").await;
    visit.page.has_focus("textbox", "…").await;
    visit.page.asks("Really?").await;
    chat.next().await.fails(503, "unavailable", "Nobody is here");
    visit.page.sees("form", "Contact us").await;
    visit.page.presses(Key::Escape).await;
    visit.page.does_not_see("dialog", "AI Assistant").await;
    visit.page.sees("button", "Open chat").await;
}

#[test]
fn opening_and_closing_are_motions() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "eager")).await;
        visit.hears("ready").await;
        watches(visit).await;
        visit.page.opens_chat().await;
        let opening = async || (!motions(visit).await.is_empty()).then_some(());
        visit.page.waits("the window moving in", opening).await;
        watches(visit).await;
        visit.page.presses(Key::Escape).await;
        visit.page.does_not_see("dialog", "AI Assistant").await;
        let closing = async || (!motions(visit).await.is_empty()).then_some(());
        visit.page.waits("the window moving out", closing).await;
    });
}

#[test]
fn the_launcher_answers_to_the_pointer() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "eager")).await;
        visit.hears("ready").await;
        let look = "const { transform, translate, scale, boxShadow, filter, backgroundColor, backgroundImage } = \
            getComputedStyle(arguments[0]); \
            return [transform, translate, scale, boxShadow, filter, backgroundColor, backgroundImage].join('|');";
        let launcher = visit.page.sees("button", "Open chat").await;
        let rest: String = visit.page.script_on(&launcher, look).await;
        visit.page.points_at(&launcher).await;
        let changed = async || {
            let now: String = visit.page.script_on(&launcher, look).await;
            (now != rest).then_some(())
        };
        visit.page.waits("the launcher changing under the pointer", changed).await;
    });
}

#[test]
fn motion_is_short() {
    Visitor::new().visits(async |visit| {
        sees_it_all(visit).await;
        let slow: Vec<_> = motions(visit).await.into_iter().filter(|motion| motion.duration > 1500.0).collect();
        assert!(slow.is_empty(), "motions that keep a visitor waiting: {slow:?}");
    });
}

#[test]
fn nothing_moves_for_a_visitor_who_asked_for_less() {
    Visitor::new().with_less_motion().visits(async |visit| {
        sees_it_all(visit).await;
        let seen = motions(visit).await;
        assert!(seen.is_empty(), "it moves all the same: {seen:?}");
    });
}
