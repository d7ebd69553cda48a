//! The same tree as pulldown-cmark, but for what is known to differ (`known`).
#![no_main]

#[path = "../../tests/markdown/known.rs"]
mod known;
#[path = "../../tests/markdown/tree.rs"]
mod tree;

use libfuzzer_sys::fuzz_target;
use natter_widget::model::markdown::parse;

fuzz_target!(|text: &str| {
    // Without it pulldown-cmark ends a block of code differently.
    let text = &format!("{text}\n");
    let (theirs, foreign) = tree::theirs(text);
    if !foreign && !known::differs(text) {
        assert_eq!(tree::ours(&parse(text)), theirs, "{text:?}");
    }
});
