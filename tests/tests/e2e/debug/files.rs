//! The widget's own files.

use natter_e2e::{StandIn, Visit, Visitor};

use super::{is_told, page, said};
use crate::common::exchange;

fn real(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../dist/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What is told of a file that is served like that; the chat does not come.
async fn is_told_of(visit: &Visit, name: &str, stand_in: StandIn, parts: &[&str]) {
    visit.expects_complaint("integrity");
    visit.expects_complaint("MIME type");
    visit.expects_complaint("the chat was not loaded");
    visit.site.stands_in(&format!("/{name}"), stand_in);
    visit.opens(&page("/api/chat").attr("preload", "eager")).await;
    is_told(visit, &[&[name], parts].concat()).await;
    visit.hears("error").await;
    assert_eq!(said(visit).await.len(), 1, "{:?}", said(visit).await);
}

macro_rules! files {
    ($($name:ident: $file:literal, $stand_in:expr => $($part:literal),+;)*) => {$(
        #[test]
        fn $name() {
            Visitor::new().visits(async |visit| is_told_of(visit, $file, $stand_in, &[$($part),+]).await);
        }
    )*};
}

files! {
    an_app_that_is_missing_is_named: "natter-app.js", StandIn::new("text/plain", "").status(404)
        => "is not at", "status 404", "beside natter.js";
    a_module_that_is_missing_is_named: "natter-app.wasm", StandIn::new("text/plain", "").status(404) => "is not at", "status 404";
    a_web_page_in_its_place_is_named: "natter-app.js", StandIn::new("text/html", "<!DOCTYPE html><title>Shop</title>")
        => "there is a web page at";
    another_file_in_its_place_is_named: "natter-app.js", StandIn::new("text/javascript", "window.hacked = 1;")
        => "is not the file that natter.js was built with, so nothing of it was run";
    another_module_in_its_place_is_named: "natter-app.wasm", StandIn::new("application/wasm", "\0asm\u{1}\0\0\0")
        => "is not the file that natter.js was built with, so nothing of it was run";
    an_app_of_the_wrong_type_is_named: "natter-app.js",
        StandIn::new("text/plain", real("natter-app.js")).header("x-content-type-options", "nosniff")
        => "is served as text/plain", "have the server call it text/javascript";
}

#[test]
fn a_module_of_the_wrong_type_works_and_is_named() {
    Visitor::new().visits(async |visit| {
        let stand_in = StandIn::new("application/octet-stream", real("natter-app.wasm"));
        visit.site.stands_in("/natter-app.wasm", stand_in);
        let chat = visit.site.chat("chat");
        visit.opens(&page(chat.path())).await;
        visit.page.opens_chat().await;
        is_told(visit, &["natter-app.wasm is served as application/octet-stream", "application/wasm"]).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

#[test]
fn a_language_that_is_missing_is_named() {
    Visitor::new().visits(async |visit| {
        visit.expects_complaint("integrity");
        visit.site.stands_in("/locales/de.json", StandIn::new("text/plain", "").status(404));
        visit.opens(&page("/api/chat").in_language("de", "ltr")).await;
        visit.page.opens_chat().await;
        is_told(visit, &["locales/de.json is not at"]).await;
    });
}
