//! Keys to a model, as they are written into headers and error messages.

use std::ops::Range;

/// How a key begins, and how many more of its characters must follow to be one.
const KEYS: [(&str, usize); 5] = [("sk-", 8), ("Bearer ", 8), ("AIza", 20), ("gsk_", 8), ("ghp_", 20)];

/// Where the first key of one kind begins and ends.
fn place(text: &str, (start, least): (&str, usize)) -> Option<Range<usize>> {
    text.match_indices(start).find_map(|(at, _)| {
        let inside_a_word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let rest = &text[at + start.len()..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(rest.len());
        (!inside_a_word && length >= least).then_some(at..at + start.len() + length)
    })
}

/// How the first key in a text begins; the rest of it is nobody's business.
pub(crate) fn first(text: &str) -> Option<String> {
    KEYS.into_iter().find(|kind| place(text, *kind).is_some()).map(|(start, _)| format!("{start}…"))
}

/// The text with its keys hidden: a report is passed around.
pub(crate) fn hide(text: &str) -> String {
    KEYS.into_iter().fold(text.to_owned(), |mut text, kind| {
        while let Some(place) = place(&text, kind) {
            text.replace_range(place, &format!("{}…", kind.0));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_and_never_repeated() {
        for text in ["Incorrect key sk-proj-abcdefgh1234", "{\"k\":\"Bearer abcdefgh1\"}", "(gsk_12345678)"] {
            let found = first(text).unwrap();
            assert!(found.len() < 12, "{found}");
            assert_eq!(first(&hide(text)), None, "{text}");
        }
        for honest in ["a task-oriented-bot-for-you", "risk-free", "sk-", "Bearer token", "disk-encryption"] {
            assert_eq!(hide(honest), honest);
        }
    }
}
