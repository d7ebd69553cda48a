//! JSON (RFC 8259) for the widget: a value to look into, and a writer.
//!
//! Of its own and not `serde_json`, whose reader, number tables and error texts take 10 KB of the widget's 90 after
//! compression; this one takes 2. Servers, which do not count bytes, use `serde_json`; it is the oracle in the tests.

use std::ops::Index;

/// How deep arrays and objects may nest, so that no input exhausts the stack.
const MAX_DEPTH: u32 = 128;

/// Any JSON value. Indexing with a key or a position that is not there gives [`Value::Null`].
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, and what is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; exact for integers up to 2^53, otherwise near the nearest double.
    Number(f64),
    /// A text. A lone surrogate in it was replaced by U+FFFD.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Names and values in their order; of equal names the last counts.
    Object(Vec<(String, Value)>),
}

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseError {
    /// It ends too early: it may be the beginning of JSON.
    Eof,
    /// Something is where it may not be, or nests deeper than 128.
    Malformed,
}

impl Value {
    /// Reads a whole text.
    ///
    /// # Errors
    /// When the text is not JSON, see [`ParseError`].
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.space();
        if reader.at == text.len() { Ok(value) } else { Err(ParseError::Malformed) }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if it is one and not negative.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) if *number >= 0.0 && *number as u64 as f64 == *number => Some(*number as u64),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The list, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Whether it is `null` or was not there.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is a list.
    #[must_use]
    pub fn is_array(&self) -> bool {
        matches!(self, Self::Array(_))
    }

    /// Whether it has names and values.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

impl Index<&str> for Value {
    type Output = Self;

    fn index(&self, name: &str) -> &Self {
        match self {
            Self::Object(members) => {
                members.iter().rev().find(|member| member.0 == name).map_or(&Self::Null, |member| &member.1)
            }
            _ => &Self::Null,
        }
    }
}

impl Index<usize> for Value {
    type Output = Self;

