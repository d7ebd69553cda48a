//! Where the visitor's system has colours of its own for everything, as in Windows' contrast themes: grounds and shadows
//! are gone, and what is to be seen must have an edge, or a colour of the system.

use natter_e2e::engine::Ability;
use natter_e2e::{Visit, Visitor};

use super::{measures, stocked, walks_through};

fn visits(test: impl AsyncFnOnce(&Visit)) {
    Visitor::new().needing(Ability::Devtools).with_less_motion().visits(async |visit| {
        visit.page.has_system_colours(true).await;
        test(visit).await;
    });
}

/// Texts and icons that do not stand out from their ground, and controls without an edge.
const LOST: &str = "const seen = [...elements(root())].filter((e) => visible(e) && shown(e)); \
    const texts = seen.filter((e) => [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())); \
    const icons = [...elements(root())].filter((e) => e.localName === 'svg' && visible(e)); \
    const edged = controls().filter((e) => e.matches('button, input') && e.matches(':enabled')); \
    const faint = (e) => !e.closest(':disabled, [aria-disabled]') && contrast(e) < 4.5; \
    return [...texts.filter(faint).map((e) => called(e) + ' is faint'), \
        ...icons.filter(faint).map((e) => `the icon of ${called(parentOf(e))} is faint`), \
        ...icons.filter((e) => getComputedStyle(e).stroke !== getComputedStyle(e).color).map((e) => \
            `the icon of ${called(parentOf(e))} has a colour of its own`), \
        ...edged.filter((e) => standsOut(e) < 3).map((e) => called(e) + ' has no edge')];";

#[test]
fn texts_icons_and_edges_are_to_be_seen_in_every_state() {
    visits(async |visit| {
        let (page, chat) = stocked(visit);
        walks_through(visit, &page, &chat, "en", async |state| {
            let lost: Vec<String> = measures(visit, LOST).await;
            assert!(lost.is_empty(), "{state}: {lost:#?}");
        })
        .await;
    });
}

#[test]
fn what_is_told_without_words_is_to_be_seen() {
    visits(async |visit| {
        let (page, chat) = stocked(visit);
        walks_through(visit, &page, &chat, "en", async |state| {
            let stands_out = async |code: &str| measures::<f64>(visit, &format!("return standsOut({code});")).await;
            match state {
                "closed" => assert!(stands_out("part('badge')").await >= 3.0, "the launcher's dot"),
                "open" => {
                    let dot =
                        stands_out("[...elements()].find((e) => e.textContent === 'Online' && visible(e)), '::before'")
                            .await;
                    assert!(dot >= 3.0, "the dot beside the status");
                }
                "answered" => {
                    let grounds = "const of = (name) => behind([...elements()].findLast((e) => \
                        likelyName(e) === name && e.hasAttribute('aria-pressed')))[0]; \
                        return ratio(of('Good response'), of('Bad response'));";
                    let apart: f64 = measures(visit, grounds).await;
                    assert!(apart >= 3.0, "the pressed rating looks like the other one");
                    let laid: usize =
                        measures(visit, "return [...CSS.highlights.values()].reduce((n, { size }) => n + size, 0);")
                            .await;
                    assert_eq!(laid, 0, "code looks selected");
                }
                "asked" => assert!(
                    stands_out("part('loading').lastElementChild").await >= 3.0,
                    "the dots of the one who types"
                ),
                _ => {}
            }
        })
        .await;
    });
}

#[test]
fn the_ring_around_what_has_the_keyboard_is_to_be_seen() {
    visits(async |visit| {
        let (page, chat) = stocked(visit);
        walks_through(visit, &page, &chat, "en", async |state| {
            let unseen: Vec<String> = measures(
                visit,
                "const had = focused(); \
                 const faults = controls().map((e) => { focused()?.blur(); e.focus({ focusVisible: true }); return unseen(); }).filter(Boolean); \
                 had?.focus(); return faults;",
            )
            .await;
            assert!(unseen.is_empty(), "{state}: {unseen:#?}");
        })
        .await;
    });
}
