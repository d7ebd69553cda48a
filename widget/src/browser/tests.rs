//! The wrappers in a real browser: `cargo xtask test wasm`.

#![allow(clippy::unwrap_used)] // As in any test; clippy does not know these for tests.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, JSON, JsString, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Event, HtmlElement, KeyboardEvent, KeyboardEventInit};
use yew::prelude::*;

use super::clock::{later, random_id};
use super::frame::Batch;
use super::gesture::{self, Gesture};
use super::storage::Slot;
use super::{analytics, clock, dom, page};
use crate::config::{Config, Storage};

wasm_bindgen_test_configure!(run_in_browser);

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

async fn frame() {
    let frame = Promise::new(&mut |resolve, _| {
        web_sys::window().unwrap().request_animation_frame(&resolve).unwrap();
    });
    JsFuture::from(frame).await.unwrap();
}

/// A counter and what adds one to it.
fn counter() -> (Rc<Cell<u32>>, impl Fn() + Clone + 'static) {
    let count = Rc::new(Cell::new(0));
    let counted = Rc::clone(&count);
    (count, move || counted.set(counted.get() + 1))
}

fn on_page(name: &str) -> HtmlElement {
    let element: HtmlElement = document().create_element(name).unwrap().unchecked_into();
    document().body().unwrap().append_child(&element).unwrap();
    element
}

#[wasm_bindgen_test]
fn a_slot_keeps_one_text() {
    for kind in [Storage::Local, Storage::Session] {
        let slot = Slot::new(kind, "slot".into());
        slot.remove();
        assert_eq!(slot.load(), None);
        slot.save("Grüße 👋🏽").unwrap();
        assert_eq!(String::from_utf16(&slot.load().unwrap()).unwrap(), "Grüße 👋🏽");
        slot.remove();
        assert_eq!(slot.load(), None);
    }
}

#[wasm_bindgen_test]
fn no_storage_is_an_empty_slot_and_no_error() {
    let slot = Slot::new(Storage::None, "slot".into());
    assert!(slot.save("text").is_ok());
    assert_eq!(slot.load(), None);
    slot.remove();
}

#[wasm_bindgen_test]
fn a_full_storage_says_so() {
    let slot = Slot::new(Storage::Session, "full".into());
    // Browsers give an origin 5 to 10 MB.
    assert!(slot.save(&"x".repeat(32 * 1024 * 1024)).is_err());
    assert_eq!(slot.load(), None);
}

#[wasm_bindgen_test]
fn lone_surrogates_come_back_as_they_were() {
    let text = "What the oldest widget wrote: 0123456789, äöü, 你好.".repeat(20);
    let units = lz_str::compress(text.as_str());
    assert!(String::from_utf16(&units).is_err(), "a text without lone surrogates tests nothing");

    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    let set: Function = Reflect::get(&storage, &"setItem".into()).unwrap().unchecked_into();
    set.call2(&storage, &"oldest".into(), &JsString::from_char_code(&units)).unwrap();

    let slot = Slot::new(Storage::Local, "oldest".into());
    let loaded = slot.load().unwrap();
    slot.remove();
    assert_eq!(loaded, units);
    assert_eq!(String::from_utf16(&lz_str::decompress(loaded).unwrap()).unwrap(), text);
}

#[wasm_bindgen_test]
fn a_time_of_day_is_hours_and_minutes_in_two_digits() {
    let morning = js_sys::Date::new_with_year_month_day_hr_min(2026, 0, 2, 9, 5);
    let text = clock::format(r#"{"hour":"2-digit","minute":"2-digit"}"#).write(morning.get_time() as u64);
    let numbers: Vec<_> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    assert_eq!(numbers, ["09", "05"], "{text}");
}

#[wasm_bindgen_test]
fn time_is_written_in_iso_8601() {
    assert_eq!(clock::iso8601(1_795_366_800_000), "2026-11-22T17:00:00.000Z");
}

#[wasm_bindgen_test]
fn ids_are_unique() {
    let ids: std::collections::HashSet<_> = (0..1000).map(|_| random_id()).collect();
    assert_eq!(ids.len(), 1000);
}

#[wasm_bindgen_test]
async fn a_batch_hands_on_once_per_frame() {
    let handed = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&handed);
    let batch = Batch::new(move |items: Vec<u32>| seen.borrow_mut().push(items));
    batch.push(vec![1]);
    batch.push(Vec::new());
    batch.push(vec![2, 3]);
    assert!(handed.borrow().is_empty(), "not before the frame");
    // Callbacks of one frame run in the order in which they were asked for.
    frame().await;
    assert_eq!(*handed.borrow(), [vec![1, 2, 3]]);
    batch.push(vec![4]);
    frame().await;
    assert_eq!(*handed.borrow(), [vec![1, 2, 3], vec![4]]);
}

