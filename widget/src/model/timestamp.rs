//! Points in time as older histories wrote them: milliseconds since 1970 or ISO 8601.

use natter_protocol::json::Value;

/// Reads a number of milliseconds or an ISO 8601 text.
pub(super) fn read(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| parse_iso8601(value.as_str()?))
}

/// Milliseconds since 1970 of `2026-01-31T12:34:56[.789](Z|±hh:mm)`, the form JavaScript's `toISOString` writes.
#[must_use]
pub fn parse_iso8601(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| {
        let digits = bytes.get(from..to)?;
        digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let well_formed = bytes.iter().zip(*b"....-..-..T..:..:..").all(|(byte, form)| form == b'.' || *byte == form);
    let in_range = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    if !well_formed || !in_range {
        return None;
    }
    let zone = bytes.iter().rposition(|byte| matches!(byte, b'Z' | b'+' | b'-')).filter(|at| *at >= 19)?;
    let millis = match zone {
        19 => 0,
        // Three digits, the rest cut off or made up for with zeros.
        _ if bytes[19] == b'.' && number(20, zone).is_some() && zone > 20 => {
            (20..23).try_fold(0, |sum, at| Some(sum * 10 + if at < zone { number(at, at + 1)? } else { 0 }))?
        }
        _ => return None,
    };
    let offset = match bytes[zone] {
        b'Z' => 0,
        sign => {
            (number(zone + 1, zone + 3)? * 60 + number(bytes.len() - 2, bytes.len())?)
                * if sign == b'-' { -1 } else { 1 }
        }
    };
    let minutes = (days_since_1970(year, month, day) * 24 + hour) * 60 + minute - offset;
    u64::try_from((minutes * 60 + second) * 1000 + millis).ok()
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::parse_iso8601;

    #[test]
    fn reads_what_javascript_writes() {
        assert_eq!(parse_iso8601("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(parse_iso8601("2000-02-29T12:34:56.789Z"), Some(951_827_696_789));
        assert_eq!(parse_iso8601("2000-02-29T12:34:56.7Z"), Some(951_827_696_700));
        assert_eq!(parse_iso8601("2026-11-22T17:00:00Z"), Some(1_795_366_800_000));
        assert_eq!(parse_iso8601("2026-11-22T19:00:00+02:00"), Some(1_795_366_800_000));
        assert_eq!(parse_iso8601("2026-11-22T11:30:00.000-0530"), Some(1_795_366_800_000));
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "2026",
            "2026-13-01T00:00:00Z",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00",
            "é026-01-01T00:00:00Z",
            "2026-01-01T00:00:00,5Z",
            "2026-01-01T00:00:00.xZ",
            "2026-01-01T00:00:00+é",
        ] {
            assert_eq!(parse_iso8601(text), None, "{text}");
        }
    }
}
