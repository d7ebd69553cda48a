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
fn in_one_corner_one_of_them_is_moved_up() {
    // So that neither moves while it is measured.
    Visitor::new().with_less_motion().visits(async |visit| {
        // As docs/configuration.md says.
        let rule = "natter-chat ~ natter-chat { --natter-gap-bottom: 96px; }";
        let second = format!(
            "const sheet = new CSSStyleSheet(); sheet.replaceSync('{rule}'); document.adoptedStyleSheets = [sheet]; \
            Natter.mount({{ endpoint: '/second', title: 'sales', storageKey: 'sales' }});"
        );
        visit
            .opens(&Fixture::new().attr("endpoint", "/first").attr("title", "support").after("second.js", &second))
            .await;
        let both = async || {
            let launchers = visit.page.all("button", Some("Open chat")).await;
            <[_; 2]>::try_from(launchers).ok()
        };
        let [first, second] = visit.page.waits("two launchers", both).await;
        let (first, second) = (visit.page.area_of(&first).await, visit.page.area_of(&second).await);
        assert_eq!(first.left, second.left, "both are in one corner");
        assert!(second.bottom < first.top, "one covers the other: {first:?}, {second:?}");
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

/// A page with two widgets that keep their conversation in one place, both windows open: "support" and "sales".
async fn opens_both_with_one_conversation(visit: &Visit) -> Chat {
    let chat = visit.site.chat("chat");
    let second = format!(
        "Natter.mount({{ endpoint: '{}', title: 'sales', placeholder: 'Ask sales', position: 'bottom-left' }});",
        chat.path()
    );
    let page = Fixture::new().attr("endpoint", chat.path()).attr("title", "support");
    visit.opens(&page.attr("placeholder", "Ask support").after("second.js", &second)).await;
    let both = async || (visit.page.all("button", Some("Open chat")).await.len() == 2).then_some(());
    visit.page.waits("two launchers", both).await;
    opens_windows(visit).await;
    chat
}

/// Waits until both show this conversation.
async fn both_show(visit: &Visit, expected: &[&str]) {
    for name in ["support", "sales"] {
        let shown = async || (conversation(visit, name).await == expected).then_some(());
        visit.page.waits(&format!("{expected:?} in {name}"), shown).await;
    }
}

#[test]
fn with_one_storage_key_they_show_one_conversation_as_it_happens() {
    Visitor::new().visits(async |visit| {
        let chat = opens_both_with_one_conversation(visit).await;
        asks(visit, "support", "Count?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("One, ").await;
        both_show(visit, &["Count?", "One,"]).await;
        reply.says("two.").await;
        reply.finishes().await;
        both_show(visit, &["Count?", "One, two."]).await;
        asks(visit, "sales", "Again?").await;
        chat.next().await.answers("One, two.").await;
        let all = ["Count?", "One, two.", "Again?", "One, two."];
        both_show(visit, &all).await;
        assert_eq!(chat.bodies().len(), 2, "each question was asked once");
        visit.page.reloads().await;
        opens_windows(visit).await;
        both_show(visit, &all).await;
        visit.page.click("button", "Clear history").await;
        both_show(visit, &[]).await;
    });
}

#[test]
fn one_that_goes_in_the_middle_of_an_answer_leaves_it_to_the_other() {
    Visitor::new().visits(async |visit| {
        let chat = opens_both_with_one_conversation(visit).await;
        asks(visit, "support", "Count?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::Resumable).await;
        reply.says("One, ").await;
        both_show(visit, &["Count?", "One,"]).await;
        runs(visit, "Natter.destroy(); return null;").await;
        reply.left().await;
        let mut again = chat.next().await;
        assert!(again.path.ends_with("/stream?last-event-id=0"), "{}", again.path);
        again.begins(Dialect::Resumable).await;
        again.says("One, two.").await;
        again.finishes().await;
        visit.page.sees_message(ASSISTANT, "One, two.").await;
        visit.page.sees("button", "Send message").await;
        assert_eq!(conversation(visit, "sales").await, ["Count?", "One, two."]);
    });
}
