//! What happens to the page as a whole.

use gloo_events::EventListener;
use web_sys::{EventTarget, Window};

use super::dom::document;

/// Listeners that end when this is dropped.
#[must_use]
#[derive(Debug)]
pub(crate) struct Listeners {
    _listeners: Vec<EventListener>,
}

impl<const N: usize> From<[EventListener; N]> for Listeners {
    fn from(listeners: [EventListener; N]) -> Self {
        Self { _listeners: listeners.into() }
    }
}

/// Calls `handle` at each event of one of `types` on `target`.
fn listen(target: &EventTarget, types: &[&'static str], handle: impl Fn() + Clone + 'static) -> Listeners {
    let listener = |event| {
        let handle = handle.clone();
        EventListener::new(target, event, move |_| handle())
    };
    Listeners { _listeners: types.iter().copied().map(listener).collect() }
}

fn window() -> Option<Window> {
    web_sys::window()
}

/// Whether the browser believes to have a network.
pub(crate) fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// The page's address.
pub(crate) fn address() -> String {
    window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// The tab's title.
pub(crate) fn title() -> String {
    document().map(|document| document.title()).unwrap_or_default()
}

/// Changes the tab's title.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Calls `handle` whenever the network comes or goes.
pub(crate) fn on_network(handle: impl Fn(bool) + Clone + 'static) -> Option<Listeners> {
    Some(listen(window()?.as_ref(), &["online", "offline"], move || handle(is_online())))
}

/// Calls `handle` when another tab changed the storage, or may have done so while the page was away.
pub(crate) fn on_storage(handle: impl Fn() + Clone + 'static) -> Option<Listeners> {
    Some(listen(window()?.as_ref(), &["storage", "pageshow"], handle))
}

/// Calls `handle` when the page is left or put into the background for good: the last chance to save.
pub(crate) fn on_leave(handle: impl Fn() + Clone + 'static) -> Option<Listeners> {
    Some(listen(window()?.as_ref(), &["pagehide"], handle))
}

/// Calls `handle` now and whenever the part of the page above an on-screen keyboard changes: with its distance from
/// the top of the layout and its height, in CSS pixels.
pub(crate) fn on_viewport(handle: impl Fn(u64, u64) + Clone + 'static) -> Option<Listeners> {
    let viewport = window()?.visual_viewport()?;
    let measured = viewport.clone();
    let report = move || handle(measured.offset_top() as u64, measured.height() as u64);
    report();
    Some(listen(viewport.as_ref(), &["resize", "scroll"], report))
}
