//! What a model no longer reads of a long conversation, as a few of its own sentences.

use std::collections::{HashMap, HashSet};

use natter_protocol::request::{Message, Role};

use super::label::clip;

/// Characters of a summary.
pub(crate) const MAX_SUMMARY: usize = 500;
/// Characters of one sentence in it.
const MAX_SENTENCE: usize = 140;
/// Characters of one message that are looked at.
const MAX_MESSAGE: usize = 2000;
/// Shorter words say little.
const MIN_WORD: usize = 4;

/// The messages before the last `window`.
pub(crate) fn older(messages: &[Message], window: usize) -> &[Message] {
    &messages[..messages.len().saturating_sub(window)]
}

/// One sentence that a summary may be made of.
struct Sentence {
    line: String,
    words: HashSet<String>,
    weight: f32,
}

/// The sentences that say most about `messages`, in their order, a line each; [`MAX_SUMMARY`] characters at most.
///
/// What visitors wrote counts more than answers, what came first and what came late more than the middle, and names and
/// numbers, which a question may come back to, more than other words.
pub(crate) fn extract(messages: &[Message]) -> String {
    let sentences = sentences(messages);
    let mut spread: HashMap<&str, f32> = HashMap::new();
    for word in sentences.iter().flat_map(|sentence| &sentence.words) {
        *spread.entry(word).or_default() += 1.0;
    }
    let score = |sentence: &Sentence| {
        let shared: f32 = sentence.words.iter().filter_map(|word| spread.get(word.as_str())).sum();
        sentence.weight * shared / (sentence.words.len() as f32 + 3.0)
    };
    let mut order: Vec<(usize, f32)> = sentences.iter().map(score).enumerate().collect();
    order.sort_by(|(_, one), (_, other)| other.total_cmp(one));

    let mut left = MAX_SUMMARY + 1;
    let mut chosen = Vec::new();
    for (nth, score) in order {
        let length = sentences[nth].line.chars().count() + 1;
        let said_before = chosen.iter().any(|other: &usize| sentences[*other].line == sentences[nth].line);
        if score > 0.0 && length <= left && !said_before {
            left -= length;
            chosen.push(nth);
        }
    }
    chosen.sort_unstable();
    chosen.iter().map(|nth| sentences[*nth].line.as_str()).collect::<Vec<_>>().join("\n")
}

fn sentences(messages: &[Message]) -> Vec<Sentence> {
    let last = messages.len().saturating_sub(1).max(1) as f32;
    let mut found = Vec::new();
    for (nth, message) in messages.iter().enumerate() {
        let (speaker, base, most) = match message.role {
            Role::User => ("Visitor", 2.0, usize::MAX),
            // An answer says first what it is about.
            Role::Assistant => ("Assistant", 1.0, 1),
        };
        let place = if nth == 0 { 2.0 } else { 1.0 + nth as f32 / last / 2.0 };
        for text in split(&clip(&message.plain_text(), MAX_MESSAGE)).into_iter().take(most) {
            let telling = if tells(&text) { 1.5 } else { 1.0 };
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= MIN_WORD);
            let words = words.map(str::to_lowercase).collect();
            let line = format!("{speaker}: {}", clip(&text, MAX_SENTENCE));
            found.push(Sentence { line, words, weight: base * place * telling });
        }
    }
    found
}

/// The sentences of a text; what is between code fences is none.
fn split(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut in_code = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let line = line.trim_start_matches(|c: char| matches!(c, '#' | '-' | '*' | '>' | '+') || c.is_whitespace());
            let mut sentence = String::new();
            for word in line.split_whitespace() {
                if !sentence.is_empty() {
                    sentence.push(' ');
                }
                sentence.push_str(word);
                if word.ends_with(['.', '!', '?', '…', '。', '！', '？']) {
                    sentences.push(std::mem::take(&mut sentence));
                }
            }
            sentences.push(sentence);
        }
    }
    sentences.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    sentences
}

/// Whether there is a number in it, or a name: a capital that does not begin the sentence.
fn tells(sentence: &str) -> bool {
    let starts_high = |word: &str| word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 1;
    sentence.contains(|c: char| c.is_ascii_digit()) || sentence.split_whitespace().skip(1).any(starts_high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(turns: &[&str]) -> Vec<Message> {
        let roles = [Role::User, Role::Assistant].into_iter().cycle();
        turns.iter().zip(roles).map(|(text, role)| Message::text(role, *text)).collect()
    }

    #[test]
    fn a_short_past_is_kept_as_it_was_said() {
        let messages = said(&["I run a bakery in Ghent.", "Nice! How can I help?", "Can the widget speak Dutch?"]);
        assert_eq!(
            extract(&messages),
            "Visitor: I run a bakery in Ghent.\nAssistant: Nice!\nVisitor: Can the widget speak Dutch?"
        );
    }

    #[test]
    fn names_and_numbers_outlive_chatter() {
        let mut turns = vec!["Hello, my name is Ada and my order is 4711.", "Hello Ada."];
        for _ in 0..30 {
            turns.extend(["well that is interesting and so on, tell me about something else then", "Of course."]);
        }
        let summary = extract(&said(&turns));
        assert!(summary.contains("my name is Ada and my order is 4711"), "{summary}");
        assert_eq!(summary.matches("interesting").count(), 1, "{summary}");
    }

    #[test]
    fn never_longer_than_allowed_whatever_is_said() {
        let long = "word ".repeat(500);
        let wide = "äöü漢字🙂 ".repeat(200);
        let code = format!("Look:\n```\n{}\n```\nIs that right?", "let secret = 1;\n".repeat(50));
        for turns in [vec![long.as_str(); 40], vec![wide.as_str(); 9], vec![code.as_str(); 9], vec!["", "…"], vec![]]
        {
            let summary = extract(&said(&turns));
            assert!(summary.chars().count() <= MAX_SUMMARY, "{summary}");
            assert!(!summary.contains("secret"), "{summary}");
        }
        let many: Vec<_> = (0..100).map(|n| format!("Sentence number {n} is about the topic {n}.")).collect();
        let summary = extract(&said(&many.iter().map(String::as_str).collect::<Vec<_>>()));
        assert!((400..=MAX_SUMMARY).contains(&summary.chars().count()), "{summary}");
    }

    #[test]
    fn the_window_is_not_folded() {
        let messages = said(&["a", "b", "c"]);
        assert_eq!(older(&messages, 2), &messages[..1]);
        assert!(older(&messages, 3).is_empty() && older(&messages, 9).is_empty());
    }
}
