//! GitHub's extensions, case by case: tables, strikethrough, tasks, bare addresses.

use natter_widget::model::markdown::parse;

use crate::tree;

fn check(text: &str, expected: &str) {
    assert_eq!(tree::ours(&parse(text)).trim_end(), expected.trim_matches('\n'), "{text}");
}

/// One paragraph of one link between two texts.
fn check_link(text: &str, before: &str, label: &str, to: &str, after: &str) {
    let line = |text: &str| if text.is_empty() { String::new() } else { format!("\n  {text:?}") };
    check(text, &format!("p{}\n  link {to:?}\n    {label:?}{}", line(before), line(after)));
}

#[test]
fn tables() {
    check(
        "| tea | price |\n| --- | --: |\n| green | 3 |",
        r#"
table
  row
    cell None
      "tea"
    cell Right
      "price"
  row
    cell None
      "green"
    cell Right
      "3""#,
    );
    // Pipes at the ends are optional, alignment is per column, the row after a blank line is none.
    check(
        "a | b | c\n:-- | :-: | ---\n1 | 2 | 3\n\n4",
        r#"
table
  row
    cell Left
      "a"
    cell Center
      "b"
    cell None
      "c"
  row
    cell Left
      "1"
    cell Center
      "2"
    cell None
      "3"
p
  "4""#,
    );
    // An escaped pipe is text, in code too.
    check(
        "| a |\n|-|\n| `x \\| y` \\| *z* |",
        r#"
table
  row
    cell None
      "a"
  row
    cell None
      code "x | y"
      " | "
      em
        "z""#,
    );
    // Cells beyond the head are dropped, missing ones are missing; another block ends the table.
    check(
        "| a | b |\n| - | - |\n| 1 |\n| 1 | 2 | 3 |\n> q",
        r#"
table
  row
    cell None
      "a"
    cell None
      "b"
  row
    cell None
      "1"
  row
    cell None
      "1"
    cell None
      "2"
quote
  p
    "q""#,
    );
    // The head may be the last line of a paragraph, and needs as many cells as the delimiter row.
    check("text\n| a |\n| - |", "p\n  \"text\"\ntable\n  row\n    cell None\n      \"a\"");
    check("| a | b |\n| - |", "p\n  \"| a | b |\\n| - |\"");
}

#[test]
fn strikethrough() {
    check("~~a~~ ~b~ ~~~c~~~", "p\n  strike\n    \"a\"\n  \" \"\n  strike\n    \"b\"\n  \" ~~~c~~~\"");
    check("a ~~b\n\nc~~", "p\n  \"a ~~b\"\np\n  \"c~~\"");
    check("~~a~", "p\n  \"~~a~\"");
    check("**~~a~~**", "p\n  strong\n    strike\n      \"a\"");
}

#[test]
fn tasks() {
    check(
        "- [ ] a\n- [x] b\n  - [X] c\n- [y] d\n- [ ]",
        r#"
ul
  item false
    p
      "a"
  item true
    p
      "b"
    ul
      item true
        p
          "c"
  item
    p
      "[y] d"
  item
    p
      "[ ]""#,
    );
    check("1. [x] a", "ol 1\n  item true\n    p\n      \"a\"");
    check("[x] a", "p\n  \"[x] a\"");
}

#[test]
fn bare_web_addresses() {
    check_link("www.a.org", "", "www.a.org", "http://www.a.org", "");
    check_link("see https://a.org/b?c=d&e#f.", "see ", "https://a.org/b?c=d&e#f", "https://a.org/b?c=d&e#f", ".");
    check_link("(www.a.org/b(c))", "(", "www.a.org/b(c)", "http://www.a.org/b(c)", ")");
    check_link("www.a.org/b&amp;", "", "www.a.org/b", "http://www.a.org/b", "&");
    check_link("www.a.org/b<c", "", "www.a.org/b", "http://www.a.org/b", "<c");
    check_link("http://localhost:80/a!?", "", "http://localhost:80/a", "http://localhost:80/a", "!?");
    check("*https://a.org*", "p\n  em\n    link \"https://a.org\"\n      \"https://a.org\"");
    // A label is a link once.
    check_link("[https://a.org](/b)", "", "https://a.org", "/b", "");
    for text in ["xhttp://a.org", "www.", "http://", "http:// a", "awww.b.c", "`www.a.org`", "ftp://a.org"] {
        assert!(!tree::ours(&parse(text)).contains("link"), "{text}");
    }
}

#[test]
fn bare_mail_addresses() {
    check_link("to a.b+c@d-e.org, now", "to ", "a.b+c@d-e.org", "mailto:a.b+c@d-e.org", ", now");
    check_link("a@b.org.", "", "a@b.org", "mailto:a@b.org", ".");
    for text in ["a@b", "@b.org", "a@.org", "a@b.org-", "a b@"] {
        assert!(!tree::ours(&parse(text)).contains("link"), "{text}");
    }
}

#[test]
fn entities() {
    check("&lt;&amp;&copy;&nbsp;&#65;&#x42;&#0;&nope;&amp", "p\n  \"<&©\\u{a0}AB\u{fffd}&nope;&amp\"");
}
