//! JSON (RFC 8259) for the widget: a value to look into, and a writer.
//!
//! Of its own and not `serde_json`, whose reader, number tables and error texts take 10 KB of the widget's 90 after
//! compression; this one takes 2. Servers, which do not count bytes, use `serde_json`; it is the oracle in the tests.

mod read;
#[cfg(test)]
mod tests;
mod write;

use std::ops::Index;

pub use write::{Object, array, decimal};

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
        read::read(text)
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
