//! The examples of the CommonMark specification, compared with pulldown-cmark.

use natter_widget::model::markdown::parse;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::known::{differs, rare_entity};
use crate::pieces::ALPHABET;
use crate::tree;

/// Examples with another result, and why.
const DIFFERENT: &[(usize, &str)] = &[
    (606, "GFM: a bare mail address in brackets that CommonMark does not take"),
    (608, "GFM: a bare address"),
    (611, "GFM: a bare address"),
    (612, "GFM: a bare mail address"),
];

pub(crate) fn examples() -> Vec<(usize, String, String)> {
    let fixture: serde_json::Value = serde_json::from_str(include_str!("commonmark.json")).unwrap();
    let mut examples = Vec::new();
    for section in fixture["sections"].as_array().unwrap() {
        for example in section[1].as_array().unwrap() {
            let number = examples.len() + 1;
            examples.push((number, section[0].as_str().unwrap().to_owned(), example.as_str().unwrap().to_owned()));
        }
    }
    examples
}

#[test]
fn equals_pulldown_cmark_on_the_examples_of_the_specification() {
    let (mut same, mut compared, mut wrong) = (0, 0, String::new());
    for (number, section, text) in examples() {
        let (theirs, foreign) = tree::theirs(&text);
        if foreign || rare_entity(&text) {
            continue;
        }
        compared += 1;
        let ours = tree::ours(&parse(&text));
        let listed = DIFFERENT.iter().any(|(listed, _)| *listed == number);
        if ours == theirs {
            same += 1;
        }
        if (ours == theirs) == listed {
            wrong += &format!("example {number} ({section})\n{text:?}\nours:\n{ours}theirs:\n{theirs}\n");
        }
    }
    println!("{same} of {compared} examples are the same: {:.1} %", 100.0 * same as f64 / compared as f64);
    assert!(wrong.is_empty(), "{wrong}");
}

/// The same texts in each run: the fuzz target `differential` looks for new ones.
#[test]
fn equals_pulldown_cmark_on_marks_in_any_order() {
    let pieces = prop::collection::vec(prop::sample::select(ALPHABET), 0..16);
    let config = ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() };
    let rng = TestRunner::deterministic().rng().clone();
    let run = TestRunner::new_with_rng(config, rng).run(&pieces, |pieces| {
        // Without its end pulldown-cmark reads the last line differently.
        let text = pieces.concat() + "\n";
        let (theirs, foreign) = tree::theirs(&text);
        if !foreign && !differs(&text) {
            prop_assert_eq!(tree::ours(&parse(&text)), theirs, "{:?}", text);
        }
        Ok(())
    });
    run.unwrap();
}
