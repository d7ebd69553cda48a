//! docs/theming.md names every property that the style sheets read and every part there is, and nothing else.

#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const SHEETS: [&str; 3] = ["launcher.css", "style.css", "answer.css"];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn sheets() -> String {
    SHEETS.map(|name| read(&format!("src/view/{name}"))).concat()
}

/// The names that follow `before`.
fn names(text: &str, before: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|&c| c.is_ascii_alphanumeric() || c == '-').collect::<String>();
    text.split(before).skip(1).map(name).collect()
}

/// The first cells of the tables below a heading, without their backticks.
fn documented(heading: &str) -> BTreeSet<String> {
    let page = read("../docs/theming.md");
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn every_property_is_documented_and_read() {
    let sheets = sheets();
    // Broken lines put a name on one of its own.
    let read = names(&sheets.split_whitespace().collect::<String>(), "var(--natter-");
    let known: BTreeSet<_> =
        documented("Properties").iter().map(|name| name.trim_start_matches("--natter-").to_owned()).collect();
    assert_eq!(read, known);
    assert!(known.len() >= 30, "{} properties", known.len());
    assert_eq!(names(&sheets, "\n  --natter-"), BTreeSet::new(), "a style sheet sets what is the owner's to set");
}

#[test]
fn what_is_not_the_owners_is_set_by_the_style_sheets_themselves() {
    let sheets = sheets();
    // `Set on the root by the app` (effects/page.rs) are the two of the viewport.
    let set: BTreeSet<_> =
        names(&sheets, "\n  --").into_iter().chain(["view-top".into(), "view-height".into()]).collect();
    let mut read = names(&sheets, "var(--");
    read.retain(|name| !name.starts_with("natter-") && !name.is_empty());
    assert_eq!(read.difference(&set).collect::<Vec<_>>(), Vec::<&String>::new(), "a page's own property would get in");
}

#[test]
fn every_part_is_documented_and_there() {
    let mut there =
        BTreeSet::from(["loading".to_owned(), "user".to_owned(), "assistant".to_owned(), "message".to_owned()]);
    for file in [
        "view/bubble",
        "view/composer",
        "view/contact",
        "view/header",
        "view/launcher",
        "view/notice",
        "view/transcript",
        "app/chat",
    ] {
        there.extend(names(&read(&format!("src/{file}.rs")), " part="));
    }
    assert_eq!(there, documented("Parts"));
}
