//! Texts in other languages, and in the owner's own words.

use std::cell::RefCell;

use natter_protocol::json::Value;

use super::{FORMS, Forms, Strings, TEXTS};

/// Texts that were made, and from what. They stay: a page has few, and what is drawn may refer to them at any time.
type Made = (&'static Strings, String, &'static Strings);

thread_local! {
    static MADE: RefCell<Vec<Made>> = const { RefCell::new(Vec::new()) };
}

impl Strings {
    /// These texts, and in their places those that `json` names: `{"send_message": "Go!", "unread": {"one": "{n} new",
    /// "other": "{n} new"}}`. `None` when it is no such object, or names a text that there is not.
    ///
    /// Members that are named in `also` are the caller's.
    #[must_use]
    pub fn with(&'static self, json: &str, also: &[&str]) -> Option<&'static Self> {
        MADE.with_borrow_mut(|made| {
            if let Some((.., texts)) = made.iter().find(|(base, of, _)| *base == self && of == json) {
                return Some(*texts);
            }
            let texts = Box::leak(Box::new(self.read(&Value::parse(json).ok()?, also)?));
            made.push((self, json.to_owned(), texts));
            Some(texts)
        })
    }

    fn read(mut self, value: &Value, also: &[&str]) -> Option<Self> {
        let Value::Object(members) = value else { return None };
        for (name, value) in members {
            let place = |names: &str| names.split(' ').position(|known| known == name);
            if let Some(at) = place(TEXTS) {
                *self.texts()[at] = leak(value)?;
            } else if let Some(at) = place(FORMS) {
                *self.forms()[at] = forms(value)?;
            } else if !also.contains(&name.as_str()) {
                return None;
            }
        }
        Some(self)
    }
}

/// A text for as long as the page lives.
fn leak(value: &Value) -> Option<&'static str> {
    Some(&*value.as_str()?.to_owned().leak())
}

/// One text for all numbers, or one for each category.
fn forms(value: &Value) -> Option<Forms> {
    let forms = match value {
        Value::Object(members) => {
            let form = |(category, text): &(String, Value)| Some((&*category.clone().leak(), leak(text)?));
            members.iter().map(form).collect::<Option<Vec<_>>>()?
        }
        text => vec![("other", leak(text)?)],
    };
    Some(forms.leak())
}
