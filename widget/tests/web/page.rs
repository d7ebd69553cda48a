//! What the tests see of the page, and how they wait.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, Date, JSON, Promise, Reflect};
use natter_widget::{Config, Handle, mount};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CustomEvent, Document, Element, HtmlElement, HtmlTextAreaElement, ShadowRoot, Storage, Window};

/// How long a test waits for a state, in ms. Only a failing test waits that long.
const PATIENCE: f64 = 10_000.0;

/// A port that browsers never connect to.
pub(crate) const NOBODY: &str = "http://127.0.0.1:9/";

pub(crate) fn window() -> Window {
    web_sys::window().unwrap()
}

pub(crate) fn document() -> Document {
    window().document().unwrap()
}

async fn frame() {
    let frame = Promise::new(&mut |resolve, _| {
        window().request_animation_frame(&resolve).unwrap();
    });
    JsFuture::from(frame).await.unwrap();
}

/// Looks once per frame until there is what the test waits for.
pub(crate) async fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let deadline = Date::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Date::now() < deadline, "waited in vain until {what}");
        frame().await;
    }
}

/// A new `<div>` at the end of the page, which goes with this value.
pub(crate) struct Host(pub(crate) HtmlElement);

impl Host {
    pub(crate) fn new() -> Self {
        let host: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&host).unwrap();
        Self(host)
    }

    /// Mounts a widget in it and waits until it is ready.
    pub(crate) async fn mount(&self, config: Config) -> Handle {
        let events = Events::on(&self.0);
        let handle = mount(&self.0, config).unwrap();
        events.wait("natter:ready").await;
        handle
    }

    pub(crate) fn shadow(&self) -> ShadowRoot {
        self.0.shadow_root().unwrap()
    }

    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.shadow().query_selector(selector).unwrap()
    }

    /// The launcher, which shows while the window is closed.
    pub(crate) fn launcher(&self) -> Option<HtmlElement> {
        self.find("[aria-haspopup=dialog]").map(JsCast::unchecked_into)
    }

    pub(crate) fn composer(&self) -> HtmlTextAreaElement {
        self.find("textarea").unwrap().unchecked_into()
    }

    /// What the visitor can see of the conversation, and read.
    pub(crate) fn transcript(&self) -> String {
        self.find("[role=log]").and_then(|log| log.text_content()).unwrap_or_default()
    }

    /// Waits until the focus is where it is said to be.
    pub(crate) async fn focus_on(&self, what: &str, element: impl Fn() -> Option<Element>) {
        until(&format!("the focus is on {what}"), || {
            let focused = self.shadow().active_element()?;
            (element()? == focused).then_some(())
        })
        .await;
    }

    pub(crate) async fn focus_on_composer(&self) {
        self.focus_on("the composer", || self.find("textarea")).await;
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// The widget's events that reach `<body>` from one host, as name and detail (JSON).
pub(crate) struct Events {
    seen: Rc<RefCell<Vec<(String, String)>>>,
    _listeners: Vec<EventListener>,
}

impl Events {
    pub(crate) fn on(host: &HtmlElement) -> Self {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let body = document().body().unwrap();
        let listener = |name: &'static str| {
            let (seen, host) = (Rc::clone(&seen), host.clone());
            EventListener::new(&body, name, move |event| {
                if event.target().as_ref() == Some(&host) {
                    let detail = event.unchecked_ref::<CustomEvent>().detail();
                    let detail = JSON::stringify(&detail).map(String::from).unwrap();
                    seen.borrow_mut().push((name.to_owned(), detail));
                }
            })
        };
        let names = [
            "natter:ready",
            "natter:open",
            "natter:close",
            "natter:minimize",
            "natter:sent",
            "natter:received",
            "natter:error",
            "natter:clear",
        ];
        let _listeners = names.into_iter().map(listener).collect();
        Self { seen, _listeners }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.seen.borrow().iter().map(|(name, _)| name.clone()).collect()
    }

    /// Waits for the event and gives its detail.
    pub(crate) async fn wait(&self, name: &str) -> serde_json::Value {
        let find = || self.seen.borrow().iter().find(|(seen, _)| seen == name).map(|(_, detail)| detail.clone());
        serde_json::from_str(&until(&format!("{name} comes"), find).await).unwrap()
    }
}

/// Types `text` into the composer.
pub(crate) fn write(host: &Host, text: &str) {
    let composer = host.composer();
    composer.set_value(text);
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    let event = web_sys::Event::new_with_event_init_dict("input", &init).unwrap();
    composer.dispatch_event(&event).unwrap();
}

/// Presses a key on an element.
pub(crate) fn press(element: &Element, key: &str) {
    let init = web_sys::KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_cancelable(true);
    let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    element.dispatch_event(&event).unwrap();
}

pub(crate) fn local() -> Storage {
    window().local_storage().unwrap().unwrap()
}

pub(crate) fn session() -> Storage {
    window().session_storage().unwrap().unwrap()
}

/// The style sheets that the shadow root has adopted.
pub(crate) fn sheets(shadow: &ShadowRoot) -> Array {
    Array::from(&Reflect::get(shadow, &JsValue::from_str("adoptedStyleSheets")).unwrap())
}
