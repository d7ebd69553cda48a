//! What may not be in a script that strangers let into their pages: neither in the sources nor in dist/.

// Helpers outside of `#[test]` functions fail a test by panicking, too.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// Ways to turn text into code or markup, to talk across windows, to mark a visitor.
const NEVER: &[&str] = &[
    "eval(",
    "new Function",
    "Function(\"",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "setHTMLUnsafe",
    "createContextualFragment",
    "DOMParser",
    "document.write",
    "document.cookie",
    "addEventListener(\"message\"",
    "cssText",
    "\"style\",",
    "style=",
    "javascript:",
    "sendBeacon",
    "importScripts",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All files below `folder` that end so.
fn files(folder: &Path, suffixes: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "node_modules" {
            files(&path, suffixes, found);
        } else if suffixes.iter().any(|suffix| name.ends_with(suffix)) && !name.contains("test") {
            found.push(path);
        }
    }
}

/// A source without what is said about it, and without its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(all(test").next().unwrap_or_default();
    let line =
        |line: &str| line.trim_start().starts_with("//").then(String::new).unwrap_or_else(|| line.to_owned() + "\n");
    text.lines().map(line).collect()
}

fn has_none(path: &Path, text: &str) {
    for word in NEVER {
        assert!(!text.contains(word), "{} has {word:?}", path.display());
    }
    // Tabs of a site tell each other by a channel of theirs, which has a method of this name; windows are told nothing.
    let posts = text.matches("postMessage").count();
    assert!(posts <= usize::from(text.contains("new BroadcastChannel")), "{} has \"postMessage\"", path.display());
}

#[test]
fn the_sources_have_none_of_it() {
    let mut found = Vec::new();
    files(&root().join("widget/loader"), &[".ts"], &mut found);
    files(&root().join("widget/src"), &[".rs", ".js"], &mut found);
    assert!(found.len() > 60, "only {} sources were read", found.len());
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        has_none(&path, &code(&text));
    }
}

#[test]
fn dist_has_none_of_it_and_knows_no_other_host() {
    let mut found = Vec::new();
    files(&root().join("dist"), &[".js", ".mjs"], &mut found);
    assert!(found.len() >= 5, "{found:?}");
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        has_none(&path, &text);
        let hosts =
            text.split("://").skip(1).map(|rest| rest.split(['/', '"', '\'', '`', ' ']).next().unwrap_or_default());
        for host in hosts {
            // The name spaces of HTML and SVG, which are names and no addresses that are asked.
            assert_eq!(host, "www.w3.org", "{} names another host", path.display());
        }
    }
}

/// The module reaches the page only through what its imports name.
#[test]
fn the_module_cannot_ask_for_any_of_it() {
    let glue = fs::read_to_string(root().join("dist/natter-app.js")).unwrap();
    let module = fs::read(root().join("dist/natter-app.wasm")).unwrap();
    let module = String::from_utf8_lossy(&module);
    for name in ["innerHTML", "cookie", "postMessage", "eval", "write"] {
        let called = format!(".{name}");
        let found =
            glue.match_indices(&called).any(|(at, _)| !glue[at + called.len()..].starts_with(char::is_alphabetic));
        assert!(!found, "the glue calls {called}");
    }
    // Properties can be reached by name, too.
    assert!(!module.contains("innerHTML") && !module.contains("postMessage"), "the module names it");
}
