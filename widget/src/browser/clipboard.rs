//! The clipboard.

use wasm_bindgen::prelude::*;

use super::ongoing::handed_over;

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    fn write_text(text: &str, told: &JsValue);
}

/// Puts `text` on the clipboard, and calls `done` once it is there: a page without https has none, and the visitor or a
/// policy may refuse it.
pub(crate) fn write(text: &str, done: impl FnOnce() + 'static) {
    write_text(text, &handed_over(move |_| done()));
}
