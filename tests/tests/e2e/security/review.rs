//! What somebody could try who can put markup on the page, values into the storage or names into the options.

use natter_e2e::{Fixture, Visit, Visitor, history};
use serde_json::json;

use super::is_told;
use crate::common::{ASSISTANT, exchange, in_the_chat, shop};

/// Markup alone takes the place of `document.currentScript` on a page whose comments may have an `<img name>`.
#[test]
fn an_element_with_the_name_of_the_running_script_is_not_taken_for_it() {
    Visitor::new().visits(async |visit| {
        let (other, chat) = (visit.site.chat("other"), visit.site.chat("chat"));
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><title>A shop</title><link rel=\"icon\" href=\"/files/icon.svg\"><body>\
            <img name=\"currentScript\" alt=\"\" src=\"/files/icon.svg\" data-endpoint=\"{}\" data-title=\"Not ours\">\
            <script src=\"/natter.js\" data-endpoint=\"{}\"></script>",
            other.path(),
            chat.path()
        );
        visit.opens(&Fixture::html(&html)).await;
        visit.page.opens_chat().await;
        visit.page.sees("dialog", "AI Assistant").await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        assert!(other.bodies().is_empty());
    });
}

#[test]
fn an_element_named_natter_is_not_taken_for_calls() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit
            .opens(&page.body("<p>Text</p><form id=\"Natter\"><input name=\"push\"><input name=\"open\"></form>"))
            .await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        let is_ours: bool = visit.page.script("return typeof Natter.mount === 'function';", vec![]).await;
        assert!(is_ours);
    });
}

/// Names that every object has, as an option's and as a text's.
#[test]
fn names_that_objects_are_born_with_are_no_options_and_no_texts() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        let strings = r#"{"constructor": "x", "__proto__": {"other": "y"}}"#;
        let page = Fixture::new().attr("endpoint", chat.path()).attr("strings", strings).in_language("de", "ltr");
        let code = "Natter.update(JSON.parse('{\"__proto__\": {\"polluted\": 1}, \"constructor\": {\"prototype\": {\"polluted\": 1}}}'));";
        visit.opens(&page.after("options.js", code)).await;
        visit.page.click("button", "Chat öffnen").await;
        visit.page.sees("dialog", "KI-Assistent").await;
        is_told(visit, "strings=").await;
        is_told(visit, "there is no setting named \"constructor\"").await;
        let polluted: bool = visit.page.script("return 'polluted' in {} || 'other' in {};", vec![]).await;
        assert!(!polluted, "an object that has nothing to do with it was changed");
    });
}

async fn asked_elsewhere(visit: &Visit, own: &str) -> Vec<String> {
    let asked = visit.site.asked().into_iter();
    asked.filter(|asked| asked.path.contains("admin") && !asked.path.starts_with(own)).map(|it| it.path).collect()
}

/// What is in the storage becomes part of the address where a reply is asked for again, with the page's cookies.
#[test]
fn an_id_in_the_storage_does_not_lead_out_of_the_endpoint() {
    Visitor::new().visits(async |visit| {
        for id in ["../../admin/delete?all=", "/../admin", "..\\..\\admin", "%2e%2e/%2e%2e/admin"] {
            visit.waits_outside().await;
            let mut stored = history::conversation(&[("user", "Hello?")], 1000);
            let now = history::now_ms();
            let begun = json!({"id": "begun", "role": "assistant", "content": "Half", "timestamp": now});
            stored["messages"].as_array_mut().unwrap().push(begun);
            (stored["id"], stored["resumable"], stored["unfinished"]) = (json!(id), json!(true), json!("begun"));
            history::put_raw(&visit.page, history::KEY, &history::encode(&stored)).await;
            let chat = in_the_chat(visit).await;
            visit.page.sees_message(ASSISTANT, "Half").await;
            // It asks again, below its own endpoint.
            let again = chat.next().await;
            assert!(again.path.starts_with(chat.path()), "{}", again.path);
            again.refuses(204, "text/plain", "");
            assert_eq!(asked_elsewhere(visit, chat.path()).await, Vec::<String>::new(), "{id}");
        }
    });
}
