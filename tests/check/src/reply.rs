//! What came back, byte for byte and with the time of each piece.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::keys;
use crate::report::{Objection, fault};

/// A response as far as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// What was asked.
    pub(crate) what: String,
    /// Whether the endpoint itself was asked: a preflight, and what lies below it, something else may answer.
    pub(crate) of_endpoint: bool,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) end: End,
}

/// Bytes that arrived together.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Since the request went out.
    pub(crate) at: Duration,
    pub(crate) bytes: Vec<u8>,
}

/// How the body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Clean,
    /// The connection broke.
    Broken,
    /// It goes on, or it was not read to its end.
    Open,
}

impl Reply {
    /// The header's text; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The media type without its parameters, in lower case.
    pub(crate) fn media_type(&self) -> String {
        self.header("content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.pieces.iter().flat_map(|piece| piece.bytes.iter().copied()).collect()
    }

    /// The body, with a replacement character for what is no UTF-8.
    pub(crate) fn lossy(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    /// The whole body as text.
    pub(crate) fn text(&self) -> Result<String, Objection> {
        self.ended()?;
        String::from_utf8(self.bytes())
            .map_err(|_| fault("the body is not UTF-8", "Write text as UTF-8 and never cut a character in two."))
    }

    /// Refuses a body that did not end, or not in good order.
    pub(crate) fn ended(&self) -> Result<(), Objection> {
        let saw = match self.end {
            End::Clean => return Ok(()),
            End::Broken => "the connection broke in the middle of the body",
            End::Open => "the body had not ended when the time for one reply was over (see --timeout)",
        };
        Err(fault(
            saw,
            "End the body in good order once the reply is complete; for a failure send an error part first.",
        ))
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.bytes()).ok()
    }

    /// Refuses anything but this status.
    pub(crate) fn must_be(&self, status: u16, fix: &str) -> Result<(), Objection> {
        if self.status == status { Ok(()) } else { Err(fault(self.summary(), fix)) }
    }

    /// Status, media type and the beginning of the body, for a report.
    pub(crate) fn summary(&self) -> String {
        // Before it is cut: half a key is not told from a word.
        let body = keys::hide(&self.lossy());
        let start: String = body.chars().take(120).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let more = if body.chars().nth(120).is_some() { "…" } else { "" };
        let what = &self.what;
        match (self.header("content-type"), start.trim()) {
            (_, "") => format!("{what} was answered with {}", self.status),
            ("", start) => format!("{what} was answered with {}: {start}{more}", self.status),
            (kind, start) => format!("{what} was answered with {} ({kind}): {start}{more}", self.status),
        }
    }
}