#[wasm_bindgen_test]
async fn a_flushed_batch_hands_on_at_once_and_only_once() {
    let handed = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&handed);
    let batch = Batch::new(move |items: Vec<u32>| seen.borrow_mut().push(items));
    batch.push(vec![1]);
    batch.flush();
    assert_eq!(*handed.borrow(), [vec![1]]);
    frame().await;
    batch.push(vec![2]);
    drop(batch);
    frame().await;
    assert_eq!(*handed.borrow(), [vec![1]], "what is left goes with the batch");
}

#[wasm_bindgen_test]
async fn a_dropped_timer_does_not_fire() {
    let (count, add) = counter();
    drop(later(0, add.clone()));
    // Timers of one length fire in order, so this one tells that the other's time is over.
    let mut timer = None;
    let over = Promise::new(&mut |resolve, _| {
        let add = add.clone();
        timer = Some(later(0, move || {
            add();
            resolve.call0(&JsValue::UNDEFINED).unwrap();
        }));
    });
    JsFuture::from(over).await.unwrap();
    assert_eq!(count.get(), 1);
}

#[wasm_bindgen_test]
fn listeners_end_when_dropped() {
    let window = web_sys::window().unwrap();
    let (count, add) = counter();
    let listeners = page::on_network(move |_| add());
    for event in ["online", "offline"] {
        window.dispatch_event(&Event::new(event).unwrap()).unwrap();
    }
    assert_eq!(count.get(), 2);
    drop(listeners);
    window.dispatch_event(&Event::new("online").unwrap()).unwrap();
    assert_eq!(count.get(), 2);
}

#[wasm_bindgen_test]
fn the_viewport_is_told_at_once_and_at_each_change() {
    let viewport = web_sys::window().unwrap().visual_viewport().unwrap();
    let heights = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&heights);
    let listeners = page::on_viewport(move |_, height| seen.borrow_mut().push(height));
    for event in ["resize", "scroll"] {
        viewport.dispatch_event(&Event::new(event).unwrap()).unwrap();
    }
    drop(listeners);
    assert_eq!(*heights.borrow(), [viewport.height() as u64; 3]);
}

