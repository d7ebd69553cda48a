//! The page's own analytics, if it has any.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::dom;

/// Calls `window.gtag("event", name, properties)`, the properties as JSON; nothing happens on a page without it.
pub(crate) fn gtag(name: &str, properties: &str) {
    let Some(window) = web_sys::window() else { return };
    let gtag = Reflect::get(&window, &"gtag".into()).ok().and_then(|gtag| gtag.dyn_into::<Function>().ok());
    if let Some(gtag) = gtag {
        // What the page's own function throws is the page's affair.
        let _ = gtag.call3(&JsValue::UNDEFINED, &"event".into(), &name.into(), &dom::to_js(properties));
    }
}
