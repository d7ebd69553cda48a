//! What stands in the transcript, and what is sent.

use natter_e2e::{Dialect, Fixture, Visit, Visitor, history};
use serde_json::json;

use crate::common::{ASSISTANT, USER, begun, exchange, in_the_chat, shop};

#[test]
fn a_question_gets_its_answer() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Do you have lamps?", "We have many lamps.").await;
        visit.page.sees_message(USER, "Do you have lamps?").await;
        assert_eq!(visit.page.messages(USER).await.len(), 1);
        assert_eq!(visit.page.messages(ASSISTANT).await.len(), 2, "the greeting and the answer");
    });
}

#[test]
fn the_body_is_the_id_and_the_messages_and_nothing_else() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "One?", "1").await;
        visit.page.asks("Two?").await;
        let request = chat.next().await;
        let expected = json!({"id": request.body["id"], "messages": [
            {"role": "user", "content": "One?"},
            {"role": "assistant", "content": "1"},
            {"role": "user", "content": "Two?"},
        ]});
        assert_eq!(request.body, expected);
        assert_eq!(request.headers["content-type"], "application/json");
        request.answers("2").await;
    });
}

#[test]
fn only_the_latest_messages_are_sent() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("context-messages", "3")).await;
        visit.page.opens_chat().await;
        for (question, answer) in [("q1", "a1"), ("q2", "a2"), ("q3", "a3")] {
            exchange(visit, &chat, question, answer).await;
        }
        let bodies = chat.bodies();
        let last: Vec<_> = bodies[2]["messages"].as_array().unwrap().iter().map(|m| m["content"].clone()).collect();
        assert_eq!(last, ["q2", "a2", "q3"]);
    });
}

#[test]
fn by_default_ten_messages_are_sent() {
    Visitor::new().visits(async |visit| {
        visit.waits_outside().await;
        let old: Vec<_> =
            (0..20).map(|n| (if n % 2 == 0 { "user" } else { "assistant" }, format!("old {n}"))).collect();
        let old: Vec<_> = old.iter().map(|(role, text)| (*role, text.as_str())).collect();
        let kept = history::encode(&history::conversation(&old, 0));
        history::put_raw(&visit.page, history::KEY, &kept).await;
        let chat = in_the_chat(visit).await;
        visit.page.sees_message(ASSISTANT, "old 19").await;
        visit.page.asks("New?").await;
        let sent = chat.next().await.messages();
        assert_eq!(sent.len(), 10, "{sent:?}");
        assert_eq!(sent[0].1, "old 11");
        assert_eq!(sent[9].1, "New?");
    });
}

#[test]
fn white_space_is_kept() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        visit.page.types("a   b").await;
        visit.page.presses_with(thirtyfour::Key::Shift, thirtyfour::Key::Enter).await;
        visit.page.types("   c").await;
        visit.page.presses(thirtyfour::Key::Enter).await;
        let reply = chat.next().await;
        assert_eq!(reply.question(), "a   b\n   c");
        visit.page.sees_message(USER, "a   b\n   c").await;
        reply.answers("x   y\nnext line").await;
        visit.page.sees_message(ASSISTANT, "x   y\nnext line").await;
    });
}

#[test]
fn markup_in_messages_is_text() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let evil = "<img src=x onerror=\"window.hacked = 1\"><script>window.hacked = 1</script><b>bold</b>";
        visit.page.asks(evil).await;
        visit.page.sees_message(USER, evil).await;
        chat.next().await.answers(evil).await;
        visit.page.sees_message(ASSISTANT, "onerror=").await;
        visit.page.is_at_rest().await;
        let hacked: bool = visit.page.script("return 'hacked' in window;", vec![]).await;
        assert!(!hacked, "markup in a message was run");
    });
}

/// The time in the visitor's own zone and language, with the 12-hour clock where that is the custom.
async fn is_a_local_time(visit: &Visit, message: &str) -> bool {
    let code = "const [text] = arguments, now = Date.now(); \
        const forms = [{}, { hourCycle: 'h23' }].flatMap((cycle) => [now, now - 60_000].map((at) => \
            new Date(at).toLocaleTimeString(navigator.language, { hour: '2-digit', minute: '2-digit', ...cycle }))); \
        const plain = (time) => time.replace(/\\s+/gu, ' '); \
        return forms.some((time) => plain(text).includes(plain(time)));";
    visit.page.script(code, vec![json!(message)]).await
}

async fn times(visit: &Visit) {
    let chat = in_the_chat(visit).await;
    exchange(visit, &chat, "Hello?", "Hello!").await;
    for name in [USER, ASSISTANT] {
        for message in visit.page.messages(name).await {
            assert!(is_a_local_time(visit, &message).await, "the visitor's time is not in the {name} “{message}”");
        }
    }
}

#[test]
fn each_message_has_its_time() {
    Visitor::new().visits(times);
}

#[test]
fn times_are_written_as_the_visitor_writes_them() {
    Visitor::new().speaking("de-DE").visits(times);
}

