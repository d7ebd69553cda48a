//! Elements: styles, focus, scrolling, events, and what a field holds.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, Node};
use yew::NodeRef;

use crate::config::{Config, Mode, Position, Theme};

pub(crate) use web_sys::{Element as HostElement, HtmlElement as RootElement};

/// How near to its end, in CSS pixels, a transcript counts as being at its end.
const AT_END: i32 = 24;

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    fn dispatch(host: &Element, name: &str, detail: &str);
    fn adopt(root: &HtmlElement, style: &str);
    fn is_color(value: &str) -> bool;
    fn focus_on(node: &Node);
    fn value_of(node: &Node) -> String;
    fn field(form: &Element, name: &str) -> Option<String>;
    fn scroll_top(element: &Element) -> i32;
    fn below(element: &Element) -> i32;
    fn to_end(node: &Node);
    fn call_extra(extra: &JsValue, name: &str, root: &HtmlElement);

    /// JSON as a JavaScript value.
    pub(crate) fn to_js(json: &str) -> JsValue;

    /// The host's open shadow root and in it the element the view is rendered into, both made where they are missing.
    pub(crate) fn root_of(host: &Element) -> Option<HtmlElement>;

    /// Sets a CSS property through the object model, which a strict policy allows; an empty value removes it.
    pub(crate) fn set_property(element: &HtmlElement, name: &str, value: &str);

    /// Begins to edit: puts `text` into the field of the first form like this, and the focus behind it.
    pub(crate) fn edit(root: &HtmlElement, text: &str);

    /// Whether the focus is inside `root`, where it also is when nothing else on the page has it.
    pub(crate) fn has_focus(root: &HtmlElement) -> bool;

    /// Whether nothing on the page has the focus, as when the element that had it was taken away. Where another part of the
    /// page has it, the visitor is busy there.
    pub(crate) fn lost_focus() -> bool;

    /// Gives the focus to the first field whose value was refused.
    pub(crate) fn focus_first_invalid(root: &HtmlElement);

    /// What the element's form, or the element itself, holds as text.
    pub(super) fn text(element: &Element) -> String;
}
/// Puts what the style sheet keys on onto the root element. Gives the accent back when it is not a colour.
pub(crate) fn dress<'a>(root: &HtmlElement, config: &'a Config) -> Option<&'a str> {
    let position = match config.position {
        Position::BottomRight => "bottom-right",
        Position::BottomLeft => "bottom-left",
    };
    let theme = match config.theme {
        Theme::Auto => "auto",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let mode = match config.mode {
        Mode::Bubble => "bubble",
        Mode::Inline => "inline",
    };
    for (name, value) in [("class", "natter"), ("data-position", position), ("data-theme", theme), ("data-mode", mode)]
    {
        // The names are valid, so this cannot fail.
        let _ = root.set_attribute(name, value);
    }
    match config.accent.as_deref() {
        Some(accent) if is_color(accent) => set_property(root, "--natter-accent", accent),
        Some(accent) => return Some(accent),
        None => set_property(root, "--natter-accent", ""),
    }
    None
}

/// Adds `styles` to those of the shadow root that `root` stands in. One sheet serves all widgets of a page.
pub(crate) fn adopt_styles(root: &HtmlElement, styles: &[&str]) {
    adopt(root, &styles.concat());
}

/// Dispatches `natter:NAME` with `detail` (JSON) on the host, bubbling and through shadow roots.
pub(crate) fn emit(host: &Element, name: &str, detail: &str) {
    dispatch(host, name, detail);
}

/// What a page has beside the app: a function of its name and of what it is about, as a rule the root element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Extra(JsValue);

#[cfg(feature = "bundle")]
impl From<JsValue> for Extra {
    fn from(function: JsValue) -> Self {
        Self(function)
    }
}

impl Extra {
    /// Nothing comes back, and what goes wrong there is told there.
    pub(crate) fn call(&self, name: &str, root: &HtmlElement) {
        call_extra(&self.0, name, root);
    }

    /// The function, for what does not go through here.
    pub(super) fn function(&self) -> &JsValue {
        &self.0
    }
}

/// Gives the focus to the node, if it is on the page, without scrolling the page to it.
pub(crate) fn focus(node: &NodeRef) {
    if let Some(node) = node.get() {
        focus_on(&node);
    }
}

/// What stands in the text field.
pub(crate) fn value(node: &NodeRef) -> String {
    node.get().map(|field| value_of(&field)).unwrap_or_default()
}

/// The values of a form's fields, in the order of `names`; `None` when the element is no form.
pub(crate) fn fields<const N: usize>(form: &Element, names: [&str; N]) -> Option<[String; N]> {
    // All have one, or none.
    let values = names.map(|name| field(form, name));
    values[0].is_some().then(|| values.map(Option::unwrap_or_default))
}

/// How far the element is scrolled, in CSS pixels, and whether its end is in sight.
pub(crate) fn scrolled(element: &Element) -> (i32, bool) {
    (scroll_top(element), below(element) <= AT_END)
}

/// Scrolls the node to its end.
pub(crate) fn scroll_to_end(node: &NodeRef) {
    if let Some(node) = node.get() {
        to_end(&node);
    }
}
