//! Text to values.

use super::{ParseError, Value};

/// How deep arrays and objects may nest, so that no input exhausts the stack.
const MAX_DEPTH: u32 = 128;

/// Reads a whole text.
pub(super) fn read(text: &str) -> Result<Value, ParseError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at == text.len() { Ok(value) } else { Err(ParseError::Malformed) }
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
