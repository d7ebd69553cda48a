//! Words for the owner, in the console.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Warns.
    #[wasm_bindgen(js_namespace = console)]
    pub(crate) fn warn(sentence: &str);
}
