//! Time, chance, and the visitor's way to write a time of day.

use js_sys::Date;
use wasm_bindgen::prelude::*;

use super::ongoing::{Ongoing, once};

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    fn after(millis: u32, call: &JsValue) -> JsValue;
    fn at_each(millis: u32, call: &JsValue) -> JsValue;
    fn in_next_frame(call: &JsValue) -> JsValue;
    fn seconds_until(date: &str) -> f64;
    fn iso(millis: f64) -> String;
    fn formatter(options: &str) -> JsValue;
    fn write(formatter: &JsValue, millis: f64) -> String;

    /// An id that no other message of a conversation has. Not a secret, so not from `crypto`, which plain http lacks.
    pub(crate) fn random_id() -> String;

    /// An id that nobody can guess: 128 random bits, as two numbers. Empty where the browser has no such chance to give.
    pub(crate) fn secret_id() -> String;
}

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    Date::now() as u64
}

/// Seconds until `date`, in any form a browser reads; `None` when it is no date, or over.
pub(crate) fn until(date: &str) -> Option<u32> {
    let seconds = seconds_until(date);
    // What is no number is not greater either.
    (seconds > 0.0).then_some(seconds as u32 + 1)
}

/// Milliseconds since 1970 as ISO 8601.
pub(crate) fn iso8601(millis: u64) -> String {
    iso(millis as f64)
}

/// Something that happens later, or again and again, unless this is dropped before.
pub(crate) type Timer = Ongoing;

/// Does `act` once, after `millis`.
pub(crate) fn later(millis: u32, act: impl FnOnce() + 'static) -> Timer {
    Ongoing::new(once(|_| act()), |call| after(millis, call))
}

/// Does `act` every `millis`.
pub(crate) fn every(millis: u32, act: impl Fn() + 'static) -> Timer {
    let each = move |_| {
        act();
        false
    };
    Ongoing::new(each, |call| at_each(millis, call))
}

/// Does `act` once, when the next animation frame is drawn.
pub(super) fn next_frame(act: impl FnOnce() + 'static) -> Ongoing {
    Ongoing::new(once(|_| act()), in_next_frame)
}

/// A way to write times, as the visitor's locale does.
#[derive(Debug)]
pub(crate) struct TimeFormat(JsValue);

/// Writes the parts of a time that `options` name, as `Intl.DateTimeFormat` takes them, in JSON. Made once and kept: making
/// one costs more than a thousand uses of it.
pub(crate) fn format(options: &str) -> TimeFormat {
    TimeFormat(formatter(options))
}

impl TimeFormat {
    /// The time at `millis` since 1970.
    pub(crate) fn write(&self, millis: u64) -> String {
        write(&self.0, millis as f64)
    }
}
