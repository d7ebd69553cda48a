//! What a visitor finds again.

use natter_widget::{Config, Storage};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Events, Host, NOBODY, local, session, until, write};

/// The history under `key`, as JSON.
fn stored(key: &str) -> Option<Value> {
    let text = local().get_item(key).unwrap()?;
    let units = lz_str::decompress_from_utf16(&text)?;
    Some(serde_json::from_str(&String::from_utf16(&units).unwrap()).unwrap())
}

/// Mounts, sends `text` to nobody, waits for the failure, and destroys.
async fn ask_in_vain(config: Config, text: &str) {
    let host = Host::new();
    let events = Events::on(&host.0);
    let handle = host.mount(config.endpoint(NOBODY)).await;
    handle.send(text);
    events.wait("natter:error").await;
    handle.destroy();
}

#[wasm_bindgen_test]
async fn the_conversation_is_saved_and_found_again() {
    const KEY: &str = "chat-history";
    local().remove_item(KEY).unwrap();
    ask_in_vain(Config::default(), "Grüße 👋🏽").await;
    let history = until("the conversation is saved", || stored(KEY)).await;
    assert_eq!(history["v"], 1);
    assert_eq!(history["messages"][0]["role"], "user");
    assert_eq!(history["messages"][0]["content"], "Grüße 👋🏽");

    let host = Host::new();
    let handle = host.mount(Config::default()).await;
    assert_eq!(handle.messages().iter().map(|m| m.content.as_str()).collect::<Vec<_>>(), ["Grüße 👋🏽"]);
    handle.open();
    host.focus_on_composer().await;
    assert!(host.transcript().contains("Grüße 👋🏽"), "{}", host.transcript());
    handle.destroy();
    local().remove_item(KEY).unwrap();
}

#[wasm_bindgen_test]
async fn visitors_who_are_named_do_not_share() {
    let key = |user: &str| format!("per-user:{user}");
    ask_in_vain(Config::default().storage_key("per-user").user("ada"), "I am Ada").await;
    until("it is saved", || stored(&key("ada"))).await;
    let host = Host::new();
    let handle = host.mount(Config::default().storage_key("per-user").user("bob")).await;
    assert_eq!(handle.messages(), []);
    handle.destroy();
    local().remove_item(&key("ada")).unwrap();
}

#[wasm_bindgen_test]
async fn another_visitor_in_the_same_window_sees_the_greeting_only() {
    let config = |user: &str| Config::default().storage_key("change").user(user).greeting("Welcome").endpoint(NOBODY);
    let host = Host::new();
    let events = Events::on(&host.0);
    let mut handle = host.mount(config("ada")).await;
    handle.open();
    handle.send("I am Ada");
    events.wait("natter:error").await;
    handle.update(config("bob"));
    until("it is Bob's conversation", || handle.messages().is_empty().then_some(())).await;
    assert!(stored("change:ada").is_some(), "Ada's was saved first");
    let transcript = host.transcript();
    assert!(transcript.contains("Welcome") && !transcript.contains("Ada"), "{transcript}");
    handle.destroy();
    local().remove_item("change:ada").unwrap();
}

#[wasm_bindgen_test]
async fn what_was_said_without_a_name_goes_when_somebody_with_one_comes() {
    const KEY: &str = "nameless";
    let config = |user: &str| Config::default().storage_key(KEY).user(user);
    let is_kept = || local().get_item(KEY).unwrap().is_some();
    let keep = || local().set_item(KEY, "what somebody said").unwrap();
    keep();
    let host = Host::new();
    let mut handle = host.mount(config("ada")).await;
    assert!(!is_kept());
    // As by another widget of the page. Other settings make nobody else of the visitor.
    keep();
    handle.update(config("ada").placeholder("After"));
    until("the settings are taken", || (host.composer().placeholder() == "After").then_some(())).await;
    assert!(is_kept());
    handle.set_user(Some("bob".into()));
    until("Bob is here", || (!is_kept()).then_some(())).await;
    handle.destroy();
}

#[wasm_bindgen_test]
async fn storage_none_writes_nothing() {
    let sizes = || (local().length().unwrap(), session().length().unwrap());
    let before = sizes();
    let host = Host::new();
    let events = Events::on(&host.0);
    let config = Config::default().storage(Storage::None).storage_key("nothing").endpoint(NOBODY);
    let handle = host.mount(config.clone()).await;
    handle.send("Forget this");
    events.wait("natter:error").await;
    write(&host, "and this");
    until("the draft is taken", || host.find("[data-draft='and this']")).await;
    handle.destroy();
    // The next widget is there only after the first one's end.
    let again = Host::new();
    let second = again.mount(config).await;
    assert_eq!(sizes(), before);
    assert_eq!((second.messages(), again.composer().value()), (Vec::new(), String::new()));
    second.destroy();
}

#[wasm_bindgen_test]
async fn a_draft_survives_in_the_tab() {
    let config = Config::default().storage_key("drafts");
    let host = Host::new();
    let handle = host.mount(config.clone()).await;
    write(&host, "Half a sent");
    let draft = || session().get_item("drafts#draft").unwrap();
    assert_eq!(until("the draft is kept", draft).await, "Half a sent");
    handle.destroy();
    assert_eq!(local().get_item("drafts#draft").unwrap(), None);

    let again = Host::new();
    let handle = again.mount(config).await;
    assert_eq!(again.composer().value(), "Half a sent");
    write(&again, "");
    until("the draft is gone", || draft().is_none().then_some(())).await;
    handle.destroy();
}

#[wasm_bindgen_test]
async fn clearing_is_remembered_whatever_another_tab_stored_for_somebody_else() {
    const KEY: &str = "noisy";
    ask_in_vain(Config::default().storage_key(KEY), "Hello?").await;
    until("it is saved", || stored(KEY)).await;
    let host = Host::new();
    let handle = host.mount(Config::default().storage_key(KEY)).await;
    // As when the page itself writes to the storage in another tab.
    web_sys::window().unwrap().dispatch_event(&web_sys::Event::new("storage").unwrap()).unwrap();
    assert_eq!(handle.messages().len(), 1);
    handle.clear();
    until("it is gone", || stored(KEY).is_none().then_some(())).await;
    handle.destroy();
}
