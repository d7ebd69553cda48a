//! Greetings and thanks, which no note answers.

const HELLO: &[&str] =
    &["hi", "hello", "hey", "hiya", "howdy", "good", "morning", "afternoon", "evening", "there", "yo"];
const THANKS: &[&str] = &[
    "thanks", "thank", "you", "thx", "ty", "so", "very", "much", "a", "lot", "great", "cool", "perfect", "nice", "ok",
    "okay", "awesome", "good", "that", "helped", "many",
];
const BYE: &[&str] = &["bye", "goodbye", "see", "you", "later", "ciao", "good", "night"];

/// The answer to a message that consists of nothing but courtesy.
pub(super) fn answer(message: &str) -> Option<&'static str> {
    let words: Vec<String> = message
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let only = |known: &[&str]| !words.is_empty() && words.iter().all(|word| known.contains(&word.as_str()));
    let has = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    if only(HELLO) && has(&["hi", "hello", "hey", "hiya", "howdy", "morning", "afternoon", "evening", "yo"]) {
        Some(
            "Hello! I answer questions about Natter: how to install it, what it does with your data, how to make it \
              look like your site. What would you like to know?",
        )
    } else if only(BYE) && has(&["bye", "goodbye", "later", "ciao", "night"]) {
        Some("Goodbye, and thanks for stopping by!")
    } else if only(THANKS) && has(&["thanks", "thank", "thx", "ty", "great", "cool", "perfect", "nice", "awesome"]) {
        Some("You're welcome! Ask away if there is anything else.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn courtesy_is_answered_and_questions_are_not() {
        for hello in ["hi", "Hello!", "hey there", "Good morning"] {
            assert!(answer(hello).is_some_and(|text| text.starts_with("Hello")), "{hello}");
        }
        for thanks in ["thanks", "Thank you so much!", "ok great"] {
            assert!(answer(thanks).is_some_and(|text| text.starts_with("You're welcome")), "{thanks}");
        }
        assert!(answer("bye").is_some_and(|text| text.starts_with("Goodbye")));
        for question in ["hi, how do I install it?", "thanks, and on a phone?", "", "??", "good", "that"] {
            assert_eq!(answer(question), None, "{question}");
        }
    }
}
