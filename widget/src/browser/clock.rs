//! Time, chance, and the visitor's way to write a time of day.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Date, Function, Intl, Math, Object, Reflect};
use wasm_bindgen::JsValue;

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    Date::now() as u64
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

fn date(millis: u64) -> Date {
    Date::new(&JsValue::from_f64(millis as f64))
}

/// An id that no other message of a conversation has. Not a secret, so not from `crypto`, which plain http lacks.
pub(crate) fn random_id() -> String {
    // 2^52: as many values as a double tells apart.
    format!("{:x}{:x}", now(), (Math::random() * 4_503_599_627_370_496.0) as u64)
}

/// Writes times of day as the visitor's locale does, hours and minutes in two digits.
#[derive(Debug, Clone)]
pub(crate) struct TimeFormat(Function);

impl TimeFormat {
    /// Made once and kept: making one costs more than a thousand uses of it.
    pub(crate) fn new() -> Self {
        let options = Object::new();
        for part in ["hour", "minute"] {
            // Setting a property of a fresh object cannot fail.
            let _ = Reflect::set(&options, &part.into(), &"2-digit".into());
        }
        Self(Intl::DateTimeFormat::new(&languages(), &options).format())
    }

    /// The time of day at `millis` since 1970.
    pub(crate) fn format(&self, millis: u64) -> String {
        self.0.call1(&JsValue::UNDEFINED, &date(millis)).ok().and_then(|text| text.as_string()).unwrap_or_default()
    }
}
