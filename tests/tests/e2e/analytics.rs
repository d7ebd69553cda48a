//! What the page's own analytics and the owner's server are told.

use natter_e2e::{Fixture, Visit, Visitor};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::common::{ASSISTANT, exchange, in_the_chat, shop};

/// Name and properties of every event told to `window.gtag`.
async fn told(visit: &Visit) -> Vec<(String, Value)> {
    let calls: Vec<Value> = visit.page.script("return window.gtagCalls;", vec![]).await;
    let event =
        |call: &Value| (call[0] == "event").then(|| (call[1].as_str().unwrap_or_default().into(), call[2].clone()));
    calls.iter().filter_map(event).collect()
}

async fn hears_of(visit: &Visit, name: &str) -> Value {
    let state = async || told(visit).await.into_iter().rev().find(|(told, _)| told == name).map(|(_, with)| with);
    visit.page.waits(&format!("gtag being told “{name}”"), state).await
}

#[test]
fn the_four_events_reach_gtag_with_their_properties() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.gtag()).await;
        visit.page.opens_chat().await;
        let opened = hears_of(visit, "chat_opened").await;
        assert_eq!(opened["event_category"], "chat", "{opened}");

        exchange(visit, &chat, "Lamps?", "Many.").await;
        let sent = hears_of(visit, "message_sent").await;
        assert_eq!(sent["event_category"], "chat", "{sent}");
        assert_eq!(sent["message_length"], 6, "{sent}");
        assert_eq!(sent["conversation_length"], 1, "{sent}");
        let received = hears_of(visit, "message_received").await;
        assert_eq!(received["event_category"], "chat", "{received}");
        assert!(received["response_time"].as_f64().is_some_and(|ms| ms > 0.0), "{received}");

        visit.page.asks("More?").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        let error = hears_of(visit, "error").await;
        assert_eq!(error["event_category"], "chat", "{error}");
        let sent = hears_of(visit, "message_sent").await;
        assert_eq!(sent["conversation_length"], 3, "{sent}");

        let all = told(visit).await;
        let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["chat_opened", "message_sent", "message_received", "message_sent", "error"]);
        let everything = json!(all).to_string();
        assert!(!everything.contains("Lamps") && !everything.contains("Many"), "a message left the page: {everything}");
    });
}

#[test]
fn owners_can_switch_it_off() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.gtag().attr("analytics", "none")).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        assert_eq!(told(visit).await, []);
    });
}

#[test]
fn analytics_that_throw_do_no_harm() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let code = "window.gtag = () => { throw new Error('blocked'); };";
        visit.opens(&page.before("throws.js", code)).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
    });
}

#[test]
fn the_page_hears_the_same_as_dom_events() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.hears("ready").await;
        visit.hears("open").await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        let sent = visit.hears("sent").await;
        assert_eq!(sent["message"]["content"], "Lamps?", "{sent}");
        assert_eq!(sent["message"]["role"], "user", "{sent}");
        let received = visit.hears("received").await;
        assert_eq!(received["message"]["content"], "Many.", "{received}");
        assert!(received["response_time"].as_f64().is_some_and(|ms| ms > 0.0), "{received}");

        visit.page.asks("More?").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        let error = visit.hears("error").await;
        assert_eq!(error["code"], "internal", "{error}");
        assert_eq!(error["message"], "Failed to process your message", "{error}");
        assert_eq!(error["retryable"], true, "{error}");

        visit.page.click("button", "Retry").await;
        let mut reply = chat.next().await;
        reply.begins(natter_e2e::Dialect::UiMessage).await;
        visit.page.click("button", "Stop").await;
        visit.hears("stop").await;
        visit.page.click("button", "Minimize").await;
        visit.hears("minimize").await;
        visit.page.click("button", "Expand").await;
        visit.hears("expand").await;
        visit.page.click("button", "Clear history").await;
        visit.hears("clear").await;

        visit.page.asks("Unseen?").await;
        let unseen = chat.next().await;
        visit.page.presses(Key::Escape).await;
        visit.hears("close").await;
        unseen.answers("Yes.").await;
        let unread = async || (visit.events("unread").await.last()?["count"] == 1).then_some(());
        visit.page.waits("natter:unread with count 1", unread).await;
        let hosts: Vec<String> = visit.probe().await.events.into_iter().map(|event| event.host).collect();
        assert!(hosts.iter().all(|host| host == "natter-chat"), "{hosts:?}");
        assert_eq!(visit.events("ready").await.len(), 1, "ready is said once");
        assert_eq!(visit.events("open").await.len(), 1, "open is said once per opening");
    });
}

#[test]
fn failures_are_reported_without_what_was_said() {
    Visitor::new().visits(async |visit| {
        let reports = visit.site.post_box("errors");
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("error-endpoint", reports.path())).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "My number is 4711", "Noted 4711").await;
        visit.page.asks("And my name is Ada").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        let report = reports.has(1).await.remove(0);
        for field in ["error", "context", "timestamp"] {
            assert!(!report[field].is_null(), "there is no {field}: {report}");
        }
        assert_eq!(report.as_object().map(serde_json::Map::len), Some(3), "{report}");
        let text = report.to_string();
        assert!(!text.contains("4711") && !text.contains("Ada"), "what was said left the page: {text}");
    });
}

#[test]
fn at_most_ten_reports_leave_a_page() {
    Visitor::new().visits(async |visit| {
        let reports = visit.site.post_box("errors");
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("error-endpoint", reports.path())).await;
        visit.page.opens_chat().await;
        visit.page.asks("Hello?").await;
        for round in 1..=12 {
            chat.next().await.fails(500, "internal", &format!("Failure {round}"));
            let failed = async || {
                let alert = visit.page.find("alert", "…").await?;
                visit.page.text_of(&alert).await.contains(&format!("Failure {round}")).then_some(())
            };
            visit.page.waits(&format!("failure {round}"), failed).await;
            if round < 12 {
                visit.page.click("button", "Retry").await;
            }
        }
        reports.has(10).await;
        // The widget still works, and what it posts next arrives after any eleventh report would have.
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("At last.").await;
        visit.page.sees_message(ASSISTANT, "At last.").await;
        visit.page.is_at_rest().await;
        assert_eq!(reports.letters().len(), 10);
    });
}

#[test]
fn an_error_endpoint_that_fails_does_no_harm() {
    Visitor::new().visits(async |visit| {
        let reports = visit.site.post_box("errors");
        reports.answers_with(500);
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("error-endpoint", reports.path())).await;
        visit.page.opens_chat().await;
        visit.page.asks("Hello?").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        reports.has(1).await;
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("Hello!").await;
        visit.page.sees_message(ASSISTANT, "Hello!").await;
        assert_eq!(reports.letters().len(), 1, "a report that failed was reported");
    });
}

#[test]
fn a_page_without_analytics_is_fine() {
    Visitor::new().visits(async |visit| {
        visit.opens(&Fixture::new().attr("endpoint", visit.site.chat("chat").path())).await;
        visit.page.opens_chat().await;
        let made: bool = visit.page.script("return 'gtag' in window || 'dataLayer' in window;", vec![]).await;
        assert!(!made, "the widget brought analytics of its own");
    });
}
