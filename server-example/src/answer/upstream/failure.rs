//! What went wrong with an upstream: what the owner reads in the log, what the visitor is told, whether to try again.

use std::fmt;
use std::time::Duration;

use natter_protocol::error::ErrorCode;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

use crate::error::ApiError;
use crate::settings::Secret;

/// What a busy upstream's visitors are told when it does not say itself, in seconds.
const RETRY_LATER: u64 = 10;
/// The longest that is believed, in seconds.
const LATEST: u64 = 3600;
/// Anthropic's "overloaded".
const OVERLOADED: u16 = 529;
/// Characters of an upstream's error code that are logged.
const MAX_CODE: usize = 40;

/// One attempt that came to nothing. Its text is for the log and holds no word of the upstream's, since those may quote the
/// key or the prompt.
#[derive(Debug)]
pub(in crate::answer) struct Failure {
    why: String,
    error: ApiError,
    again: Again,
    /// Whether the model is in trouble; otherwise it does not like the request or the key, and waiting changes nothing.
    trouble: bool,
}

/// Whether asking the same model once more may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    Never,
    /// Not before so long.
    After(Duration),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl Failure {
    /// It did not say anything for as long as it may.
    pub(super) fn silent(why: &str) -> Self {
        Self { why: why.into(), error: ApiError::upstream_timeout(), again: Again::Never, trouble: true }
    }

    /// The connection failed; `early` is before the first byte of a reply.
    pub(super) fn broken(error: &reqwest::Error, early: bool) -> Self {
        let why = if error.is_connect() { "it cannot be connected to" } else { "the connection broke" };
        let again = if early { Again::After(Duration::ZERO) } else { Again::Never };
        Self { why: why.into(), error: ApiError::upstream_failed(), again, trouble: true }
    }

    /// It answered with a status other than 2xx.
    pub(super) fn refused(status: StatusCode, headers: &HeaderMap) -> Self {
        let asked = headers.get(RETRY_AFTER).map(seconds);
        let error = match status.as_u16() {
            429 | OVERLOADED => ApiError::upstream_busy(asked.unwrap_or(RETRY_LATER).min(LATEST)),
            408 | 504 => ApiError::upstream_timeout(),
            _ => ApiError::upstream_failed(),
        };
        let hint = match status.as_u16() {
            401 | 403 => ": is OPENAI_API_KEY right?",
            404 => ": are OPENAI_BASE_URL, NATTER_UPSTREAM and the model's name right?",
            _ => "",
        };
        let passing = matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504 | OVERLOADED);
        Self {
            why: format!("it answered {}{hint}", status.as_u16()),
            error,
            again: if passing { Again::After(Duration::from_secs(asked.unwrap_or(0))) } else { Again::Never },
            trouble: passing || status == StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// The reply itself says so, or is none: `code` is the upstream's name for it, logged only where it is plainly a name.
    pub(super) fn told(code: &str, key: Option<&Secret>) -> Self {
        let plain =
            code.len() <= MAX_CODE && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let quotes = key.is_some_and(|key| code.contains(key.expose()));
        let code = if plain && !quotes && !code.is_empty() { code } else { "an error" };
        let why = format!("its reply was {code}");
        Self { why, error: ApiError::upstream_failed(), again: Again::Never, trouble: true }
    }

    /// How long to wait at least before the same model is asked again; `None` when that is no use.
    pub(super) fn again(&self) -> Option<Duration> {
        match self.again {
            Again::Never => None,
            Again::After(wait) => Some(wait),
        }
    }

    /// Whether it counts against the model.
    pub(in crate::answer) fn is_trouble(&self) -> bool {
        self.trouble
    }

    /// Its kind.
    pub(super) fn code(&self) -> ErrorCode {
        self.error.code()
    }

    /// What the visitor is told.
    pub(in crate::answer) fn into_error(self) -> ApiError {
        self.error
    }
}

/// A date in place of a number is taken for some time from now.
fn seconds(retry_after: &HeaderValue) -> u64 {
    retry_after.to_str().ok().and_then(|text| text.trim().parse().ok()).unwrap_or(RETRY_LATER)
}
