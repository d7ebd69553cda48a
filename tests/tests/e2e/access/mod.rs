//! WCAG 2.2, levels A and AA. docs/accessibility.md says which test shows which criterion.

mod axe;
mod forced_colors;
mod keyboard_walk;
mod names;
mod reflow;
mod targets;

use natter_e2e::{Chat, Dialect, Fixture, Visit};
use serde::de::DeserializeOwned;
use thirtyfour::Key;

use crate::common::{is_answered, shop, texts};

const LIBRARY: &str = include_str!("../../../assets/access.js");

/// An answer with all that an answer can have, and words that are longer than a narrow window.
const RICH: &str = "# Lamps\n\nWe have **many** [lamps](/lamps), see [the list](https://example.com/list):\n\n\
    1. The Donaudampfschifffahrtsgesellschaftskapitänslampe of 1901\n2. Others\n\n- [x] in the shop\n- [ ] on the way\n\n\
    ## How to order\n\n```js\nconst lamp = order(\"a line that is longer than the window is wide, so that it has to be scrolled\");\n```\n\n\
    | Lamp | Price | Where it stands in the shop | How many there are |\n|:--|--:|---|---|\n| One | 3 | in the window | 12 |\n\n\
    > Light is good.\n\n![A lamp](https://example.com/lamp.png)\n\n---\n\nThat is all.";

/// Runs a script with the helpers of `assets/access.js`.
async fn measures<T: DeserializeOwned>(visit: &Visit, code: &str) -> T {
    visit.page.script(&format!("{LIBRARY}\n{code}"), vec![]).await
}

/// A page whose widget has all that an owner can offer.
fn stocked(visit: &Visit) -> (Fixture, Chat) {
    let (page, chat) = shop(visit);
    let letters = visit.site.post_box("contact");
    let page = page.attr("suggestions", r#"["Lamps?", "Prices?"]"#).attr("contact-endpoint", letters.path());
    (page.attr("preload", "eager"), chat)
}

/// Asks, and has [`RICH`] for an answer.
async fn asks_for_much(visit: &Visit, chat: &Chat) {
    visit.page.asks("Lamps?").await;
    chat.next().await.answers(RICH).await;
    is_answered(visit, "That is all.").await;
}

/// Takes the widget from state to state in the language of its interface, and looks at each.
async fn walks_through(visit: &Visit, page: &Fixture, chat: &Chat, lang: &str, mut looks: impl AsyncFnMut(&str)) {
    let texts = texts(lang);
    let text = |name: &str| texts[name].as_str().unwrap().to_owned();
    let asks = async |question: &str| {
        visit.page.click("textbox", &text("placeholder")).await;
        visit.page.types(question).await;
        visit.page.presses(Key::Enter).await;
        chat.next().await
    };
    visit.opens(page).await;
    visit.hears("ready").await;
    visit.page.sees("button", &text("open_chat")).await;
    looks("closed").await;

    visit.page.click("button", &text("open_chat")).await;
    visit.page.has_focus("textbox", "…").await;
    looks("open").await;

    asks("Lamps?").await.answers(RICH).await;
    visit.page.sees_message(&text("assistant_message"), "That is all.").await;
    visit.page.click("button", &text("good_response")).await;
    visit.page.sees("textbox", &text("feedback_comment")).await;
    looks("answered").await;

    let mut reply = asks("And red ones?").await;
    visit.page.sees_part("loading").await;
    looks("asked").await;
    reply.begins(Dialect::UiMessage).await;
    reply.says("Half of an ans").await;
    visit.page.sees_message(&text("assistant_message"), "Half of an ans").await;
    looks("streaming").await;
    reply.finishes().await;
    visit.page.sees("button", &text("send_message")).await;

    asks("Really?").await.fails(503, "unavailable", "Nobody is here");
    visit.page.sees("form", &text("contact_us")).await;
    looks("error").await;

    // The way back to the end of the conversation may be in front of it.
    let log = visit.page.sees("log", &text("chat_messages")).await;
    visit.page.scrolls(&log, 100_000).await;
    visit.page.click("button", &text("contact_send")).await;
    visit.page.has_focus("textbox", &text("contact_name")).await;
    looks("contact form").await;

    visit.page.click("button", &text("minimize")).await;
    visit.page.sees("button", &text("expand")).await;
    looks("minimized").await;
}
