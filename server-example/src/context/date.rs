//! What day it is.

use jiff::{Timestamp, tz::TimeZone};

use super::Provider;

/// Today, in UTC.
#[derive(Debug)]
pub(super) struct Today;

impl Provider for Today {
    fn label(&self) -> &'static str {
        "Date"
    }

    fn also(&self) -> &'static str {
        "date today today's day current weekday"
    }

    /// Such as "Today is Sunday, 22 November 2026 (UTC)."
    fn text(&self) -> Option<String> {
        let now = Timestamp::now().to_zoned(TimeZone::UTC);
        Some(now.strftime("Today is %A, %-d %B %Y (UTC).").to_string())
    }
}
