//! What a visitor sees of a reply that is still coming: never a mark.

use natter_widget::model::markdown::{Kind, Markdown, Node};

use crate::visible;

/// Streams, and the characters that must not show at any time.
const STREAMS: &[(&str, &str)] = &[
    ("Some **bold** and [link](https://a.b/c) and `code` here.\n", "*[]()`"),
    ("**Bold** first, *then* that, _this_ and __those__; ***both*** and ~~gone~~ too.\n", "*_~"),
    ("**bold with `code` and *more* in it** and on", "*`"),
    (
        "A **bold [link](https://a.b \"title\")**, an image ![of it](pic.png) and <https://c.d> and <e@f.g>.\n",
        "*[]()!<>\"",
    ),
    ("[**bold label** with `code`](/there) follows", "*[]()`"),
    ("你好**世界**，`代码`和[链接](/x)。", "*`[]()"),
    ("Fish &amp; chips &copy; 2026 &#9731; &lt;", ";#"),
    ("Escaped \\* and \\_ stay\n", "\\"),
    ("# One\n\n## Two **bold**\n\nThree\n===\n\nFour\n---\n\nend\n", "#*=-"),
    ("- one\n- **two**\n  - three\n  - `four`\n\n1. five\n2. six\n   text\n10. seven\n", "-*`.12"),
    ("* one\n* two\n\n+ three\n\n***\n\n___\nfour", "*+_"),
    ("- [ ] open\n- [x] done\n- [X] done too\n", "-[]xX"),
    ("> quoted **bold**\n> more\n>\n> - item\n\nafter\n", ">*-"),
    ("Text:\n\n```rust\nlet a = 1;\n```\n\nand\n\n~~~\ncode\n~~~\n", "`~"),
    ("````md\nlet b;\n````\nafter", "`"),
    ("| a | b |\n|---|:-:|\n| 1 | **2** |\n| `3` | [4](/x) |\n\nafter\n", "|-:*`[]()"),
    ("Here is a table:\n\n| Name | Price |\n| :--- | ---: |\n| Tea | 3 |\n", "|-"),
    ("Intro\n| a | b |\n|---|---|\n| 1 | 2 |\n", "|-"),
    ("1. First **bold**: text\n\n   ```sh\n   ls\n   ```\n\n2. Second\n", "*`12"),
];

#[test]
fn no_prefix_shows_a_mark() {
    for (text, marks) in STREAMS {
        for (end, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let mut markdown = Markdown::default();
            markdown.push(&text[..end]);
            let shown = visible(markdown.settled()) + &visible(&markdown.tail());
            assert!(!shown.contains(|char| marks.contains(char)), "{:?} shows {shown:?}", &text[..end]);
        }
    }
}

#[test]
fn text_shows_at_once_and_only_grows() {
    let text = "A **bold** [link](https://a.b/c), `code`, *emphasis* and ~~more~~.";
    let mut before = 0;
    for end in 0..=text.len() {
        let mut markdown = Markdown::default();
        markdown.push(&text[..end]);
        let shown = visible(&markdown.tail()).len();
        assert!(shown >= before, "{:?}", &text[..end]);
        before = shown;
    }
}

/// The tail after `text`.
fn tail(text: &str) -> Vec<Node> {
    let mut markdown = Markdown::default();
    markdown.push(text);
    markdown.tail().iter().map(|node| (**node).clone()).collect()
}

fn shown(text: &str) -> String {
    let mut markdown = Markdown::default();
    markdown.push(text);
    visible(&markdown.tail())
}

#[test]
fn what_has_begun_is_formatted_at_once() {
    for (text, kind) in [
        ("**bo", Kind::Strong),
        ("*em", Kind::Emphasis),
        ("_em", Kind::Emphasis),
        ("__bo", Kind::Strong),
        ("~~go", Kind::Strike),
        ("`co", Kind::CodeSpan),
        ("``co`d", Kind::CodeSpan),
        ("***bo", Kind::Emphasis),
        ("https://a.b", Kind::Link),
    ] {
        assert_eq!(tail(text)[0].children[0].kind, kind, "{text}");
    }
    assert_eq!(tail("## Ti")[0].kind, Kind::Heading(2));
    assert_eq!(tail("> q")[0].kind, Kind::Quote);
    assert_eq!(tail("- i")[0].kind, Kind::List { start: None, tight: true });
    assert_eq!(tail("3. i")[0].kind, Kind::List { start: Some(3), tight: true });
    assert_eq!(tail("```rs\nx")[0].kind, Kind::Code);
    let table = &tail("| a | b")[0];
    assert_eq!((table.kind, table.children[0].children.len()), (Kind::Table, 2));
}

#[test]
fn what_is_no_mark_shows_as_it_is() {
    for text in [
        "5*3",
        "2 * 3",
        "2**8",
        "a_b",
        "snake_case_name",
        "~5 minutes",
        "3 > 2",
        "C:\\dir",
        "it's - well - fine",
        "#tag",
        "Hi!",
        "$5.00",
        "1.5",
        "-5 degrees",
        "a|b",
        "50% & more",
        "x < y",
        "arr[0] = 1",
        "see [1] there",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn what_is_undecided_is_hidden() {
    for text in [
        "#", "###", "-", "- ", "*", "**", "***", "+", ">", "> ", "> -", "`", "``", "```", "```ru", "~~~", "1", "12.",
        "1. ", "|", "---", "===", "- [", "- [ ", "- [x", "- [x]", "- [ ] ", "!", "![", "[", "<", "&am", "\\", "    ",
        "- - ",
    ] {
        assert_eq!(tail(text), [], "{text}");
        assert_eq!(shown(&format!("Text\n{text}")), "Text", "{text}");
    }
    assert_eq!(shown("```\nlet a;\n``"), "let a;\n");
    assert_eq!(shown("| a |\n|--"), "a");
}

#[test]
fn the_end_decides_literally() {
    for text in
        ["**bo", "`co", "[li", "[li](http://a", "![im", "a *", "a \\", "&am", "a <b", "~~go", "| a |", "+x", "[x](<y"]
    {
        let mut markdown = Markdown::default();
        markdown.push(text);
        let _ = markdown.tail();
        markdown.finish();
        assert_eq!(visible(markdown.settled()), text);
    }
}
