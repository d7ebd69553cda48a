//! Elements: styles, focus, scrolling, events, and what a field holds.

use js_sys::{Array, Function, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CssStyleSheet, CustomEvent, CustomEventInit, Document, Element, FormData, HtmlElement, HtmlFormElement,
    HtmlTextAreaElement, ShadowRoot, ShadowRootInit, ShadowRootMode,
};
use yew::NodeRef;

use crate::config::{Config, Position, Theme};

pub(crate) use web_sys::{Element as HostElement, HtmlElement as RootElement};

/// How near to its end, in CSS pixels, a transcript counts as being at its end.
const AT_END: i32 = 24;

/// The page.
pub(super) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// JSON as a JavaScript value.
pub(crate) fn to_js(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or(JsValue::NULL)
}

/// The names and values in a list of `[name, value]`.
#[cfg(feature = "bundle")]
pub(crate) fn pairs(list: JsValue) -> Vec<(String, String)> {
    let text = |pair: &Array, at| pair.get(at).as_string().unwrap_or_default();
    Array::from(&list).iter().map(|pair| Array::from(&pair)).map(|pair| (text(&pair, 0), text(&pair, 1))).collect()
}

/// The host's open shadow root and in it the element the view is rendered into, both made where they are missing.
pub(crate) fn root_of(host: &Element) -> Option<HtmlElement> {
    let shadow = match host.shadow_root() {
        Some(shadow) => shadow,
        None => host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?,
    };
    let root: HtmlElement = document()?.create_element("div").ok()?.dyn_into().ok()?;
    shadow.append_child(&root).ok()?;
    Some(root)
}

/// Adds `styles` to those of the shadow root that `root` stands in. One sheet serves all widgets of a page.
pub(crate) fn adopt_styles(root: &HtmlElement, styles: &[&str]) {
    thread_local! {
        static SHEET: Option<CssStyleSheet> = CssStyleSheet::new().ok();
    }
    let shadow: ShadowRoot = root.get_root_node().unchecked_into();
    SHEET.with(|sheet| {
        let Some(sheet) = sheet else { return };
        // All fail only in browsers without constructable style sheets, which have no modules either.
        let _ = sheet.replace_sync(&styles.concat());
        let name = "adoptedStyleSheets".into();
        let adopted = Array::from(&Reflect::get(&shadow, &name).unwrap_or_default());
        if !adopted.includes(sheet, 0) {
            adopted.push(sheet);
            let _ = Reflect::set(&shadow, &name, &adopted);
        }
    });
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
    root.set_class_name("natter");
    for (name, value) in [("data-position", position), ("data-theme", theme)] {
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

/// Whether the browser takes `value` for a colour.
fn is_color(value: &str) -> bool {
    web_sys::css::supports_with_value("color", value).unwrap_or(false)
}

/// Sets a CSS property through the object model, which a strict policy allows; an empty value removes it.
pub(crate) fn set_property(element: &HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

/// Dispatches `natter:NAME` with `detail` (JSON) on the host, bubbling and through shadow roots.
pub(crate) fn emit(host: &Element, name: &str, detail: &str) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(&to_js(detail));
    if let Ok(event) = CustomEvent::new_with_event_init_dict(&["natter:", name].concat(), &init) {
        let _ = host.dispatch_event(&event);
    }
}

/// What a page has beside the app: a function of its name and the root element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Extra(Function);

#[cfg(feature = "bundle")]
impl From<JsValue> for Extra {
    fn from(function: JsValue) -> Self {
        Self(function.unchecked_into())
    }
}

impl Extra {
    /// Nothing comes back, and what goes wrong there is told there.
    pub(crate) fn call(&self, name: &str, root: &HtmlElement) {
        let _ = self.0.call2(&JsValue::NULL, &name.into(), root);
    }
}

/// Begins to edit: puts `text` into the field of the first form like this, and the focus behind it.
pub(crate) fn edit(root: &HtmlElement, text: &str) {
    if let Ok(Some(field)) = root.query_selector(".editor textarea") {
        let field: HtmlTextAreaElement = field.unchecked_into();
        field.set_value(text);
        let _ = field.focus();
    }
}

/// Whether the focus is inside `root`, where it also is when nothing else on the page has it.
pub(crate) fn has_focus(root: &HtmlElement) -> bool {
    let shadow: ShadowRoot = root.get_root_node().unchecked_into();
    shadow.active_element().is_some()
}

/// Whether nothing on the page has the focus, as when the element that had it was taken away. Where another part of the
/// page has it, the visitor is busy there.
pub(crate) fn lost_focus() -> bool {
    document().is_some_and(|document| document.active_element().is_none_or(|element| element.tag_name() == "BODY"))
}

/// Gives the focus to the node, if it is on the page, without scrolling the page to it.
pub(crate) fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Gives the focus to the first field whose value was refused.
pub(crate) fn focus_first_invalid(root: &HtmlElement) {
    if let Ok(Some(field)) = root.query_selector("form [aria-invalid]") {
        let _ = field.unchecked_into::<HtmlElement>().focus();
    }
}

/// What stands in the text field.
pub(crate) fn value(node: &NodeRef) -> String {
    node.cast::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default()
}

/// The values of a form's fields, in the order of `names`; `None` when the element is no form.
pub(crate) fn fields<const N: usize>(form: &Element, names: [&str; N]) -> Option<[String; N]> {
    let data = FormData::new_with_form(form.dyn_ref::<HtmlFormElement>()?).ok()?;
    Some(names.map(|name| data.get(name).as_string().unwrap_or_default()))
}

/// How far the element is scrolled, in CSS pixels, and whether its end is in sight.
pub(crate) fn scrolled(element: &Element) -> (i32, bool) {
    let top = element.scroll_top();
    (top, element.scroll_height() - top - element.client_height() <= AT_END)
}

/// Scrolls the node to its end.
pub(crate) fn scroll_to_end(node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        element.set_scroll_top(element.scroll_height());
    }
}
