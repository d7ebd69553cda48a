//! In pieces it gives what the whole gives, whatever the pieces and however often one looks.

use std::rc::Rc;

use natter_widget::model::markdown::{Markdown, Node, parse};
use proptest::prelude::*;

use crate::spec::examples;

/// What marks anything, and what stands between marks.
pub(crate) const ALPHABET: &[&str] = &[
    "*",
    "**",
    "_",
    "~",
    "~~",
    "`",
    "```",
    "[",
    "]",
    "](",
    "![",
    "(",
    ")",
    "<",
    ">",
    "> ",
    "&",
    ";",
    "&amp;",
    "&#35;",
    "\\",
    "|",
    "| a | b |\n",
    "|-|-|\n",
    ":-",
    "#",
    "# ",
    "- ",
    "+ ",
    "1. ",
    "2) ",
    "---",
    "===",
    "- [ ] ",
    "[x] ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "    ",
    "\t",
    "a",
    "b c",
    "é",
    "中",
    "。",
    "👋",
    "http://a.b",
    "www.c.d",
    "e@f.g",
    ":",
    "!",
    "\"",
    "'",
    "0",
    "\u{a0}",
];

pub(crate) fn marked() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(ALPHABET), 0..60).prop_map(|pieces| pieces.concat())
}

/// Pushes `pieces`, looking after each, and checks what must hold at any time.
pub(crate) fn pushed<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Vec<Rc<Node>> {
    let mut markdown = Markdown::default();
    let mut before: Vec<Rc<Node>> = Vec::new();
    for piece in pieces {
        markdown.push(piece);
        let (first, second) = (markdown.tail(), markdown.tail());
        assert_eq!(first, second, "looking changes nothing");
        let settled = markdown.settled();
        assert!(settled.len() >= before.len());
        assert!(before.iter().zip(settled).all(|(old, new)| Rc::ptr_eq(old, new)), "a settled block changed");
        before = settled.to_vec();
    }
    markdown.finish();
    assert!(markdown.tail().is_empty());
    assert!(before.iter().zip(markdown.settled()).all(|(old, new)| Rc::ptr_eq(old, new)));
    markdown.settled().to_vec()
}

fn chars(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, char)| &text[at..at + char.len_utf8()])
}

#[test]
fn examples_char_by_char() {
    for (number, _, text) in examples() {
        assert_eq!(pushed(chars(&text)), parse(&text), "example {number}: {text:?}");
    }
}

#[test]
fn examples_cut_in_two() {
    for (number, _, text) in examples() {
        let whole = parse(&text);
        for (at, _) in text.char_indices() {
            assert_eq!(pushed([&text[..at], &text[at..]]), whole, "example {number} at {at}: {text:?}");
        }
    }
}

#[test]
fn what_is_settled_in_an_open_block_stays_the_same() {
    for text in [
        "1. one\n2. two\n   - a\n   - b\n   - c\n3. three\n\n4. four\n5. five\n\n\n6. six\n",
        "```rust\nfn a() {}\nlet b;\n\nlet c;\nlet d;\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n",
        "> a\n>\n> b\n>\n> c\n> - d\n> - e\n",
    ] {
        let mut markdown = Markdown::default();
        let mut seen: Vec<Rc<Node>> = Vec::new();
        for piece in chars(text) {
            markdown.push(piece);
            let tail = markdown.tail();
            let Some(open) = tail.first() else { continue };
            assert!(seen.iter().zip(&open.children).all(|(old, new)| Rc::ptr_eq(old, new)), "{:?}", open.kind);
            if piece == "\n" {
                seen = open.children[..open.children.len().saturating_sub(1)].to_vec();
            }
        }
        assert!(seen.len() > 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_pieces_of_marks(pieces in prop::collection::vec(prop::sample::select(ALPHABET), 0..60)) {
        prop_assert_eq!(pushed(pieces.iter().copied()), parse(&pieces.concat()));
    }

    #[test]
    fn any_pieces_of_anything(pieces in prop::collection::vec(".{0,8}", 0..20)) {
        prop_assert_eq!(pushed(pieces.iter().map(String::as_str)), parse(&pieces.concat()));
    }

    #[test]
    fn any_cut_of_an_example(number in 0..652_usize, cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..9)) {
        let text = &examples()[number].2;
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(text.len() + 1)).filter(|cut| text.is_char_boundary(*cut)).collect();
        cuts.sort_unstable();
        cuts.push(text.len());
        let mut from = 0;
        let pieces = cuts.into_iter().map(|to| &text[std::mem::replace(&mut from, to)..to]);
        prop_assert_eq!(pushed(pieces), parse(text));
    }
}
