//! The options have one table, in the widget; the types and the README must not drift from it.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// The names in `text` that stand between `before` and `after`, each at a line's beginning.
fn names(text: &str, before: &str, after: &str) -> BTreeSet<String> {
    let lines = text.lines().map(str::trim_start);
    lines.filter_map(|line| Some(line.strip_prefix(before)?.split_once(after)?.0.to_owned())).collect()
}

fn kebab(camel: &str) -> String {
    let words = camel.chars().map(|letter| {
        if letter.is_ascii_uppercase() { format!("-{}", letter.to_ascii_lowercase()) } else { letter.to_string() }
    });
    words.collect()
}

fn table() -> BTreeSet<String> {
    let config = read("widget/src/config.rs");
    // An entry is on one line or on several.
    let names: BTreeSet<String> = &names(&config, "Setting { name: \"", "\"") | &names(&config, "name: \"", "\"");
    assert!(names.contains("endpoint"), "the table has moved: {names:?}");
    names
}

#[test]
fn readme_lists_every_option() {
    let readme = read("README.md");
    let (_, options) = readme.split_once("| attribute |").unwrap();
    let (options, _) = options.split_once("\n\n").unwrap();
    assert_eq!(names(options, "| `", "` |"), table());
}

#[test]
fn types_list_every_option() {
    let types = read("widget/loader/npm/natter.d.ts");
    let (_, config) = types.split_once("export interface Config {").unwrap();
    let (config, _) = config.split_once("\n}").unwrap();
    let mut listed: BTreeSet<String> = names(config, "", "?: ").iter().map(|name| kebab(name)).collect();
    // Means something on the script tag alone.
    listed.insert("mount".to_owned());
    assert_eq!(listed, table());
}
