//! What the page hears of the widget.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use natter_protocol::request::Role;
use natter_widget::{Config, Storage, mount};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Events, Host, NOBODY, press, until, write};

fn forgetful() -> Config {
    Config::default().storage(Storage::None)
}

#[wasm_bindgen_test]
async fn ready_open_and_close_bubble_from_the_host_in_order() {
    let host = Host::new();
    let events = Events::on(&host.0);
    let handle = mount(&host.0, forgetful()).unwrap();
    handle.open();
    handle.close();
    for name in ["natter:ready", "natter:open", "natter:close"] {
        assert_eq!(events.wait(name).await, json!({}), "{name}");
    }
    assert_eq!(events.names(), ["natter:ready", "natter:open", "natter:close"]);
    handle.destroy();
}

#[wasm_bindgen_test]
async fn an_endpoint_that_refuses_is_an_error_that_can_be_retried() {
    let host = Host::new();
    let events = Events::on(&host.0);
    let handle = host.mount(forgetful().endpoint(NOBODY)).await;
    handle.open();
    handle.send("Is anybody there?");

    let sent = events.wait("natter:sent").await;
    assert_eq!(sent["message"]["role"], "user");
    assert_eq!(sent["message"]["content"], "Is anybody there?");
    assert!(sent["message"]["timestamp"].as_u64().is_some_and(|at| at > 0), "{sent}");

    let error = events.wait("natter:error").await;
    assert_eq!((&error["code"], &error["retryable"]), (&json!("unreachable"), &json!(true)));
    assert!(host.transcript().contains(error["message"].as_str().unwrap()), "{}", host.transcript());
    handle.destroy();
}

#[wasm_bindgen_test]
async fn an_answer_is_received_and_kept() {
    let host = Host::new();
    let events = Events::on(&host.0);
    let handle = host.mount(forgetful().endpoint("data:text/plain,Good%20day")).await;
    handle.open();
    host.focus_on_composer().await;
    write(&host, "Hello");
    press(&host.composer(), "Enter");

    let received = events.wait("natter:received").await;
    assert_eq!(received["message"]["content"], "Good day");
    assert!(received["response_time"].as_u64().is_some(), "{received}");
    let messages: Vec<_> = handle.messages().into_iter().map(|m| (m.role, m.content)).collect();
    assert_eq!(messages, [(Role::User, "Hello".into()), (Role::Assistant, "Good day".into())]);
    assert_eq!(host.composer().value(), "");

    handle.clear();
    events.wait("natter:clear").await;
    assert_eq!(handle.messages(), []);
    handle.destroy();
}

#[wasm_bindgen_test]
async fn a_listener_reads_the_conversation_that_the_event_is_about() {
    let host = Host::new();
    let handle = Rc::new(host.mount(forgetful().endpoint("data:text/plain,Good%20day")).await);
    let read = Rc::new(RefCell::new(Vec::new()));
    let listener = |name: &'static str| {
        let (handle, read) = (Rc::clone(&handle), Rc::clone(&read));
        EventListener::new(&host.0, name, move |_| read.borrow_mut().push(handle.messages().len()))
    };
    let listeners = ["natter:sent", "natter:received"].map(listener);
    handle.send("Hello");
    until("both events came", || (read.borrow().len() == 2).then_some(())).await;
    assert_eq!(*read.borrow(), [1, 2]);
    drop(listeners);
    Rc::into_inner(handle).unwrap().destroy();
}

#[wasm_bindgen_test]
async fn a_listener_may_destroy_the_widget_and_then_hears_nothing_more() {
    let host = Host::new();
    let handle = Rc::new(RefCell::new(Some(host.mount(forgetful().endpoint(NOBODY)).await)));
    let events = Events::on(&host.0);
    handle.borrow().as_ref().unwrap().send("Too late");
    let _listener = EventListener::new(&host.0, "natter:sent", move |_| handle.take().unwrap().destroy());
    events.wait("natter:sent").await;
    assert_eq!(host.shadow().child_element_count(), 0);
    // Another widget's identical question tells when the answer would have been there.
    let other = Host::new();
    let others = Events::on(&other.0);
    let second = other.mount(forgetful().endpoint(NOBODY)).await;
    second.send("In time");
    others.wait("natter:error").await;
    assert_eq!(events.names(), ["natter:sent"]);
    second.destroy();
}
