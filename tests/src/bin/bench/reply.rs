//! The replies: mixed Markdown, the same in every run.

use std::fmt::Write;

use natter_e2e::Dialect;

/// What every reply ends with.
pub(crate) const END: &str = "That is all.";

/// Characters of the tokens in turn; four on average, as with English and today's tokenizers.
const LENGTHS: [usize; 7] = [4, 3, 6, 2, 5, 1, 7];

/// Characters of one section: 2,000 tokens are four of them.
const SECTION: usize = 2_000;

const WORDS: [&str; 32] = [
    "the",
    "lamp",
    "light",
    "of",
    "a",
    "room",
    "switch",
    "is",
    "warm",
    "and",
    "bright",
    "order",
    "when",
    "you",
    "replace",
    "bulb",
    "delivery",
    "takes",
    "days",
    "in",
    "which",
    "every",
    "socket",
    "fits",
    "with",
    "its",
    "guarantee",
    "returns",
    "are",
    "free",
    "for",
    "customers",
];

/// A reply of so many tokens, token by token.
pub(crate) fn tokens(count: usize) -> Vec<String> {
    let mut text = text(count * 4);
    let mut tokens = Vec::with_capacity(count);
    for length in LENGTHS.into_iter().cycle().take(count - 1) {
        let rest = text.split_off(length.min(text.len()));
        tokens.push(std::mem::replace(&mut text, rest));
    }
    tokens.push(format!("\n\n{END}"));
    tokens
}

/// The whole stream, an event for each token.
pub(crate) fn events(tokens: &[String]) -> String {
    let dialect = Dialect::UiMessage;
    let mut events = dialect.opening();
    events.extend(tokens.iter().map(|token| dialect.delta(token)));
    events.push_str(&dialect.closing());
    events
}

/// Markdown of so many characters, all ASCII: per 2,000 tokens four headings, two lists, a table, a quote and two
/// blocks of code between paragraphs with emphasis, code and links.
pub(crate) fn text(characters: usize) -> String {
    let mut text = String::new();
    let mut words = Words::default();
    for section in 0.. {
        if text.len() >= characters {
            break;
        }
        write_section(&mut text, &mut words, section);
    }
    text.truncate(characters);
    text
}

fn write_section(text: &mut String, words: &mut Words, number: usize) {
    let end = (number + 1) * SECTION;
    writeln!(text, "## {}. {}\n", number + 1, words.take(4)).unwrap();
    write_paragraph(text, words);
    match number % 4 {
        0 => (0..6).for_each(|_| writeln!(text, "- **{}** {}", words.take(1), words.take(9)).unwrap()),
        1 => {
            let table = "| part | price | stock |\n|---|---:|:-:|\n";
            text.push_str(table);
            (1..7).for_each(|row| writeln!(text, "| {} | {row}9.50 | `{row}` |", words.take(2)).unwrap());
        }
        2 => (1..6).for_each(|item| writeln!(text, "{item}. {}, *{}*", words.take(8), words.take(2)).unwrap()),
        _ => writeln!(text, "> {}", words.take(20)).unwrap(),
    }
    text.push('\n');
    if number % 2 == 1 {
        text.push_str("```rust\n");
        for line in 0..8 {
            writeln!(text, "    let {} = order(\"{}\", {line}); // {}", words.take(1), words.take(1), words.take(3))
                .unwrap();
        }
        text.push_str("```\n\n");
    }
    while text.len() < end {
        write_paragraph(text, words);
    }
}

fn write_paragraph(text: &mut String, words: &mut Words) {
    let (plain, bold, code) = (words.take(14), words.take(3), words.take(1));
    let (link, rest) = (words.take(2), words.take(22));
    writeln!(text, "{plain} **{bold}** with `{code}` as [{link}](https://example.com/{code}) says: {rest}.\n").unwrap();
}

/// Words in an order that looks random and is not.
#[derive(Default)]
struct Words {
    seed: u32,
}

impl Words {
    fn take(&mut self, count: usize) -> String {
        let words: Vec<&str> = (0..count).map(|_| self.next()).collect();
        words.join(" ")
    }

    fn next(&mut self) -> &'static str {
        // Numerical Recipes' generator; its upper bits are the better ones.
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        WORDS[(self.seed >> 27) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_as_many_as_asked_for_and_four_characters_long() {
        for count in [500, 8_000] {
            let tokens = tokens(count);
            assert_eq!(tokens.len(), count);
            assert!(tokens.iter().all(|token| !token.is_empty()));
            let length = tokens.concat().len();
            assert!((count * 39 / 10..count * 41 / 10).contains(&length), "{length} characters");
        }
    }

    #[test]
    fn a_reply_of_2000_tokens_has_all_kinds_of_markdown() {
        let text = tokens(2_000).concat();
        let lines = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!(lines("## "), 4);
        assert_eq!(lines("|---"), 1);
        assert_eq!(lines("```rust"), 2);
        assert_eq!((lines("- "), lines("1. "), lines("> ")), (6, 1, 1));
        assert!(text.ends_with(END));
    }
}
