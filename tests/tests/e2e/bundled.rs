//! The npm package and the crate in the examples, built by Vite and Trunk and served as any site.

use natter_e2e::{Visit, Visitor};

use crate::common::exchange;

/// Goes to the page of an example; its widget asks the endpoint that comes back.
async fn goes_to(visit: &Visit, example: &str, folder: &str) -> natter_e2e::Chat {
    let chat = visit.site.chat_at("/api/chat");
    let address = visit.site.project(example, folder);
    visit.page.goes_to(&address).await;
    chat
}

/// How many widgets are in the page, as elements.
async fn widgets(visit: &Visit) -> u32 {
    visit.page.script("return document.querySelectorAll('natter-chat').length;", vec![]).await
}

#[test]
fn a_blank_vite_project_has_a_chat_that_answers() {
    Visitor::new().visits(async |visit| {
        let chat = goes_to(visit, "vite-app", "dist").await;
        visit.page.opens_chat().await;
        visit.page.sees("dialog", "Ask Ada").await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

#[test]
fn its_page_opens_the_chat_through_the_handle() {
    Visitor::new().visits(async |visit| {
        goes_to(visit, "vite-app", "dist").await;
        visit.page.click("button", "Ask us anything").await;
        visit.page.sees("dialog", "Ask Ada").await;
    });
}

#[test]
fn what_is_fetched_later_is_found_in_a_bundled_site_too() {
    Visitor::new().visits(async |visit| {
        let chat = goes_to(visit, "vite-app", "dist").await;
        let code = "document.querySelector('natter-chat').handle.update({ locale: 'de' }); return null;";
        visit.page.script::<Option<bool>>(code, vec![]).await;
        visit.page.click("button", "Chat öffnen").await;
        visit.page.has_focus("textbox", "…").await;
        visit.page.types("Code?").await;
        visit.page.presses(thirtyfour::Key::Enter).await;
        chat.next().await.answers("```rust\nfn main() {}\n```").await;
        let fetched = async || visit.site.asked().iter().any(|asked| asked.path.contains("natter-extra")).then_some(());
        visit.page.waits("the colours of code", fetched).await;
    });
}

#[test]
fn a_react_component_is_the_chat_and_follows_its_props() {
    Visitor::new().visits(async |visit| {
        let chat = goes_to(visit, "react-app", "dist").await;
        follows(visit, &chat).await;
    });
}

#[test]
fn reacts_strict_mode_makes_one_chat_and_not_two() {
    Visitor::new().visits(async |visit| {
        let chat = goes_to(visit, "react-app", "strict").await;
        visit.page.sees("button", "Open chat").await;
        assert_eq!(widgets(visit).await, 1);
        follows(visit, &chat).await;
    });
}

#[test]
fn a_vue_component_is_the_chat_and_follows_its_props() {
    Visitor::new().visits(async |visit| {
        let chat = goes_to(visit, "vue-app", "dist").await;
        follows(visit, &chat).await;
    });
}

#[test]
fn a_yew_application_has_a_chat_of_the_crate_and_opens_it_through_the_handle() {
    Visitor::new().visits(async |visit| {
        let chat = goes_to(visit, "yew-app", "dist").await;
        visit.page.click("button", "Ask us anything").await;
        visit.page.sees("dialog", "Ask Ada").await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

/// The examples with a component have the same buttons.
async fn follows(visit: &Visit, chat: &natter_e2e::Chat) {
    visit.page.click("button", "Ask us anything").await;
    visit.page.sees("dialog", "Ask Ada").await;
    exchange(visit, chat, "Hello?", "Hello!").await;
    visit.page.click("button", "Let Grace answer").await;
    visit.page.sees("dialog", "Ask Grace").await;
    exchange(visit, chat, "And now?", "Still here.").await;
    visit.page.click("button", "Take the chat away").await;
    visit.page.does_not_see("dialog", "Ask Grace").await;
    assert_eq!(widgets(visit).await, 0, "the component has left, and its widget has not");
    visit.page.click("button", "Bring the chat back").await;
    visit.page.sees("button", "Open chat").await;
    assert_eq!(widgets(visit).await, 1);
    visit.page.opens_chat().await;
    visit.page.sees("dialog", "Ask Grace").await;
    visit.page.sees_message("assistant message", "Still here.").await;
}
