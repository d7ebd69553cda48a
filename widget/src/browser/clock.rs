//! Time, chance, and the visitor's way to write a time of day.

use gloo_timers::callback::{Interval, Timeout};
use js_sys::{Array, Date, Function, Intl, Math, Object, Reflect};
use natter_protocol::json::decimal;
use wasm_bindgen::JsValue;

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    Date::now() as u64
}

/// Seconds until `date`, in any form a browser reads; `None` when it is no date, or over.
pub(crate) fn until(date: &str) -> Option<u32> {
    let seconds = (Date::parse(date) - Date::now()) / 1000.0;
    // What is no number is not greater either.
    (seconds > 0.0).then_some(seconds as u32 + 1)
}

/// Milliseconds since 1970 as ISO 8601.
pub(crate) fn iso8601(millis: u64) -> String {
    date(millis).to_iso_string().into()
}

/// The languages the visitor prefers. Without them some browsers write times in the language of their own menus.
fn languages() -> Array {
    web_sys::window().map(|window| window.navigator().languages()).unwrap_or_default()
}

/// Something that happens later, unless this is dropped before.
#[must_use]
#[derive(Debug)]
pub(crate) struct Timer {
    _timeout: Timeout,
}

/// Does `act` once, after `millis`.
pub(crate) fn later(millis: u32, act: impl FnOnce() + 'static) -> Timer {
    Timer { _timeout: Timeout::new(millis, act) }
}

/// Something that happens again and again, until this is dropped.
#[must_use]
#[derive(Debug)]
pub(crate) struct Ticker {
    _interval: Interval,
}

/// Does `act` every `millis`.
pub(crate) fn every(millis: u32, act: impl Fn() + 'static) -> Ticker {
    Ticker { _interval: Interval::new(millis, act) }
}

fn date(millis: u64) -> Date {
    Date::new(&JsValue::from_f64(millis as f64))
}

/// An id that no other message of a conversation has. Not a secret, so not from `crypto`, which plain http lacks.
pub(crate) fn random_id() -> String {
    // 2^52: as many values as a double tells apart.
    let chance = (Math::random() * 4_503_599_627_370_496.0) as u64;
    [decimal(now()), decimal(chance)].concat()
}

/// An id that nobody can guess: 128 random bits, as two numbers. Empty where the browser has no such chance to give.
pub(crate) fn secret_id() -> String {
    let half = || {
        let mut bytes = [0; 8];
        web_sys::window()?.crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
        Some(decimal(u64::from_le_bytes(bytes)))
    };
    half().zip(half()).map(|(one, two)| [one.as_str(), "-", &two].concat()).unwrap_or_default()
}

/// A way to write times, as the visitor's locale does.
#[derive(Debug)]
pub(crate) struct TimeFormat(Function);

/// Writes these parts of a time, each in its style. Made once and kept: making one costs more than a thousand uses of it.
pub(crate) fn format(parts: [(&str, &str); 2]) -> TimeFormat {
    let options = Object::new();
    for (part, style) in parts {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &part.into(), &style.into());
    }
    TimeFormat(Intl::DateTimeFormat::new(&languages(), &options).format())
}

impl TimeFormat {
    /// The time at `millis` since 1970.
    pub(crate) fn write(&self, millis: u64) -> String {
        self.0.call1(&JsValue::UNDEFINED, &date(millis)).ok().and_then(|text| text.as_string()).unwrap_or_default()
    }
}
