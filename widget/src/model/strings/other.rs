//! Texts in other languages, and in the owner's own words.

use std::cell::RefCell;

use natter_protocol::json::Value;

use super::{ENGLISH, NAMES, Strings};

thread_local! {
    /// Texts that were made, and from what. They stay: a page has few, and what is drawn refers to them at any time.
    static MADE: RefCell<Vec<(String, &'static Strings)>> = const { RefCell::new(Vec::new()) };
}

impl Strings {
    /// The texts in a JSON list, in the order of [`NAMES`], and behind them which form goes with which number: that of
    /// 0 to 199 as a digit each. `None` when it is no such list.
    #[must_use]
    pub fn listed(json: &str) -> Option<&'static Self> {
        once(json, |value| {
            let mut items = value.as_array()?.iter();
            let mut made = ENGLISH;
            for text in made.texts.iter_mut().chain([&mut made.categories]) {
                *text = leak(items.next()?.as_str()?);
            }
            Some(made)
        })
    }

    /// English but for the texts that a JSON object names: `{"send_message": "Go!", "unread": {"one": "{n} new",
    /// "other": "{n} new"}}`. Of the forms these two count, as in English: for other rules one has to ask a browser.
    ///
    /// `None` when it is no such object, or names a text that there is not; those in `also` are the caller's.
    #[must_use]
    pub fn named(json: &str, also: &[&str]) -> Option<&'static Self> {
        once(json, |value| {
            let Value::Object(members) = value else { return None };
            let mut made = ENGLISH;
            for (name, value) in members {
                match NAMES.iter().position(|known| known == name) {
                    Some(at) => made.texts[at] = leak(&forms(value)?),
                    None if also.contains(&name.as_str()) => {}
                    None => return None,
                }
            }
            Some(made)
        })
    }
}

/// What `make` makes of the JSON, for as long as the page lives, and the first time only.
fn once(json: &str, make: impl FnOnce(&Value) -> Option<Strings>) -> Option<&'static Strings> {
    MADE.with_borrow_mut(|all| {
        if let Some((_, made)) = all.iter().find(|(of, _)| of == json) {
            return Some(*made);
        }
        let made: &Strings = Box::leak(Box::new(make(&Value::parse(json).ok()?)?));
        all.push((json.to_owned(), made));
        Some(made)
    })
}

fn leak(text: &str) -> &'static str {
    text.to_owned().leak()
}

fn forms(value: &Value) -> Option<String> {
    match value.as_str() {
        Some(text) => Some(text.to_owned()),
        None => Some([value["one"].as_str().or(value["other"].as_str())?, "\n", value["other"].as_str()?].concat()),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_a_locales_file() {
        assert!(NAMES.is_sorted(), "{NAMES:?}");
    }

    #[test]
    fn a_text_may_have_a_form_for_each_category() {
        let unread = |strings: &Strings, n| strings.count(strings.unread(), n);
        assert_eq!(unread(&ENGLISH, 0), "0 unread messages");
        assert_eq!(unread(&ENGLISH, 1), "1 unread message");
        assert_eq!(unread(&ENGLISH, 101), "101 unread messages");
        assert_eq!(ENGLISH.count(ENGLISH.characters_left(), -1), "-1 character left");
        assert_eq!(ENGLISH.count(ENGLISH.retry_in(), 1), "Retry in 1 s");
    }

    #[test]
    fn texts_are_named_or_all_listed() {
        let named =
            Strings::named(r#"{"stop":"Halt","unread":{"one":"{n} new","other":"{n} news"},"title":"T"}"#, &["title"]);
        let named = named.unwrap();
        assert_eq!((named.stop(), named.undo()), ("Halt", "Undo"));
        assert_eq!([1, 2].map(|n| named.count(named.unread(), n)), ["1 new", "2 news"]);

        let list = |categories: &str| {
            let texts: Vec<_> = NAMES.iter().map(|name| format!("\"{name} {{n}}\\nmore\\nmost\"")).collect();
            format!("[{},\"{categories}\"]", texts.join(","))
        };
        let listed = Strings::listed(&list("201")).unwrap();
        assert!(listed.stop().starts_with("stop ") && listed.you().starts_with("you "));
        assert_eq!([0, 1, 2, 3].map(|n| listed.count(listed.unread(), n)), ["most", "unread 1", "more", "most"]);
        assert_eq!(Strings::listed(&list("201")), Some(listed), "made once");
    }

    #[test]
    fn what_is_not_all_there_is_refused() {
        for json in ["", "[]", "{}", r#"["a"]"#, "[1]"] {
            assert_eq!(Strings::listed(json), None, "{json}");
        }
        for json in ["", "[]", r#"{"stopp":"Halt"}"#, r#"{"stop":1}"#, r#"{"unread":{"one":"1"}}"#] {
            assert_eq!(Strings::named(json, &[]), None, "{json}");
        }
    }
}
