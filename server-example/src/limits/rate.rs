//! So many requests in so many seconds.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

/// So many requests in so many seconds, written `20/60`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a client may make at once.
    pub requests: NonZeroU32,
    /// Seconds until they are all given back, one by one.
    pub seconds: NonZeroU32,
}

impl Rate {
    /// How long until one request is given back.
    pub(super) fn step(self) -> Duration {
        (self.window() / self.requests.get()).max(Duration::from_nanos(1))
    }

    /// How long until all are.
    pub(super) fn window(self) -> Duration {
        Duration::from_secs(self.seconds.get().into())
    }
}

/// The text is not a [`Rate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateError;

impl fmt::Display for RateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("requests/seconds, both at least 1, such as 20/60")
    }
}

impl std::error::Error for RateError {}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.requests, self.seconds)
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (requests, seconds) = text.split_once('/').ok_or(RateError)?;
        let number = |text: &str| text.trim().parse().map_err(|_| RateError);
        Ok(Self { requests: number(requests)?, seconds: number(seconds)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_two_whole_numbers_above_zero() {
        assert_eq!("20/60".parse::<Rate>().unwrap().to_string(), "20/60");
        for wrong in ["", "20", "20/", "/60", "0/60", "20/0", "-1/60", "20/60/1", "1.5/60"] {
            assert_eq!(wrong.parse::<Rate>(), Err(RateError), "{wrong}");
        }
    }
}
