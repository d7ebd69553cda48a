//! What the visitor does in a root element, with what the element under it says of itself.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

use super::dom;
use super::page::Listeners;

/// Something done to an element that has `data-do`, or to something in it.
pub(crate) struct Gesture<'a> {
    event: &'a Event,
    element: Element,
    /// The event's type.
    pub(crate) kind: String,
    /// What the element is for: its `data-do`.
    pub(crate) deed: String,
    /// What it is about: its `data-of`.
    pub(crate) of: String,
}

/// Calls `handle` at what the visitor does in `root`. Where it returns true, the browser does nothing of its own.
pub(crate) fn listen(root: &HtmlElement, handle: impl Fn(&Gesture<'_>) -> bool + Clone + 'static) -> Listeners {
    let listener = |kind: &'static str| {
        let handle = handle.clone();
        // In the capture phase, since scrolling does not bubble.
        let options = EventListenerOptions { passive: false, ..EventListenerOptions::run_in_capture_phase() };
        EventListener::new_with_options(root, kind, options, move |event| {
            if Gesture::read(event).is_some_and(|gesture| handle(&gesture)) {
                event.prevent_default();
            }
        })
    };
    Listeners::from(["click", "input", "keydown", "submit", "scroll"].map(listener))
}

impl<'a> Gesture<'a> {
    fn read(event: &'a Event) -> Option<Self> {
        let element = event.target()?.dyn_into::<Element>().ok()?.closest("[data-do]").ok()??;
        let read = |name| element.get_attribute(name).unwrap_or_default();
        Some(Self { event, kind: event.type_(), deed: read("data-do"), of: read("data-of"), element })
    }

    /// The number in the element's `data-to`.
    pub(crate) fn to(&self) -> Option<usize> {
        self.element.get_attribute("data-to")?.parse().ok()
    }

    /// What the element's form, or the element itself, holds as text.
    pub(crate) fn text(&self) -> String {
        match dom::fields(&self.element, ["text"]) {
            Some([text]) => text,
            None => self.element.unchecked_ref::<HtmlTextAreaElement>().value(),
        }
    }

    /// The values of the element's form, in the order of `names`.
    pub(crate) fn fields<const N: usize>(&self, names: [&str; N]) -> Option<[String; N]> {
        dom::fields(&self.element, names)
    }

    /// The text in the first `selector` beside the element.
    pub(crate) fn beside(&self, container: &str, selector: &str) -> Option<String> {
        self.element.closest(container).ok()??.query_selector(selector).ok()??.text_content()
    }

    /// How far the element is scrolled, in CSS pixels, and whether its end is in sight; `None` when it was not this
    /// element, but one in it.
    pub(crate) fn scrolled(&self) -> Option<(i32, bool)> {
        (self.event.target()? == *self.element.as_ref()).then(|| dom::scrolled(&self.element))
    }

    /// Whether the element is a button that stays down, and is down.
    pub(crate) fn is_pressed(&self) -> bool {
        self.element.get_attribute("aria-pressed").as_deref() == Some("true")
    }

    /// Whether the element stands in `container`.
    pub(crate) fn is_in(&self, container: &str) -> bool {
        matches!(self.element.closest(container), Ok(Some(_)))
    }

    /// Whether this happened in a text field.
    pub(crate) fn is_in_field(&self) -> bool {
        self.event.target().is_some_and(|target| target.has_type::<HtmlTextAreaElement>())
    }

    /// The key, unless it is part of composing a character; Enter only alone.
    pub(crate) fn key(&self) -> Option<String> {
        let event: &KeyboardEvent = self.event.dyn_ref()?;
        let key = event.key();
        // 229: how Safari reports the Enter that ends a composition.
        let composing = event.is_composing() || event.key_code() == 229;
        let modified = event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key();
        (!(composing || key == "Enter" && modified)).then_some(key)
    }
}
