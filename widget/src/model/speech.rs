//! What a screen reader is told of a reply: finished sentences, never tokens.

/// The end (in bytes) of the last sentence of `text` that is surely complete, at or after `from`.
///
/// A sentence is complete when something follows it: white space after its mark, or a line break. CJK marks need
/// nothing after them. While `done` is false the tail stays back, since more of it may come.
#[must_use]
pub fn spoken_until(text: &str, from: usize, done: bool) -> usize {
    if done {
        return text.len();
    }
    let mut end = from;
    let tail = text.get(from..).unwrap_or_default();
    let mut chars = tail.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let complete = match c {
            '\n' | '。' | '！' | '？' => true,
            '.' | '!' | '?' | '؟' | '।' | '…' => chars.peek().is_some_and(|(_, next)| next.is_whitespace()),
            _ => false,
        };
        if complete {
            end = from + at + c.len_utf8();
        }
    }
    end
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::spoken_until;

    fn spoken(text: &str, done: bool) -> &str {
        &text[..spoken_until(text, 0, done)]
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
    fn goes_on_where_it_stopped() {
        let text = "One. Two. Thr";
        assert_eq!(spoken_until(text, 4, false), "One. Two.".len());
        assert_eq!(spoken_until("One.", 4, false), 4);
    }
}
