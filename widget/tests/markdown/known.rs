//! What is known to differ from pulldown-cmark, as a rule on the text.

use natter_widget::model::markdown::{Kind, parse};

/// Whether `text` may have another tree in pulldown-cmark, and that is meant.
pub(crate) fn differs(text: &str) -> bool {
    // Characters whose class takes Unicode's tables, and what CommonMark replaces.
    let foreign = !text.is_ascii() || text.bytes().any(|byte| byte.is_ascii_control() && !b"\n\t".contains(&byte));
    // Addresses by themselves are GitHub's, and not pulldown-cmark's.
    let address = text.contains('@') || text.contains("www.") || text.contains("://");
    // Tabs: pulldown-cmark keeps them at the end of a heading, and takes `\t>` for a quote. The specification's examples
    // have them all the same.
    let tab = text.contains('\t');
    // The box of a task without text.
    let task = text.lines().any(|line| line.trim_end().ends_with(']'));
    // pulldown-cmark does not look at punctuation beside a tilde, cmark-gfm does.
    let mark = |byte: &u8| byte.is_ascii_punctuation();
    let tilde =
        text.as_bytes().windows(2).any(|pair| pair[0] != pair[1] && pair.contains(&b'~') && pair.iter().all(mark));
    // Of runs of tildes of several lengths it forgets openers.
    let mut runs = text.split(|char| char != '~').map(str::len).filter(|length| *length > 0);
    let first = runs.next();
    let tilde = tilde || runs.any(|length| Some(length) != first);
    // Nesting beyond what we bound it by. A list and its item are two.
    let count = |marks: &[u8]| text.bytes().filter(|byte| marks.contains(byte)).count();
    let deep = count(b">") + 2 * count(b"-+.)") > 40 || count(b"*_[") > 40;
    // A blank line inside a quote makes the list around the quote loose in pulldown-cmark, sometimes.
    let quote =
        text.lines().any(|line| line.trim_end().ends_with('>') && line.bytes().all(|byte| b" >".contains(&byte)));
    let quote = quote && text.bytes().any(|byte| b"-+*.)".contains(&byte));
    // pulldown-cmark keeps white space at the start of a line in a code span.
    let code = text.contains('`') && (text.contains("\n ") || text.contains(">  "));
    // Rows without a cell, and heads whose only pipe is escaped.
    let table = text.lines().any(|line| line.trim() == "|") || text.contains("\\|");
    // With a table, pulldown-cmark takes indented code for a row, spaces between dashes, and a `\` at a head's end.
    let table = table
        || text.contains('|')
            && ["\n    ", "- -", "-  ", " :", ": ", "- :", "\\\n"].iter().any(|part| text.contains(part));
    // A table right below a paragraph's text is one for GitHub, and mostly not for pulldown-cmark.
    let lines: Vec<_> = text.lines().collect();
    let delimiters = |line: &str| line.contains('-') && line.bytes().all(|byte| b"|:- >".contains(&byte));
    let below = lines.windows(3).any(|lines| !lines[0].trim().is_empty() && delimiters(lines[2]));
    foreign
        || address
        || deep
        || quote
        || tab
        || task
        || tilde
        || code
        || table
        || text.contains('|') && below
        || rare_entity(text)
}

/// Whether `text` has a named character reference that our table has not.
pub(crate) fn rare_entity(text: &str) -> bool {
    text.split('&').skip(1).any(|after| {
        let name: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
        let known = parse(&format!("&{name};")).first().is_some_and(
            |node| matches!(&*node.children, [node] if node.kind == Kind::Text && node.text.chars().count() == 1),
        );
        !name.is_empty() && after[name.len()..].starts_with(';') && !known
    })
}
