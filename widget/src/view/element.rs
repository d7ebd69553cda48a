//! Elements made by calls. What `html!` expands to is three times as many bytes of wasm (docs/architecture.md), and a
//! page of the widget has a hundred elements.

use yew::virtual_dom::{AttributeOrProperty, Attributes, Key, VList, VTag, VText};
use yew::{AttrValue, Html, NodeRef};

/// Every attribute an element can have. One list for all elements, so that their attributes are compared by position.
const NAMES: [&str; 51] = [
    "class",
    "part",
    "role",
    "dir",
    "data-do",
    "data-of",
    "data-to",
    "type",
    "title",
    "aria-label",
    "tabindex",
    "id",
    "name",
    "rows",
    "href",
    "rel",
    "target",
    "start",
    "disabled",
    "checked",
    "placeholder",
    "maxlength",
    "autocomplete",
    "enterkeyhint",
    "novalidate",
    "required",
    "for",
    "aria-live",
    "aria-hidden",
    "aria-busy",
    "aria-invalid",
    "aria-disabled",
    "aria-expanded",
    "aria-pressed",
    "aria-haspopup",
    "aria-describedby",
    "data-role",
    "data-shows",
    "data-is",
    "data-draft",
    "data-count",
    "data-over",
    "data-loading",
    "data-loose",
    "data-align",
    "data-language",
    "viewBox",
    "d",
    "fill",
    "stroke",
    "stroke-width",
];

/// An element that is being put together.
#[derive(Debug)]
pub struct Element {
    tag: VTag,
    attributes: Box<[Option<AttributeOrProperty>]>,
    children: Vec<Html>,
}

/// An element from its constant parts, separated by spaces: the tag's name, then attributes as `name=value`, or as
/// `name` alone for an empty value. `el("button class=tool type=button")`.
pub fn el(spec: &'static str) -> Element {
    let mut words = spec.split(' ');
    let tag = VTag::new(words.next().unwrap_or_default());
    let mut element = Element { tag, attributes: NAMES.map(|_| None).into(), children: Vec::new() };
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        element.put(name, value.into());
    }
    element
}

impl Element {
    fn put(&mut self, name: &str, value: AttrValue) {
        let at = NAMES.iter().position(|known| *known == name);
        debug_assert!(at.is_some(), "{name} is missing in NAMES");
        if let Some(place) = at.and_then(|at| self.attributes.get_mut(at)) {
            *place = Some(AttributeOrProperty::Attribute(value));
        }
    }

    /// Sets an attribute.
    pub fn set(mut self, name: &'static str, value: impl Into<AttrValue>) -> Self {
        self.put(name, value.into());
        self
    }

    /// Sets an attribute if there is a value for it.
    pub fn maybe(self, name: &'static str, value: Option<impl Into<AttrValue>>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Sets an attribute to "true", or not at all.
    pub fn flag(self, name: &'static str, on: bool) -> Self {
        self.maybe(name, on.then_some("true"))
    }

    /// Names the element for assistive technology and, as a tooltip, for the eye.
    pub fn named(self, name: &'static str) -> Self {
        self.set("aria-label", name).set("title", name)
    }

    /// Sets what a text field holds.
    pub fn value(mut self, value: AttrValue) -> Self {
        self.tag.set_value(Some(value));
        self
    }

    /// Lets `node` refer to the element.
    pub fn node(mut self, node: &NodeRef) -> Self {
        self.tag.node_ref = node.clone();
        self
    }

    /// Tells the element from its siblings.
    pub fn key(mut self, key: &str) -> Self {
        self.tag.key = Some(Key::from(key));
        self
    }

    /// Adds a text.
    pub fn text(self, text: impl Into<AttrValue>) -> Self {
        self.html(VText::new(text).into())
    }

    /// Adds a child.
    pub fn child(self, child: Element) -> Self {
        self.html(child.into())
    }

    /// Adds a child, or keeps its place: children without keys are told apart by where they stand, so an element stays
    /// the same one, with its focus and what was typed, only as long as the number of its siblings does.
    pub fn place(self, child: Option<Element>) -> Self {
        self.html(child.map_or_else(Html::default, Html::from))
    }

    /// Adds nodes.
    pub fn all(mut self, children: Vec<Html>) -> Self {
        self.children.extend(children);
        self
    }

    /// Adds a node.
    pub fn html(mut self, child: Html) -> Self {
        self.children.push(child);
        self
    }
}

impl From<Element> for Html {
    fn from(Element { mut tag, attributes, children }: Element) -> Self {
        tag.set_attributes(Attributes::Dynamic { keys: &NAMES, values: attributes });
        if let Some(place) = tag.children_mut() {
            *place = list(children);
        }
        tag.into()
    }
}

/// Nodes without an element around them.
pub fn list(children: Vec<Html>) -> Html {
    VList::with_children(children, None).into()
}
