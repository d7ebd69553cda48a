//! The page's own analytics, if it has any.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    /// Calls `window.gtag("event", name, properties)`, the properties as JSON; nothing happens on a page without it.
    pub(crate) fn gtag(name: &str, properties: &str);
}
