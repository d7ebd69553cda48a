//! What a screen reader is told of a reply: finished sentences without their Markdown, never tokens.

use std::rc::Rc;

use super::markdown::{self, Kind, Node};
use super::strings::Strings;

/// How far a reply was handed to the announcer. It is asked again and again while the text grows, and looks at each
/// whole line once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Speech {
    /// Bytes that were handed out.
    spoken: usize,
    /// Where the first line begins that was not whole yet.
    line: usize,
    /// The mark of the code block that is open there.
    fence: Option<char>,
}

impl Speech {
    /// What of `text` is surely complete and was not handed out before.
    ///
    /// A sentence is complete when something follows it: white space after its mark, or a line break. CJK marks need
    /// nothing after them. While `done` is false the tail stays back, since more of it may come, and so does what makes
    /// no sense in parts: a code block, a table, something emphasized that goes over several sentences.
    pub fn next<'text>(&mut self, text: &'text str, done: bool) -> &'text str {
        let from = self.spoken;
        while let Some(length) = text.get(self.line..).unwrap_or_default().find('\n') {
            let next = self.line + length + 1;
            let line = text[self.line..next].trim();
            self.line = next;
            match self.fence {
                None => self.fence = fence(line),
                Some(mark) if line.len() > 2 && line.chars().all(|c| c == mark) => self.fence = None,
                Some(_) => {}
            }
            // A table goes out with the line that follows it.
            if self.fence.is_none() && !line.starts_with('|') {
                self.spoken = next;
            }
        }
        let line = text.get(self.line..).unwrap_or_default().trim_start();
        if done {
            self.spoken = text.len();
        } else if self.fence.is_none() && fence(line).is_none() && !line.starts_with('|') {
            let at = self.spoken.max(self.line);
            if let Some(length) = sentences(text.get(at..).unwrap_or_default()) {
                self.spoken = at + length;
            }
        }
        text.get(from..self.spoken).unwrap_or_default()
    }
}

/// The mark of the code block that `line` opens.
fn fence(line: &str) -> Option<char> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = line.trim_start_matches(mark);
    (line.len() - info.len() > 2 && !info.contains('`')).then_some(mark)
}

/// The length of the sentences that `tail` begins with, nothing of them being open.
fn sentences(tail: &str) -> Option<usize> {
    let (mut end, mut open, mut before) = (None, 0u8, ' ');
    let mut chars = tail.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        match c {
            // `**` opens and closes as one.
            '*' | '_' | '`' | '~' if c == before => {}
            '*' => open ^= 1,
            '_' => open ^= 2,
            '`' => open ^= 4,
            '~' => open ^= 8,
            '[' => open |= 16,
            ']' => open &= !16,
            _ => {}
        }
        before = c;
        let complete = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' | '؟' | '।' | '…' => next.is_some_and(char::is_whitespace),
            _ => false,
        };
        if complete && open == 0 {
            end = Some(at + c.len_utf8());
        }
    }
    end
}

/// `markdown` as it is read out: the text without the marks, and of a block of code that there is one.
#[must_use]
pub fn plain(markdown: &str, strings: &Strings) -> String {
    let mut said = String::new();
    say(&markdown::parse(markdown), strings, &mut said);
    said.truncate(said.trim_end().len());
    said
}

fn say(nodes: &[Rc<Node>], strings: &Strings, said: &mut String) {
    for node in nodes {
        let cell = matches!(node.kind, Kind::Cell(_));
        if cell && !said.is_empty() && !said.ends_with('\n') {
            said.push_str(strings.comma());
        }
        match node.kind {
            Kind::Text | Kind::CodeSpan => said.push_str(&node.text),
            Kind::Code => said.push_str(strings.code_block()),
            _ => say(&node.children, strings, said),
        }
        let inline = matches!(
            node.kind,
            Kind::Text | Kind::CodeSpan | Kind::Emphasis | Kind::Strong | Kind::Strike | Kind::Link | Kind::Image
        );
        if !inline && !cell && !said.ends_with('\n') {
            said.push('\n');
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::{Speech, plain as in_words};
    use crate::model::strings::ENGLISH;

    fn plain(markdown: &str) -> String {
        in_words(markdown, &ENGLISH)
    }

    fn spoken(text: &str, done: bool) -> &str {
        Speech::default().next(text, done)
    }

    #[test]
    fn holds_the_open_sentence_back() {
        assert_eq!(spoken("It costs 3.5 euro. And th", false), "It costs 3.5 euro.");
        assert_eq!(spoken("It costs 3.", false), "");
        assert_eq!(spoken("It costs 3.", true), "It costs 3.");
        assert_eq!(spoken("是的。好", false), "是的。");
        assert_eq!(spoken("A list\n- one", false), "A list\n");
    }

    #[test]
    fn holds_back_what_makes_no_sense_in_parts() {
        assert_eq!(spoken("Yes. **No. Maybe", false), "Yes.");
        assert_eq!(spoken("Yes. **No. Maybe** so. Or", false), "Yes. **No. Maybe** so.");
        assert_eq!(spoken("See:\n```js\nlet a. b\n", false), "See:\n");
        assert_eq!(spoken("See:\n```js\nlet a\n```\nDo. It", false), "See:\n```js\nlet a\n```\nDo.");
        assert_eq!(spoken("A\n| b. c |\n| --- |\n", false), "A\n");
        assert_eq!(spoken("```a``` is. It", false), "```a``` is.");
    }

    #[test]
    fn marks_are_not_read_out() {
        assert_eq!(plain(" Is **_it_** `a_b`, [here](/x)? "), "Is it a_b, here?");
        assert_eq!(plain("# One\n- two\n\n  three\n1. four\n"), "One\ntwo\nthree\nfour");
        assert_eq!(plain("See:\n```js\nlet a;\n```\nDone."), "See:\nCode block\nDone.");
        assert_eq!(plain("| a | b |\n|---|---|\n| c | *d* |"), "a, b\nc, d");
    }

    #[test]
    fn goes_on_where_it_stopped() {
        let text = "One. Two.\nThree.\n~~~\nx. y\n~~~\nFour";
        let mut speech = Speech::default();
        let parts: Vec<_> = (0..=text.len()).map(|end| speech.next(&text[..end], false)).collect();
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        assert_eq!(parts, ["One.", " Two.\n", "Three.\n", "~~~\nx. y\n~~~\n"]);
        assert_eq!(speech.next(text, true), "Four");
        assert_eq!(speech.next("", true), "", "a shorter text is no reason to panic");
    }
}
