//! Where the focus goes.

use natter_widget::{Config, Storage};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use crate::page::{Events, Host, press, until};

fn forgetful() -> Config {
    Config::default().storage(Storage::None)
}

async fn focus_on_launcher(host: &Host) {
    host.focus_on("the launcher", || host.launcher().map(Element::from)).await;
}

#[wasm_bindgen_test]
async fn opening_gives_it_to_the_composer_and_closing_back_to_the_launcher() {
    let host = Host::new();
    let handle = host.mount(forgetful()).await;
    assert!(host.shadow().active_element().is_none(), "mounting takes no focus");
    handle.open();
    host.focus_on_composer().await;
    handle.close();
    focus_on_launcher(&host).await;
    handle.destroy();
}

#[wasm_bindgen_test]
async fn the_launcher_opens_and_escape_closes() {
    let host = Host::new();
    let handle = host.mount(forgetful()).await;
    let events = Events::on(&host.0);
    host.launcher().unwrap().click();
    host.focus_on_composer().await;
    press(&host.composer(), "a");
    press(&host.composer(), "Escape");
    focus_on_launcher(&host).await;
    assert_eq!(events.names(), ["natter:open", "natter:close"]);
    handle.destroy();
}

#[wasm_bindgen_test]
async fn minimizing_gives_it_to_the_button_that_expands() {
    let host = Host::new();
    let handle = host.mount(forgetful()).await;
    handle.open();
    host.focus_on_composer().await;
    handle.minimize();
    host.focus_on("the button that expands", || host.find("[aria-expanded=false]")).await;
    host.find("[aria-expanded=false]").unwrap().unchecked_into::<web_sys::HtmlElement>().click();
    host.focus_on_composer().await;
    handle.destroy();
}

#[wasm_bindgen_test]
async fn toggling_opens_and_closes() {
    let host = Host::new();
    let handle = host.mount(forgetful()).await;
    handle.toggle();
    host.focus_on_composer().await;
    handle.toggle();
    until("the launcher is back", || host.launcher()).await;
    handle.destroy();
}
