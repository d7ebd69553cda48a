//! The visitor's own storage, which may be missing, forbidden or full.

use js_sys::{Function, JsString, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Storage;

use crate::config;

/// One text under one key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slot {
    storage: Option<Storage>,
    key: String,
}

/// The storage refused the text; as a rule because it is full.
#[derive(Debug)]
pub(crate) struct Full;

impl Slot {
    /// The slot `key` of the storage of that kind; where there is none, a slot that is always empty.
    pub(crate) fn new(kind: config::Storage, key: String) -> Self {
        Self { storage: open(kind), key }
    }

    /// Whether there is such a storage.
    pub(crate) fn is_there(&self) -> bool {
        self.storage.is_some()
    }

    /// The UTF-16 units of the text, which need not be valid UTF-16.
    pub(crate) fn load(&self) -> Option<Vec<u16>> {
        let storage = self.storage.as_ref()?;
        // web_sys would replace lone surrogates, which the oldest form of the history is full of.
        let get: Function = Reflect::get(storage, &"getItem".into()).ok()?.dyn_into().ok()?;
        let text: JsString = get.call1(storage, &JsValue::from_str(&self.key)).ok()?.dyn_into().ok()?;
        Some(text.iter().collect())
    }

    /// Replaces the text. Without a storage there is nothing to do, and that is no error.
    pub(crate) fn save(&self, text: &str) -> Result<(), Full> {
        match &self.storage {
            Some(storage) => storage.set_item(&self.key, text).map_err(|_| Full),
            None => Ok(()),
        }
    }

    /// Takes the text away.
    pub(crate) fn remove(&self) {
        if let Some(storage) = &self.storage {
            // A storage that cannot be written to holds nothing of ours.
            let _ = storage.remove_item(&self.key);
        }
    }
}

/// `None` where the browser has no such storage, or forbids it.
fn open(kind: config::Storage) -> Option<Storage> {
    let window = web_sys::window()?;
    match kind {
        config::Storage::Local => window.local_storage().ok()?,
        config::Storage::Session => window.session_storage().ok()?,
        config::Storage::None => None,
    }
}
