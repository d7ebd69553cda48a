//! Into the page and out of it.

use natter_widget::{Config, mount};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement, ShadowRootMode};

use crate::page::{Events, Host, document, sheets, until, window};

fn forgetful() -> Config {
    Config::default().storage(natter_widget::Storage::None)
}

#[wasm_bindgen_test]
async fn a_div_gets_an_open_shadow_root_with_one_sheet() {
    let (host, other) = (Host::new(), Host::new());
    let handle = host.mount(forgetful()).await;
    let second = other.mount(forgetful()).await;
    assert_eq!(host.shadow().mode(), ShadowRootMode::Open);
    let sheet = sheets(&host.shadow());
    assert_eq!(sheet.length(), 1);
    assert_eq!(sheet.get(0), sheets(&other.shadow()).get(0), "one sheet serves every widget");
    assert!(host.launcher().is_some());
    handle.destroy();
    second.destroy();
}

#[wasm_bindgen_test]
fn an_element_that_cannot_hold_a_widget_is_refused() {
    let input = document().create_element("input").unwrap();
    let error = mount(&input, Config::default()).unwrap_err();
    assert!(error.to_string().contains("<div>"), "{error}");
}

#[wasm_bindgen_test]
async fn destroy_leaves_an_empty_shadow_root_that_can_be_used_again() {
    let host = Host::new();
    host.mount(forgetful()).await.destroy();
    assert_eq!(host.shadow().child_element_count(), 0);
    let again = host.mount(forgetful()).await;
    assert_eq!(host.shadow().child_element_count(), 1);
    assert_eq!(sheets(&host.shadow()).length(), 1);
    again.destroy();
}

#[wasm_bindgen_test]
async fn a_widget_that_is_destroyed_at_once_is_not_made_afterwards() {
    let (host, other) = (Host::new(), Host::new());
    let handle = mount(&host.0, forgetful()).unwrap();
    let root = host.shadow().first_element_child().unwrap();
    handle.destroy();
    assert_eq!(host.shadow().child_element_count(), 0);
    // By then all that was to be made is there.
    let later = other.mount(forgetful()).await;
    until("nothing is drawn", || (root.child_element_count() == 0).then_some(())).await;
    later.destroy();
}

#[wasm_bindgen_test]
async fn two_widgets_in_one_page_open_on_their_own() {
    let (one, two) = (Host::new(), Host::new());
    let (first, second) = (one.mount(forgetful()).await, two.mount(forgetful()).await);
    second.open();
    two.focus_on_composer().await;
    assert!(two.launcher().is_none() && one.launcher().is_some());
    first.destroy();
    second.destroy();
}

#[wasm_bindgen_test]
async fn the_root_knows_the_height_above_the_keyboard_until_the_end() {
    const HEIGHT: &str = "--view-height";
    let viewport = window().visual_viewport().unwrap();
    let host = Host::new();
    let handle = host.mount(forgetful()).await;
    let root: HtmlElement = host.shadow().first_element_child().unwrap().unchecked_into();
    let height = || root.style().get_property_value(HEIGHT).unwrap();
    let expected = format!("{}px", viewport.height() as i32);
    assert_eq!(height(), expected);

    root.style().remove_property(HEIGHT).unwrap();
    viewport.dispatch_event(&Event::new("resize").unwrap()).unwrap();
    assert_eq!(height(), expected);

    handle.destroy();
    root.style().remove_property(HEIGHT).unwrap();
    until("the listener has ended", || {
        root.style().remove_property(HEIGHT).unwrap();
        viewport.dispatch_event(&Event::new("resize").unwrap()).unwrap();
        height().is_empty().then_some(())
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_greeting_is_from_the_moment_of_the_first_opening() {
    let host = Host::new();
    let handle = host.mount(forgetful().greeting("Welcome")).await;
    assert!(!host.transcript().contains("Welcome"));
    let events = Events::on(&host.0);
    let at = |millis: f64| {
        let options = js_sys::Object::new();
        for part in ["hour", "minute"] {
            js_sys::Reflect::set(&options, &part.into(), &"2-digit".into()).unwrap();
        }
        String::from(js_sys::Date::new(&millis.into()).to_locale_time_string_with_options("default", &options))
    };
    let before = at(js_sys::Date::now());
    handle.open();
    events.wait("natter:open").await;
    let shown = host.transcript();
    let after = at(js_sys::Date::now());
    assert!(shown.contains("Welcome"), "{shown}");
    assert!(shown.contains(&before) || shown.contains(&after), "{shown} at {before}");
    handle.destroy();
}

#[wasm_bindgen_test]
async fn other_settings_are_taken_over() {
    let host = Host::new();
    let mut handle = host.mount(forgetful().placeholder("Before")).await;
    assert_eq!(host.composer().placeholder(), "Before");
    handle.update(forgetful().placeholder("After").accent("rebeccapurple"));
    until("the composer says it", || (host.composer().placeholder() == "After").then_some(())).await;
    let root: HtmlElement = host.shadow().first_element_child().unwrap().unchecked_into();
    assert_eq!(root.style().get_property_value("--natter-accent").unwrap().trim(), "rebeccapurple");
    handle.destroy();
}