#[wasm_bindgen_test]
fn json_becomes_a_value() {
    let value = dom::to_js(r#"{"a":[1,"ü"]}"#);
    assert_eq!(JSON::stringify(&value).map(String::from).unwrap(), r#"{"a":[1,"ü"]}"#);
    assert!(dom::to_js("{").is_null());
}

fn key(name: &str, more: impl Fn(&KeyboardEventInit)) -> KeyboardEvent {
    let init = KeyboardEventInit::new();
    init.set_key(name);
    init.set_bubbles(true);
    more(&init);
    KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap()
}

/// The key that a gesture of this event gives.
fn heard(event: &KeyboardEvent) -> Option<String> {
    let root = on_page("div");
    let button = document().create_element("button").unwrap();
    button.set_attribute("data-do", "x").unwrap();
    root.append_child(&button).unwrap();
    let heard = Rc::new(RefCell::new(None));
    let hears = Rc::clone(&heard);
    let listeners = gesture::listen(&root, move |gesture| {
        hears.replace(gesture.key());
        false
    });
    button.dispatch_event(event).unwrap();
    drop(listeners);
    root.remove();
    heard.take()
}

#[wasm_bindgen_test]
fn enter_counts_only_alone() {
    assert_eq!(heard(&key("Enter", |_| {})).as_deref(), Some("Enter"));
    let others: [fn(&KeyboardEventInit); 6] = [
        |init| init.set_shift_key(true),
        |init| init.set_ctrl_key(true),
        |init| init.set_alt_key(true),
        |init| init.set_meta_key(true),
        |init| init.set_is_composing(true),
        |init| init.set_key_code(229),
    ];
    for (at, other) in others.into_iter().enumerate() {
        assert_eq!(heard(&key("Enter", other)), None, "{at}");
    }
    assert_eq!(heard(&key("a", |_| {})).as_deref(), Some("a"));
}

#[wasm_bindgen_test]
fn the_escape_that_ends_a_composition_is_none() {
    assert_eq!(heard(&key("Escape", |_| {})).as_deref(), Some("Escape"));
    assert_eq!(heard(&key("Escape", |init| init.set_is_composing(true))), None);
}

#[wasm_bindgen_test]
fn a_gesture_tells_what_the_element_around_it_is_for() {
    let root = on_page("div");
    let button = document().create_element("button").unwrap();
    for (name, value) in [("data-do", "version"), ("data-of", "a1"), ("data-to", "2"), ("aria-pressed", "true")] {
        button.set_attribute(name, value).unwrap();
    }
    let inside: HtmlElement = document().create_element("b").unwrap().unchecked_into();
    button.append_child(&inside).unwrap();
    root.append_child(&button).unwrap();
    let told = Rc::new(RefCell::new(Vec::new()));
    let tells = Rc::clone(&told);
    let listeners = gesture::listen(&root, move |gesture| {
        let Gesture { kind, deed, of, .. } = gesture;
        tells.borrow_mut().push((kind.clone(), deed.clone(), of.clone(), gesture.to(), gesture.is_pressed()));
        false
    });
    inside.click();
    // Where nothing is said there is no gesture.
    root.click();
    drop(listeners);
    inside.click();
    root.remove();
    assert_eq!(told.take(), [("click".to_owned(), "version".to_owned(), "a1".to_owned(), Some(2), true)]);
}

#[derive(Clone, PartialEq, Properties)]
struct ScrollerProps {
    node: NodeRef,
}

#[component]
fn Scroller(props: &ScrollerProps) -> Html {
    html! {
        <div ref={&props.node} style="height: 100px; overflow: auto"><div style="height: 1000px" /></div>
    }
}

#[wasm_bindgen_test]
async fn scrolling_to_the_end_is_seen_as_such() {
    let node = NodeRef::default();
    let root = on_page("div");
    let props = ScrollerProps { node: node.clone() };
    let app = yew::Renderer::<Scroller>::with_root_and_props(root.clone().into(), props).render();
    while node.get().is_none() {
        frame().await;
    }
    let element: HtmlElement = node.cast().unwrap();
    assert_eq!(dom::scrolled(&element), (0, false));
    dom::scroll_to_end(&node);
    assert_eq!(dom::scrolled(&element), (900, true));
    element.set_scroll_top(880);
    assert_eq!(dom::scrolled(&element), (880, true), "near enough");
    element.set_scroll_top(870);
    assert_eq!(dom::scrolled(&element), (870, false));
    app.destroy();
    root.remove();
}

#[wasm_bindgen_test]
fn the_root_is_dressed_and_a_bad_accent_comes_back() {
    let root = on_page("div");
    let accent = || root.style().get_property_value("--natter-accent").unwrap();
    let red = Config::default().accent("red");
    assert_eq!(dom::dress(&root, &red), None);
    assert_eq!(accent().trim(), "red");
    assert_eq!(root.get_attribute("data-theme").as_deref(), Some("auto"));
    assert_eq!(root.get_attribute("data-position").as_deref(), Some("bottom-right"));
    let bad = Config::default().accent("red; --x: url(x)");
    assert_eq!(dom::dress(&root, &bad), Some("red; --x: url(x)"));
    assert_eq!(dom::dress(&root, &Config::default()), None);
    assert_eq!(accent(), "");
    root.remove();
}

#[wasm_bindgen_test]
fn a_form_gives_its_fields_in_the_order_asked_for() {
    let form = on_page("form");
    for (name, value) in [("b", "2"), ("a", "1")] {
        let input: web_sys::HtmlInputElement = document().create_element("input").unwrap().unchecked_into();
        input.set_name(name);
        input.set_value(value);
        form.append_child(&input).unwrap();
    }
    let given = dom::fields(&form, ["a", "b", "c"]);
    assert_eq!(given, Some(["1".to_owned(), "2".to_owned(), String::new()]));
    assert!(dom::fields(&document().body().unwrap(), ["a"]).is_none(), "only a form has fields");
    form.remove();
}

#[wasm_bindgen_test]
fn analytics_go_to_the_page_s_own_gtag_if_there_is_one() {
    let window = web_sys::window().unwrap();
    analytics::gtag("nobody_listens", "{}");
    let said = Array::new();
    let gtag = Function::new_with_args("...said", "globalThis.gtag.said.push(JSON.stringify(said))");
    Reflect::set(&gtag, &"said".into(), &said).unwrap();
    Reflect::set(&window, &"gtag".into(), &gtag).unwrap();
    analytics::gtag("chat_opened", r#"{"event_category":"chat"}"#);
    Reflect::delete_property(&window, &"gtag".into()).unwrap();
    assert_eq!(said.length(), 1);
    assert_eq!(said.get(0).as_string().unwrap(), r#"["event","chat_opened",{"event_category":"chat"}]"#);
}
