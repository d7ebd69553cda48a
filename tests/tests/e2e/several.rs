//! Several widgets on one page.

use natter_e2e::{Chat, Dialect, Fixture, Visit, Visitor};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::common::{ASSISTANT, USER};

/// A page with a widget in each lower corner: "sales" left, "support" right, which is the first one.
async fn opens_both(visit: &Visit) -> [(&'static str, Chat); 2] {
    let [support, sales] = ["support", "sales"].map(|name| visit.site.chat(name));
    let second = format!(
        "Natter.mount({{ endpoint: '{}', title: 'sales', placeholder: 'Ask sales', position: 'bottom-left', \
            storageKey: 'sales' }});",
        sales.path()
    );
    let page = Fixture::new().attr("endpoint", support.path()).attr("title", "support");
    visit.opens(&page.attr("placeholder", "Ask support").after("second.js", &second)).await;
    let both = async || (visit.page.all("button", Some("Open chat")).await.len() == 2).then_some(());
    visit.page.waits("two launchers", both).await;
    [("support", support), ("sales", sales)]
}

async fn opens_windows(visit: &Visit) {
    visit.page.click("button", "Open chat").await;
    visit.page.has_focus("textbox", "Ask…").await;
    visit.page.click("button", "Open chat").await;
    for name in ["support", "sales"] {
        visit.page.sees("dialog", name).await;
    }
}

/// Types into the composer of one of them and sends it.
async fn asks(visit: &Visit, name: &str, question: &str) {
    visit.page.click("textbox", &format!("Ask {name}")).await;
    visit.page.types(question).await;
    visit.page.presses(Key::Enter).await;
}

/// The messages that one of them shows, without the greeting.
async fn conversation(visit: &Visit, name: &str) -> Vec<String> {
    let window = visit.page.sees("dialog", name).await;
    let mut texts = Vec::new();
    for message in visit.page.within(&window, "article").await {
        texts.push(visit.page.text_of(&message).await.lines().next().unwrap_or_default().to_owned());
    }
    texts.split_off(1)
}

async fn runs(visit: &Visit, code: &str) -> Value {
    visit.page.script(code, vec![]).await
}

#[test]
fn both_answer_at_the_same_time_each_from_its_own_endpoint() {
    Visitor::new().visits(async |visit| {
        let both = opens_both(visit).await;
        opens_windows(visit).await;
        let mut replies = Vec::new();
        for (name, chat) in &both {
            asks(visit, name, &format!("To {name}?")).await;
            let mut reply = chat.next().await;
            assert_eq!(reply.question(), format!("To {name}?"));
            reply.begins(Dialect::UiMessage).await;
            reply.says(&format!("From {name}, ")).await;
            visit.page.sees_message(ASSISTANT, &format!("From {name},")).await;
            replies.push(reply);
        }
        for (mut reply, (name, _)) in replies.into_iter().zip(&both) {
            reply.says("gladly.").await;
            reply.finishes().await;
            visit.page.sees_message(ASSISTANT, &format!("From {name}, gladly.")).await;
        }
        for (name, chat) in &both {
            assert_eq!(conversation(visit, name).await, [format!("To {name}?"), format!("From {name}, gladly.")]);
            assert_eq!(chat.bodies().len(), 1);
        }
        let other: Value = runs(visit, "return Natter.getMessages().map((message) => message.content);").await;
        assert_eq!(other, json!(["To support?", "From support, gladly."]), "`Natter` is the first one");
    });
}

#[test]
fn each_has_a_history_of_its_own() {
    Visitor::new().visits(async |visit| {
        let both = opens_both(visit).await;
        opens_windows(visit).await;
        for (name, chat) in &both {
            asks(visit, name, &format!("To {name}?")).await;
            chat.next().await.answers(&format!("From {name}.")).await;
            visit.page.sees_message(ASSISTANT, &format!("From {name}.")).await;
        }
        visit.page.reloads().await;
        opens_windows(visit).await;
        for (name, _) in &both {
            assert_eq!(conversation(visit, name).await, [format!("To {name}?"), format!("From {name}.")]);
        }
        visit.page.click("button", "Clear history").await;
        let one = async || (visit.page.messages(USER).await.len() == 1).then_some(());
        visit.page.waits("one conversation that was not cleared", one).await;
    });
}

#[test]
fn their_launchers_and_windows_are_side_by_side() {
    Visitor::new().visits(async |visit| {
        opens_both(visit).await;
        for role in ["button", "dialog"] {
            if role == "dialog" {
                opens_windows(visit).await;
            }
            let name = (role == "button").then_some("Open chat");
            let mut areas = Vec::new();
            for element in visit.page.all(role, name).await {
                areas.push(visit.page.area_of(&element).await);
            }
            areas.sort_by(|a, b| a.left.total_cmp(&b.left));
            assert_eq!(areas.len(), 2, "{areas:?}");
            assert!(areas[0].right < areas[1].left, "one {role} covers the other: {areas:?}");
        }
    });
}

#[test]
fn natter_is_the_next_one_when_the_first_is_destroyed() {
    Visitor::new().visits(async |visit| {
        opens_both(visit).await;
        runs(visit, "Natter.open(); return null;").await;
        visit.page.sees("dialog", "support").await;
        runs(visit, "Natter.destroy(); return null;").await;
        visit.page.does_not_see("dialog", "support").await;
        runs(visit, "Natter.open(); return null;").await;
        visit.page.sees("dialog", "sales").await;
        let hosts = runs(visit, "return document.querySelectorAll('natter-chat').length;").await;
        assert_eq!(hosts, json!(1));
    });
}