#[test]
fn a_time_does_not_change_when_the_page_is_loaded_again() {
    Visitor::new().visits(async |visit| {
        visit.waits_outside().await;
        // Three hours ago, when the minute was another one.
        let kept = history::conversation(&[("user", "Old?"), ("assistant", "Old.")], 3 * 3_600_000 + 7 * 60_000);
        let at = kept["messages"][0]["timestamp"].clone();
        history::put_raw(&visit.page, history::KEY, &history::encode(&kept)).await;
        in_the_chat(visit).await;
        visit.page.sees_message(ASSISTANT, "Old.").await;
        let code = "return [{}, { hourCycle: 'h23' }].map((cycle) => new Date(arguments[0]) \
            .toLocaleTimeString(navigator.language, { hour: '2-digit', minute: '2-digit', ...cycle }));";
        let then: Vec<String> = visit.page.script(code, vec![at]).await;
        let message = visit.page.messages(USER).await.pop().unwrap();
        assert!(then.iter().any(|time| message.contains(time.as_str())), "{message:?} has none of {then:?}");
    });
}

#[test]
fn clear_history_is_offered_once_there_is_something_to_clear() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.sees_message(ASSISTANT, "How can I help").await;
        assert!(!visit.page.has("button", "Clear history").await, "only the greeting is there");
        exchange(visit, &chat, "Hello?", "Hello!").await;
        visit.page.click("button", "Clear history").await;
        visit.page.sees("button", "Undo").await;
        visit.page.does_not_see("article", USER).await;
        assert_eq!(visit.page.messages(ASSISTANT).await.len(), 1, "the greeting stays alone");
        visit.page.does_not_see("button", "Clear history").await;

        exchange(visit, &chat, "Again?", "Again!").await;
        let sent = chat.bodies().pop().unwrap();
        assert_eq!(sent["messages"], json!([{"role": "user", "content": "Again?"}]), "what was cleared was sent");
    });
}

#[test]
fn clearing_can_be_undone() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        visit.page.click("button", "Clear history").await;
        visit.page.does_not_see("article", USER).await;
        visit.page.click("button", "Undo").await;
        visit.page.sees_message(USER, "Hello?").await;
        visit.page.sees_message(ASSISTANT, "Hello!").await;
        visit.page.does_not_see("button", "Undo").await;
        exchange(visit, &chat, "Still there?", "Yes.").await;
        assert_eq!(chat.bodies().pop().unwrap()["messages"].as_array().map(Vec::len), Some(3));
    });
}

#[test]
fn what_was_cleared_is_gone_after_a_reload() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "A secret?", "A secret.").await;
        let kept = async || (!history::messages(&visit.page, history::KEY).await.is_empty()).then_some(());
        visit.page.waits("the conversation in the storage", kept).await;
        visit.page.click("button", "Clear history").await;
        visit.page.does_not_see("article", USER).await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "How can I help").await;
        assert!(!visit.page.has("article", USER).await, "the cleared conversation came back");
        assert!(history::messages(&visit.page, history::KEY).await.is_empty(), "it is still in the storage");
    });
}

#[test]
fn a_message_being_written_is_busy() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let mut reply = begun(visit, &chat, Dialect::UiMessage, "Hello?", "Hel").await;
        let busy = async || {
            let last = visit.page.all("article", Some(ASSISTANT)).await.pop()?;
            Some(visit.page.attribute_of(&last, "aria-busy").await.as_deref() == Some("true"))
        };
        assert_eq!(busy().await, Some(true), "a screen reader is not told that the message is still being written");
        reply.says("lo!").await;
        reply.finishes().await;
        visit.page.is_at_rest().await;
        assert_eq!(busy().await, Some(false), "a finished message is still marked as being written");
    });
}

#[test]
fn the_log_is_not_read_out_token_by_token() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let log = visit.page.sees("log", "Chat messages").await;
        assert_eq!(visit.page.attribute_of(&log, "aria-live").await.as_deref(), Some("off"));
        exchange(visit, &chat, "Hello?", "One sentence. Another one.").await;
        // A polite announcer of its own says whole sentences.
        let said = async || {
            let code = "return [...elements()].filter((e) => e.getAttribute('aria-live') === 'polite' \
                || e.getAttribute('role') === 'status').map((e) => e.textContent).join(' ');";
            let said: String = visit.page.script(code, vec![]).await;
            said.contains("Another one.").then_some(())
        };
        visit.page.waits("the answer being announced to screen readers", said).await;
    });
}

#[test]
fn two_endpoints_can_be_told_apart_by_attributes_only() {
    Visitor::new().visits(async |visit| {
        let other = visit.site.chat("other");
        visit.opens(&Fixture::new().attr("endpoint", &format!("{}{}", visit.site.origin(), other.path()))).await;
        visit.page.opens_chat().await;
        exchange(visit, &other, "Hello?", "From the other one.").await;
    });
}