    fn index(&self, at: usize) -> &Self {
        self.as_array().and_then(|items| items.get(at)).unwrap_or(&Self::Null)
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Result<u8, ParseError> {
        self.text.as_bytes().get(self.at).copied().ok_or(ParseError::Eof)
    }

    fn next(&mut self) -> Result<u8, ParseError> {
        let byte = self.peek()?;
        self.at += 1;
        Ok(byte)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Ok(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: u32) -> Result<Value, ParseError> {
        self.space();
        match self.peek()? {
            b'{' | b'[' if depth == MAX_DEPTH => Err(ParseError::Malformed),
            b'{' => self.object(depth + 1),
            b'[' => self.array(depth + 1),
            b'"' => self.string().map(Value::String),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, ParseError> {
        for expected in word.bytes() {
            if self.next()? != expected {
                return Err(ParseError::Malformed);
            }
        }
        Ok(value)
    }

    /// Whether a list goes on, after its first bracket (`first`) or one of its members.
    fn goes_on(&mut self, first: bool, end: u8) -> Result<bool, ParseError> {
        self.space();
        match self.peek()? {
            byte if byte == end => {
                self.at += 1;
                Ok(false)
            }
            _ if first => Ok(true),
            b',' => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(ParseError::Malformed),
        }
    }

    fn array(&mut self, depth: u32) -> Result<Value, ParseError> {
        self.at += 1;
        let mut items = Vec::new();
        while self.goes_on(items.is_empty(), b']')? {
            items.push(self.value(depth)?);
        }
        Ok(Value::Array(items))
    }

    fn object(&mut self, depth: u32) -> Result<Value, ParseError> {
        self.at += 1;
        let mut members = Vec::new();
        while self.goes_on(members.is_empty(), b'}')? {
            self.space();
            if self.peek()? != b'"' {
                return Err(ParseError::Malformed);
            }
            let name = self.string()?;
            self.space();
            if self.next()? != b':' {
                return Err(ParseError::Malformed);
            }
            members.push((name, self.value(depth)?));
        }
        Ok(Value::Object(members))
    }

    fn string(&mut self) -> Result<String, ParseError> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..=0x1F) {
                self.at += 1;
            }
            string.push_str(&self.text[start..self.at]);
            match self.next()? {
                b'"' => return Ok(string),
                b'\\' => string.push(self.escape()?),
                _ => return Err(ParseError::Malformed),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        Ok(match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => byte.into(),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                let rest = &self.text.as_bytes()[self.at..];
                // A high surrogate wants a low one after it.
                if (0xD800..0xDC00).contains(&unit) && rest.starts_with(b"\\u") {
                    let before = self.at;
                    self.at += 2;
                    let low = self.hex()?;
                    if (0xDC00..0xE000).contains(&low) {
                        let scalar = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                        return Ok(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    self.at = before;
                }
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(ParseError::Malformed),
        })
    }

    fn hex(&mut self) -> Result<u32, ParseError> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.next()?).to_digit(16).ok_or(ParseError::Malformed)?;
            unit = unit << 4 | digit;
        }
        Ok(unit)
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        let negative = self.take(b'-');
        let leading_zero = self.peek()? == b'0';
        let mut scale = 0;
        let (mut number, digits) = self.digits(0.0)?;
        if leading_zero && digits > 1 {
            return Err(ParseError::Malformed);
        }
        if self.take(b'.') {
            let (more, digits) = self.digits(number)?;
            (number, scale) = (more, -digits);
        }
        if self.take(b'e') || self.take(b'E') {
            let down = self.take(b'-');
            if !down {
                self.take(b'+');
            }
            let (exponent, _) = self.digits(0.0)?;
            // Beyond this every double is zero or infinite.
            let exponent = exponent.min(9999.0) as i32;
            scale += if down { -exponent } else { exponent };
        }
        // One step at a time: `powi` is inexact too, and this needs no table.
        for _ in 0..scale.unsigned_abs().min(700) {
            number = if scale < 0 { number / 10.0 } else { number * 10.0 };
        }
        Ok(Value::Number(if negative { -number } else { number }))
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Ok(byte);
        self.at += usize::from(there);
        there
    }

    /// Appends decimal digits, at least one, to `number`, and counts them.
    fn digits(&mut self, mut number: f64) -> Result<(f64, i32), ParseError> {
        let start = self.at;
        while let Ok(digit @ b'0'..=b'9') = self.peek() {
            number = number * 10.0 + f64::from(digit - b'0');
            self.at += 1;
        }
        match self.at - start {
            0 if self.at == self.text.len() => Err(ParseError::Eof),
            0 => Err(ParseError::Malformed),
            count => Ok((number, count as i32)),
        }
    }
}

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
        self.json(name, &number.to_string())
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ours as the oracle's, so that both can be compared.
    fn oracle(value: &Value) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => (*number).into(),
            Value::String(text) => text.as_str().into(),
            Value::Array(items) => items.iter().map(oracle).collect(),
            Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), oracle(value))).collect(),
        }
    }

    fn as_floats(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Number(number) => number.as_f64().into(),
            serde_json::Value::Array(items) => items.into_iter().map(as_floats).collect(),
            serde_json::Value::Object(members) => {
                members.into_iter().map(|(name, value)| (name, as_floats(value))).collect()
            }
            other => other,
        }
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            (-9_007_199_254_740_991i64..=9_007_199_254_740_991).prop_map(Into::into),
            ".*".prop_map(Into::into),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::hash_map(".*", inner, 0..6)
                    .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_the_oracle_writes(value in json()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                prop_assert_eq!(oracle(&Value::parse(&text).unwrap()), as_floats(value.clone()));
            }
        }

        #[test]
        fn refuses_what_the_oracle_refuses(text in "[\\[\\]{}\",:0-9.eE+\\-tfn rulasd\\\\/\n\t]{0,24}") {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            // Out of range for the oracle only, and lone surrogates.
            let lenient = |e: &serde_json::Error| e.to_string().starts_with("number out of range") || text.contains("\\u");
            match (Value::parse(&text), theirs) {
                (Ok(_), Err(error)) => prop_assert!(lenient(&error), "{text:?} was read: {error}"),
                (Err(error), Ok(_)) => prop_assert!(false, "{text:?} was refused: {error:?}"),
                (Err(ParseError::Eof), Err(error)) => prop_assert!(error.is_eof() || lenient(&error), "{text:?}: {error}"),
                _ => {}
            }
        }

        #[test]
        fn the_oracle_reads_what_is_written(name in ".*", text in ".*", number in 0u64..1 << 53) {
            let json = Object::new().text(&name, &text).number("n", number).list("l", [text.len().to_string()].into_iter()).end();
            let read: serde_json::Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&read["n"], number);
            prop_assert_eq!(&read["l"][0], text.len());
            prop_assert!(name == "n" || name == "l" || read[&name] == text);
        }
    }

    #[test]
    fn every_beginning_is_told_from_nonsense() {
        let text = r#"{"a":[1.5e3,-2,true,false,null,"\u00e9\ud83d\ude00\n"],"b":{}}"#;
        assert!(Value::parse(text).is_ok());
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            assert_eq!(Value::parse(&text[..end]), Err(ParseError::Eof), "{}", &text[..end]);
        }
    }

    #[test]
    fn numbers_and_surrogates() {
        assert_eq!(Value::parse("1795366800000").unwrap().as_u64(), Some(1_795_366_800_000));
        assert_eq!(Value::parse("1.5e3").unwrap(), Value::Number(1500.0));
        assert_eq!(Value::parse("-1").unwrap().as_u64(), None);
        assert_eq!(Value::parse("1.5").unwrap().as_u64(), None);
        assert_eq!(Value::parse(r#""\ud83d\ude00\ud83d\u0041\udc00""#).unwrap().as_str(), Some("😀\u{fffd}A\u{fffd}"));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Value::parse(&nested(128)).is_ok());
        assert_eq!(Value::parse(&nested(129)), Err(ParseError::Malformed));
        assert_eq!(Value::parse(&"[".repeat(1_000_000)), Err(ParseError::Malformed));
    }
}
