//! No text panics, and in pieces it gives what the whole gives. The first byte says how large the pieces are.
#![no_main]

use std::rc::Rc;

use libfuzzer_sys::fuzz_target;
use natter_widget::model::markdown::{Markdown, Node, parse};

fuzz_target!(|input: (u8, &str)| {
    let (step, text) = input;
    let mut markdown = Markdown::default();
    let mut before: Vec<Rc<Node>> = Vec::new();
    let mut from = 0;
    while from < text.len() {
        let mut to = (from + 1 + usize::from(step % 32)).min(text.len());
        while !text.is_char_boundary(to) {
            to += 1;
        }
        markdown.push(&text[from..to]);
        let _ = markdown.tail();
        assert!(before.iter().zip(markdown.settled()).all(|(old, new)| Rc::ptr_eq(old, new)));
        before = markdown.settled().to_vec();
        from = to;
    }
    markdown.finish();
    assert!(markdown.tail().is_empty());
    assert!(before.iter().zip(markdown.settled()).all(|(old, new)| Rc::ptr_eq(old, new)));
    assert_eq!(markdown.settled(), parse(text));
});
