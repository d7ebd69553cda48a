//! The visitor's own storage, which may be missing, forbidden or full.

use wasm_bindgen::prelude::*;

use crate::config;

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    fn open(kind: &str) -> JsValue;
    fn load(storage: &JsValue, key: &str) -> Option<Vec<u16>>;
    fn save(storage: &JsValue, key: &str, text: &str) -> bool;
    fn remove(storage: &JsValue, key: &str);
    fn tell(key: &str);
    fn concerns(event: &JsValue, key: &str) -> bool;
}

/// One text under one key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slot {
    /// The storage, or `undefined`, which is always empty.
    storage: JsValue,
    key: String,
}

/// The storage refused the text; as a rule because it is full.
#[derive(Debug)]
pub(crate) struct Full;

impl Slot {
    /// The slot `key` of the storage of that kind; where there is none, a slot that is always empty.
    pub(crate) fn new(kind: config::Storage, key: String) -> Self {
        let kind = match kind {
            config::Storage::Local => "localStorage",
            config::Storage::Session => "sessionStorage",
            config::Storage::None => "",
        };
        Self { storage: open(kind), key }
    }

    /// The UTF-16 units of the text, which need not be valid UTF-16: the oldest form of the history is full of lone
    /// surrogates.
    pub(crate) fn load(&self) -> Option<Vec<u16>> {
        load(&self.storage, &self.key)
    }

    /// Replaces the text. Without a storage there is nothing to do, and that is no error.
    pub(crate) fn save(&self, text: &str) -> Result<(), Full> {
        if save(&self.storage, &self.key, text) { Ok(()) } else { Err(Full) }
    }

    /// Takes the text away.
    pub(crate) fn remove(&self) {
        remove(&self.storage, &self.key);
    }

    /// Tells the other widgets of this page that the text has changed.
    pub(crate) fn tell(&self) {
        tell(&self.key);
    }

    /// Whether the event says that the text may have changed. Without a storage, that nothing is stored says nothing.
    pub(crate) fn is_told(&self, event: &JsValue) -> bool {
        !self.storage.is_undefined() && concerns(event, &self.key)
    }
}
