//! What axe finds in every state, in both themes, in a wide and in a narrow window: nothing.

use std::fs;

use natter_e2e::browser::DESKTOP;
use natter_e2e::{Visit, Visitor};
use serde::Deserialize;

use super::{measures, stocked, walks_through};

/// All of axe's rules for WCAG 2.2 AA and for good practice. None is left out.
///
/// What axe cannot decide counts as well, but for the contrast over a gradient, which `look` measures. Says too how much
/// of the widget axe has looked at, since nothing is found where nothing is looked at.
const RUN: &str = "return axe.run(document, { preload: false, resultTypes: ['violations', 'incomplete', 'passes'], \
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }) \
    .then(({ violations, incomplete, passes }) => ({ \
        found: [...violations, ...incomplete.filter(({ id }) => id !== 'color-contrast')].flatMap(({ id, nodes }) => \
            nodes.map(({ target, html, failureSummary }) => \
                ({ rule: id, element: `${target.flat().join(' ')}  ${html.slice(0, 150)}`, to_do: failureSummary ?? 'look at it' }))), \
        looked_at: passes.flatMap(({ nodes }) => nodes).filter(({ target }) => target.flat()[0] === 'natter-chat').length }));";

#[derive(Debug, Deserialize)]
struct Report {
    found: Vec<Fault>,
    looked_at: usize,
}

#[derive(Debug, Deserialize)]
struct Fault {
    rule: String,
    element: String,
    to_do: String,
}

/// Runs axe in each state; the widget's texts are in that language.
async fn passes(visit: &Visit, lang: &str, dir: &str, theme: &str, width: u32) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../widget/loader/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("{file}: {error}; `cargo xtask setup` installs axe-core"));
    let (page, chat) = stocked(visit);
    let page = page.in_language(lang, dir).attr("theme", theme).before("axe.js", &axe);
    visit.page.is_sized(width, DESKTOP.1).await;
    walks_through(visit, &page, &chat, lang, async |state| {
        let report: Report = measures(visit, RUN).await;
        let faults: Vec<String> = report
            .found
            .iter()
            .map(|Fault { rule, element, to_do }| format!("{rule}: {element}\n  {}", to_do.replace('\n', "\n  ")))
            .collect();
        assert!(faults.is_empty(), "{state}, {theme}, {width} px wide:\n{}", faults.join("\n"));
        assert!(report.looked_at > 0, "{state}: axe has not looked into the widget");
    })
    .await;
}

#[test]
fn light_and_wide() {
    Visitor::new().with_less_motion().visits(async |visit| passes(visit, "en", "ltr", "light", 1280).await);
}

#[test]
fn light_and_narrow() {
    Visitor::new().with_less_motion().visits(async |visit| passes(visit, "en", "ltr", "light", 320).await);
}

#[test]
fn dark_and_wide() {
    Visitor::new().with_less_motion().visits(async |visit| passes(visit, "en", "ltr", "dark", 1280).await);
}

#[test]
fn dark_and_narrow() {
    Visitor::new().with_less_motion().visits(async |visit| passes(visit, "en", "ltr", "dark", 320).await);
}

#[test]
fn from_right_to_left() {
    Visitor::new().with_less_motion().visits(async |visit| passes(visit, "ar", "rtl", "light", 1280).await);
}

#[test]
fn with_long_german_words() {
    Visitor::new().with_less_motion().visits(async |visit| passes(visit, "de", "ltr", "light", 320).await);
}
