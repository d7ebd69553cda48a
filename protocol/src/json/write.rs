//! Texts and numbers to JSON.

/// Writes one object, member by member.
///
/// ```
/// use natter_protocol::json::Object;
///
/// assert_eq!(Object::new().text("say", "\"Hi\"").number("times", 2).end(), r#"{"say":"\"Hi\"","times":2}"#);
/// ```
#[derive(Debug, Default)]
pub struct Object(String);

impl Object {
    /// An object without members.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, name: &str, text: &str) -> Self {
        self.name(name);
        write_text(&mut self.0, text);
        self
    }

    /// Adds a whole number.
    #[must_use]
    pub fn number(self, name: &str, number: u64) -> Self {
        self.json(name, &decimal(number))
    }

    /// Adds `true` or `false`.
    #[must_use]
    pub fn bool(self, name: &str, value: bool) -> Self {
        self.json(name, if value { "true" } else { "false" })
    }

    /// Adds what is JSON already.
    #[must_use]
    pub fn json(mut self, name: &str, json: &str) -> Self {
        self.name(name);
        self.0.push_str(json);
        self
    }

    /// Adds a list of what is JSON already.
    #[must_use]
    pub fn list(mut self, name: &str, items: impl Iterator<Item = String>) -> Self {
        self.name(name);
        self.0.push_str(&array(items));
        self
    }

    /// The text of the object.
    #[must_use]
    pub fn end(mut self) -> String {
        self.0.insert(0, '{');
        self.0.push('}');
        self.0
    }

    fn name(&mut self, name: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        write_text(&mut self.0, name);
        self.0.push(':');
    }
}

/// A list of what is JSON already.
#[must_use]
pub fn array(items: impl Iterator<Item = String>) -> String {
    let mut list = String::from("[");
    for item in items {
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&item);
    }
    list.push(']');
    list
}

/// A number in decimal digits. `to_string` would bring the standard library's formatting into the page.
#[must_use]
pub fn decimal(mut number: u64) -> String {
    let mut digits = String::new();
    loop {
        digits.insert(0, char::from(b'0' + (number % 10) as u8));
        number /= 10;
        if number == 0 {
            return digits;
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\0'..='\x1F' => {
                out.push_str("\\u00");
                let digit = |n| char::from_digit(n, 16).unwrap_or_default();
                out.extend([digit(c as u32 >> 4), digit(c as u32 & 15)]);
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}
