//! No input costs more than its length, and none panics: eight times the input takes about eight times as long.

use std::hint::black_box;

use natter_widget::model::markdown::{Markdown, parse};
use proptest::prelude::*;
use rustix::time::{ClockId, clock_gettime};

use crate::pieces::{ALPHABET, marked};

/// What is repeated.
const HOSTILE: &[&str] = &[
    "[",
    "]",
    "![",
    "](",
    "](a",
    "[](",
    "[a](b",
    "[a](<b",
    "[a](b \"",
    "[a](b '",
    "[a](b (",
    "[a](\\(",
    "[a](b)",
    "![a](b)",
    "[[a](b)",
    "![[a](b)",
    "*",
    "*a ",
    "a*",
    "**a ",
    "a**b",
    "*a_ ",
    "*a **",
    "a**b*",
    "_a *b",
    "*a* ",
    "**a*",
    "***a* ",
    "_",
    "_a ",
    "__a_ ",
    "~",
    "~~a ",
    "~a~~b ",
    "`",
    "``a",
    "`a ",
    "` ``",
    "<",
    "<a",
    "<a:",
    "<a@",
    "&",
    "&a",
    "&#1",
    "&amp;",
    "\\",
    "\\\n",
    "!",
    "|",
    "|a",
    "| a |\n",
    "|-",
    "|-|\n",
    ":-|",
    "a|b\n-|-\n",
    "-|-\n",
    ">",
    "> ",
    ">\n",
    "> a\n",
    "- ",
    "-\n",
    "- a\n",
    "- a\n\n",
    "1. ",
    "1.\n",
    "- - a\n",
    "* ",
    "+ a\n  ",
    "#",
    "# a\n",
    "\n",
    "\n\n",
    "\r",
    "a\n",
    "a\n\n",
    " ",
    "    ",
    "    a\n",
    "    \n",
    "\t",
    "\t- ",
    "a\n    ",
    "a  \n",
    "```",
    "```\n",
    "```a\n",
    "~~~\n",
    "``` \n``\n",
    "---\n",
    "--",
    "=",
    "a\n=\n",
    "a\n-",
    "www.",
    "www.a",
    "(www.a.b",
    "*http://a",
    "http://a ",
    "http://a)",
    "http://a&b;",
    "@",
    "a@",
    "a@b.c",
    "a.b@c.",
    "é",
    "中*",
    "\u{1f44b}_",
    "- [ ] ",
    "[x] ",
    "> - 1. ",
    "a](b)",
    "\"",
    "x ",
];

/// The least of some times: other work on the machine only adds.
fn time(runs: usize, work: impl Fn()) -> f64 {
    let now = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
    };
    let run = |_| {
        let start = now();
        work();
        now() - start
    };
    (0..runs).map(run).fold(f64::MAX, f64::min)
}

fn whole(text: &str) {
    black_box(parse(black_box(text)));
}

/// In pushes of 20 bytes, looking after each.
fn streamed(text: &str) {
    let mut markdown = Markdown::default();
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = rest.len().min(20);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, after) = rest.split_at(end);
        markdown.push(piece);
        black_box(markdown.tail());
        rest = after;
    }
    markdown.finish();
    black_box(&markdown);
}

/// How many times as long eight times the text may take: the rest is room for caches and allocation. What is quadratic
/// takes 64 times as long.
const MOST: f64 = 20.0;

fn check(name: &str, work: fn(&str)) {
    let mut worst = String::new();
    for unit in HOSTILE {
        // Large enough for every threshold of the parser to be passed by both.
        let text = |bytes: usize| unit.repeat(bytes.max(1100 * unit.len()) / unit.len());
        let (small, large) = (text(5_000), text(5_000).repeat(8));
        let mut ratio = f64::MAX;
        for runs in [1, 3, 9] {
            ratio = ratio.min(time(runs, || work(&large)) / time(3 * runs, || work(&small)));
            if ratio <= MOST {
                break;
            }
        }
        if ratio > MOST {
            worst += &format!("{unit:?} {name}: eight times the text takes {ratio:.1} times as long\n");
        }
    }
    assert!(worst.is_empty(), "{worst}");
}

#[test]
fn the_whole_is_linear() {
    check("whole", whole);
}

#[test]
fn a_stream_is_linear() {
    check("streamed", streamed);
}

#[test]
fn deep_nesting_neither_overflows_nor_panics() {
    for unit in HOSTILE {
        whole(&unit.repeat(100_000 / unit.len()));
        whole(&format!("{}a{}", unit.repeat(20_000), unit.chars().rev().collect::<String>().repeat(20_000)));
    }
    whole(&format!("{}a{}", "*".repeat(50_000), "*".repeat(50_000)));
    whole(&format!("{}a{}", "**a ".repeat(20_000), "a**".repeat(20_000)));
    whole(&format!("{}a{}", "![".repeat(20_000), "](b)".repeat(20_000)));
    whole(&format!("{}a{}", "[*".repeat(20_000), "*](b)".repeat(20_000)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_panics(text in ".*") {
        streamed(&text);
    }

    #[test]
    fn no_marks_panic(text in marked()) {
        streamed(&text);
    }

    #[test]
    fn two_marks_by_turns_are_total(first in prop::sample::select(ALPHABET), second in prop::sample::select(ALPHABET)) {
        whole(&format!("{first}{second}").repeat(2000));
    }
}
