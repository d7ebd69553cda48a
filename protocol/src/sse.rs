//! An incremental EventSource parser.
//!
//! It follows the WHATWG HTML standard, section 9.2.6 "Interpreting an event stream", over bytes that may be split
//! anywhere: inside a UTF-8 sequence, inside the byte order mark, between CR and LF. What it adds is a limit: neither a
//! line nor the data of one event may exceed [`MAX_BYTES`], so a hostile stream cannot fill the memory.
//!
//! ```
//! use natter_protocol::sse::Parser;
//!
//! let mut parser = Parser::new();
//! let mut events = Vec::new();
//! parser.push(b": a comment\r\ndata: one\r", &mut events).unwrap();
//! parser.push(b"\ndata: two\n\ndata: incomplete", &mut events).unwrap();
//! assert_eq!(events.len(), 1);
//! assert_eq!((events[0].event.as_str(), events[0].data.as_str()), ("message", "one\ntwo"));
//! ```

/// The longest line, and the most data in one event, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// One dispatched event. What the stream leaves incomplete at its end is never dispatched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The event's type; `message` when the stream names none.
    pub event: String,
    /// The data, its lines joined with LF.
    pub data: String,
    /// The last event id: that of this event or, as the standard has it, of the latest one before it that had one.
    pub id: Option<String>,
}

/// A line, or the data of one event, is longer than [`MAX_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineTooLong;

impl std::fmt::Display for LineTooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a line or event of the stream is too long")
    }
}

impl std::error::Error for LineTooLong {}

/// Bytes in, lines out: cut at CR, LF or CRLF, and without the byte order mark before the first.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// The line being read, or the one given last.
    line: Vec<u8>,
    /// `line` was given.
    given: bool,
    /// The last byte was a CR, so that a LF now belongs to it.
    after_cr: bool,
    /// The first line, where a byte order mark may stand, is over.
    past_first_line: bool,
}

impl Lines {
    /// Takes bytes off the front of `bytes`, up to the end of a line, and gives that line; `None` when all were taken
    /// and it goes on.
    pub(crate) fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<&[u8]>, LineTooLong> {
        if std::mem::take(&mut self.given) {
            self.line.clear();
        }
        if self.after_cr && !bytes.is_empty() {
            self.after_cr = false;
            *bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let piece = &bytes[..end.unwrap_or(bytes.len())];
        if self.line.len() + piece.len() > MAX_BYTES {
            return Err(LineTooLong);
        }
        self.line.extend_from_slice(piece);
        let Some(end) = end else {
            *bytes = &[];
            return Ok(None);
        };
        self.after_cr = bytes[end] == b'\r';
        *bytes = &bytes[end + 1..];
        Ok(Some(self.give()))
    }

    /// What stands after the last line end.
    pub(crate) fn rest(&mut self) -> &[u8] {
        if std::mem::take(&mut self.given) {
            self.line.clear();
        }
        self.give()
    }

    fn give(&mut self) -> &[u8] {
        self.given = true;
        let is_first = !std::mem::replace(&mut self.past_first_line, true);
        match self.line.strip_prefix(b"\xEF\xBB\xBF") {
            Some(line) if is_first => line,
            _ => &self.line,
        }
    }
}

/// Bytes in, events out.
#[derive(Debug, Default)]
pub struct Parser {
    lines: Lines,
    fields: Fields,
    failed: bool,
}

/// The event being read.
#[derive(Debug, Default)]
struct Fields {
    event: String,
    data: String,
    id: Option<String>,
    retry: Option<u64>,
}

impl Parser {
    /// A parser at the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads more of the stream and appends the events it completes to `events`.
    ///
    /// # Errors
    /// [`LineTooLong`] when the stream exceeds [`MAX_BYTES`]. The events before that point have been appended; the
    /// parser then refuses everything more.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<Event>) -> Result<(), LineTooLong> {
        if self.failed {
            return Err(LineTooLong);
        }
        let result = self.read(bytes, events);
        self.failed = result.is_err();
        result
    }

    /// The reconnection time the stream asks for with `retry`, in milliseconds.
    #[must_use]
    pub fn retry(&self) -> Option<u64> {
        self.fields.retry
    }

    /// Whether an event had an id, by which a client may ask for what comes after it.
    #[must_use]
    pub fn has_id(&self) -> bool {
        self.fields.id.is_some()
    }

    fn read(&mut self, mut bytes: &[u8], events: &mut Vec<Event>) -> Result<(), LineTooLong> {
        while let Some(line) = self.lines.next(&mut bytes)? {
            self.fields.read(line, events)?;
        }
        Ok(())
    }
}

impl Fields {
    fn read(&mut self, line: &[u8], events: &mut Vec<Event>) -> Result<(), LineTooLong> {
        if line.is_empty() {
            self.dispatch(events);
            return Ok(());
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => {
                let value = &line[colon + 1..];
                (&line[..colon], value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &[][..]),
        };
        // A comment has an empty field name and matches nothing.
        match field {
            b"data" => return self.add_data(value),
            b"event" => self.event = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => self.id = Some(String::from_utf8_lossy(value).into_owned()),
            b"retry" if value.iter().all(u8::is_ascii_digit) => {
                self.retry = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()).or(self.retry);
            }
            _ => {}
        }
        Ok(())
    }

    fn add_data(&mut self, value: &[u8]) -> Result<(), LineTooLong> {
        let value = String::from_utf8_lossy(value);
        if self.data.len() + value.len() > MAX_BYTES {
            return Err(LineTooLong);
        }
        self.data.push_str(&value);
        self.data.push('\n');
        Ok(())
    }

    fn dispatch(&mut self, events: &mut Vec<Event>) {
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        // Only the LF that ended the last data line goes; without any data line there is no event.
        if data.pop().is_some() {
            let event = if event.is_empty() { "message".into() } else { event };
            events.push(Event { event, data, id: self.id.clone() });
        }
    }
}
