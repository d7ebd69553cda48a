//! The widget inside somebody's own Yew application.

use std::cell::RefCell;
use std::rc::Rc;

use natter_widget::{ChatWidget, Config, Mode, SharedHandle, Storage};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

use crate::page::{Host, until};

#[derive(Clone, PartialEq, Properties)]
struct AppProps {
    on_mount: Callback<SharedHandle>,
    #[prop_or(AttrValue::Static("Ask me anything..."))]
    placeholder: AttrValue,
}

#[component]
fn App(props: &AppProps) -> Html {
    let config = Config::default().storage(Storage::None).placeholder(props.placeholder.as_str());
    html! { <main><ChatWidget {config} on_mount={&props.on_mount} /></main> }
}

/// The widget's element inside the application, once it has a shadow root.
async fn widget_in(app: &Host) -> Host {
    let find = || app.0.query_selector("main > div").unwrap().filter(|div| div.shadow_root().is_some());
    Host(wasm_bindgen::JsCast::unchecked_into(until("the widget is in the page", find).await))
}

#[wasm_bindgen_test]
async fn it_mounts_hands_its_handle_out_and_ends_when_unmounted() {
    let page = Host::new();
    let given: Rc<RefCell<Vec<SharedHandle>>> = Rc::default();
    let on_mount = {
        let given = Rc::clone(&given);
        Callback::from(move |handle| given.borrow_mut().push(handle))
    };
    let props = AppProps { on_mount, placeholder: "Before".into() };
    let mut app = yew::Renderer::<App>::with_root_and_props(page.0.clone().into(), props.clone()).render();

    let widget = widget_in(&page).await;
    let handle = until("the handle is there", || given.borrow().first().cloned()).await;
    until("the launcher is there", || widget.launcher()).await;
    handle.borrow().as_ref().unwrap().open();
    widget.focus_on_composer().await;

    app.update(AppProps { placeholder: "After".into(), ..props });
    until("the new settings are there", || (widget.composer().placeholder() == "After").then_some(())).await;
    assert_eq!(given.borrow().len(), 1, "on_mount comes once");

    let shadow = widget.shadow();
    app.destroy();
    until("the handle is taken back", || handle.borrow().is_none().then_some(())).await;
    assert_eq!(shadow.child_element_count(), 0);
}

#[component]
fn HelpPage() -> Html {
    let config = Config::default().storage(Storage::None).mode(Mode::Inline).title("Help");
    html! { <section style="width: 500px; height: 400px"><ChatWidget {config} /></section> }
}

#[wasm_bindgen_test]
async fn inline_it_is_a_region_that_fills_its_parent() {
    let page = Host::new();
    let app = yew::Renderer::<HelpPage>::with_root(page.0.clone().into()).render();
    let find =
        || page.0.query_selector("section > div").unwrap()?.shadow_root()?.query_selector("[role=region]").unwrap();
    let window = until("the window is there", find).await;
    assert_eq!(window.get_attribute("aria-label").as_deref(), Some("Help"));
    let size = |element: web_sys::Element| {
        let element: web_sys::HtmlElement = wasm_bindgen::JsCast::unchecked_into(element);
        (element.offset_width(), element.offset_height())
    };
    assert_eq!(size(window), (500, 400));
    app.destroy();
}
