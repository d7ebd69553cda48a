//! What happens to the page as a whole.

use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, VisualViewport};

use super::ongoing::Ongoing;

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = listen)]
    fn listen_to(target: &EventTarget, types: &str, call: &JsValue) -> JsValue;
    fn page() -> EventTarget;
    fn viewport() -> Option<VisualViewport>;

    /// Whether the browser believes to have a network.
    pub(crate) fn is_online() -> bool;

    /// The page's address.
    pub(crate) fn address() -> String;

    /// The tab's title.
    pub(crate) fn title() -> String;

    /// Changes the tab's title.
    pub(crate) fn set_title(title: &str);
}

/// Listeners that end when this is dropped.
pub(crate) type Listeners = Ongoing;

/// Calls `hear` at each event of one of `types` (with spaces between) on `target` or in it; where it returns true, the
/// browser does nothing of its own.
pub(super) fn listen(target: &EventTarget, types: &str, hear: impl FnMut(JsValue) -> bool + 'static) -> Listeners {
    Ongoing::new(hear, |call| listen_to(target, types, call))
}

/// Calls `handle` at each event of one of `types` on `target`.
fn at_each(target: &EventTarget, types: &str, handle: impl Fn() + 'static) -> Listeners {
    let hear = move |_| {
        handle();
        false
    };
    listen(target, types, hear)
}

/// Calls `handle` whenever the network comes or goes.
pub(crate) fn on_network(handle: impl Fn(bool) + 'static) -> Listeners {
    at_each(&page(), "online offline", move || handle(is_online()))
}

/// Calls `handle` when another tab, or something else on this page, changed the storage, and when it may have been changed
/// while this page was frozen: the visitor came back to it, and the browser had kept it as it was. A
/// [`Slot`](super::storage::Slot) knows whether the event is about it.
pub(crate) fn on_storage(handle: impl Fn(&JsValue) + 'static) -> Listeners {
    let hear = move |event| {
        handle(&event);
        false
    };
    listen(&page(), "storage natter:stored pageshow", hear)
}

/// Calls `handle` when the page is left or put into the background for good: the last chance to save.
pub(crate) fn on_leave(handle: impl Fn() + 'static) -> Listeners {
    at_each(&page(), "pagehide", handle)
}

/// Calls `handle` now and whenever the part of the page above an on-screen keyboard changes: with its distance from
/// the top of the layout and its height, in CSS pixels.
pub(crate) fn on_viewport(handle: impl Fn(u64, u64) + 'static) -> Option<Listeners> {
    let viewport = viewport()?;
    let measured = viewport.clone();
    let report = move || handle(measured.offset_top() as u64, measured.height() as u64);
    report();
    Some(at_each(&viewport, "resize scroll", report))
}
