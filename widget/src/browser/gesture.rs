//! What the visitor does in a root element, with what the element under it says of itself.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::dom;
use super::page::{self, Listeners};

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    fn element(event: &JsValue) -> Option<Element>;
    fn kind(event: &JsValue) -> String;
    fn attribute(element: &Element, name: &str) -> Option<String>;
    fn is_in(element: &Element, container: &str) -> bool;
    fn beside(element: &Element, container: &str, selector: &str) -> Option<String>;
    fn is_of(event: &JsValue, element: &Element) -> bool;
    fn is_in_field(event: &JsValue) -> bool;
    fn key(event: &JsValue) -> Option<String>;
}

/// Something done to an element that has `data-do`, or to something in it.
pub(crate) struct Gesture<'a> {
    event: &'a JsValue,
    element: Element,
    /// The event's type.
    pub(crate) kind: String,
    /// What the element is for: its `data-do`.
    pub(crate) deed: String,
    /// What it is about: its `data-of`.
    pub(crate) of: String,
}

/// Calls `handle` at what the visitor does in `root`. Where it returns true, the browser does nothing of its own.
pub(crate) fn listen(root: &HtmlElement, handle: impl Fn(&Gesture<'_>) -> bool + 'static) -> Listeners {
    page::listen(root, "click input keydown submit scroll", move |event| {
        Gesture::read(&event).is_some_and(|gesture| handle(&gesture))
    })
}

impl<'a> Gesture<'a> {
    fn read(event: &'a JsValue) -> Option<Self> {
        let element = element(event)?;
        let read = |name| attribute(&element, name).unwrap_or_default();
        Some(Self { kind: kind(event), deed: read("data-do"), of: read("data-of"), event, element })
    }

    /// The number in the element's `data-to`.
    pub(crate) fn to(&self) -> Option<usize> {
        attribute(&self.element, "data-to")?.parse().ok()
    }

    /// What the element's form, or the element itself, holds as text.
    pub(crate) fn text(&self) -> String {
        dom::text(&self.element)
    }

    /// The values of the element's form, in the order of `names`.
    pub(crate) fn fields<const N: usize>(&self, names: [&str; N]) -> Option<[String; N]> {
        dom::fields(&self.element, names)
    }

    /// The text in the first `selector` beside the element.
    pub(crate) fn beside(&self, container: &str, selector: &str) -> Option<String> {
        beside(&self.element, container, selector)
    }

    /// How far the element is scrolled, in CSS pixels, and whether its end is in sight; `None` when it was not this
    /// element, but one in it.
    pub(crate) fn scrolled(&self) -> Option<(i32, bool)> {
        is_of(self.event, &self.element).then(|| dom::scrolled(&self.element))
    }

    /// Whether the element is a button that stays down, and is down.
    pub(crate) fn is_pressed(&self) -> bool {
        attribute(&self.element, "aria-pressed").as_deref() == Some("true")
    }

    /// Whether the element stands in `container`.
    pub(crate) fn is_in(&self, container: &str) -> bool {
        is_in(&self.element, container)
    }

    /// Whether this happened in a text field.
    pub(crate) fn is_in_field(&self) -> bool {
        is_in_field(self.event)
    }

    /// The key, unless it is part of composing a character; Enter only alone.
    pub(crate) fn key(&self) -> Option<String> {
        key(self.event)
    }
}
