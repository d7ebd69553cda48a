//! When there is no answer, or not a whole one: a readable row with Retry, and nothing that was typed is lost.

use natter_e2e::{Chat, Dialect, Fixture, Hostile, Visit, Visitor, site};
use serde_json::json;
use thirtyfour::Key;

use crate::common::{ASSISTANT, USER, exchange, in_the_chat};

/// The error row's text.
async fn row(visit: &Visit) -> String {
    let alert = visit.page.sees("alert", "…").await;
    visit.page.text_of(&alert).await
}

/// Waits for an error row that says `text`.
async fn fails_with(visit: &Visit, text: &str) {
    let state = async || {
        let alert = visit.page.find("alert", "…").await?;
        visit.page.text_of(&alert).await.contains(text).then_some(())
    };
    visit.page.waits(&format!("an error row with “{text}”"), state).await;
}

/// Presses Retry, answers, and checks that the same question was asked once more and nothing else happened.
async fn retries(visit: &Visit, chat: &Chat, question: &str) {
    visit.page.click("button", "Retry").await;
    let again = chat.next().await;
    assert_eq!(again.question(), question, "Retry asked something else");
    visit.page.does_not_see("alert", "…").await;
    again.answers("Here I am.").await;
    visit.page.sees_message(ASSISTANT, "Here I am.").await;
    visit.page.is_at_rest().await;
    assert!(!visit.page.has("alert", "…").await, "the error row is still there after an answer");
    let asked = visit.page.messages(USER).await;
    assert_eq!(asked.iter().filter(|text| text.contains(question)).count(), 1, "the question stands there twice");
}

#[test]
fn the_row_has_the_servers_own_words_and_retry() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        fails_with(visit, "Failed to process your message").await;
        visit.page.sees_message(USER, "Hello?").await;
        visit.page.reads("Online").await;
        retries(visit, &chat, "Hello?").await;
        let sent = chat.bodies();
        assert_eq!(sent[0], sent[1], "Retry sends the same conversation");
    });
}

#[test]
fn too_many_requests_are_explained() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        let text = "Too many requests. Please try again later.";
        let body = json!({"error": {"type": "rate_limit", "code": "rate_limited", "message": text, "param": null,
            "retryable": true, "request_id": "r1"}});
        let headers = [("content-type", "application/json"), ("retry-after", "3")];
        chat.next().await.refuses_with(429, &headers, body.to_string());
        fails_with(visit, text).await;
        let over = async || {
            let retry = visit.page.find("button", "Retry").await?;
            visit.page.is_enabled(&retry).await.then_some(())
        };
        visit.page.waits("Retry that can be pressed", over).await;
        retries(visit, &chat, "Hello?").await;
    });
}

macro_rules! words {
    ($($name:ident: $status:literal, $kind:literal, $body:expr => $text:literal;)*) => {$(
        #[test]
        fn $name() {
            Visitor::new().visits(async |visit| {
                let chat = in_the_chat(visit).await;
                visit.page.asks("Hello?").await;
                chat.next().await.refuses($status, $kind, $body);
                fails_with(visit, $text).await;
                assert!(row(visit).await.trim_start().starts_with($text), "the row adds words of its own");
                retries(visit, &chat, "Hello?").await;
            });
        }
    )*};
}

words! {
    an_error_that_is_a_text_is_shown: 500, "application/json", r#"{"error":"The lamp is out"}"# => "The lamp is out";
    an_error_that_is_a_message_is_shown: 500, "application/json", r#"{"message":"The lamp is out"}"# => "The lamp is out";
    an_error_in_plain_text_is_shown: 500, "text/plain", "The lamp is out" => "The lamp is out";
    an_empty_answer_is_called_so: 200, "text/plain", "" => "The answer was empty";
}

#[test]
fn an_error_in_the_middle_keeps_what_was_said() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("So far").await;
        reply.sends("data: {\"type\":\"error\",\"errorText\":\"The model fell asleep\"}\n\ndata: [DONE]\n\n").await;
        reply.ends();
        fails_with(visit, "The model fell asleep").await;
        visit.page.sees_message(ASSISTANT, "So far").await;
        retries(visit, &chat, "Hello?").await;
    });
}

#[test]
fn an_openai_error_in_the_middle_is_shown() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::OpenAi).await;
        reply.says("So far").await;
        reply.sends("data: {\"error\":{\"message\":\"The model fell asleep\"}}\n\n").await;
        reply.ends();
        fails_with(visit, "The model fell asleep").await;
        retries(visit, &chat, "Hello?").await;
    });
}

#[test]
fn what_cannot_help_is_not_offered() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        let body = json!({"error": {"type": "invalid_request", "code": "invalid_request", "message": "Not like that",
            "param": "messages", "retryable": false, "request_id": null}});
        chat.next().await.refuses(400, "application/json", body.to_string());
        fails_with(visit, "Not like that").await;
        assert!(!visit.page.has("button", "Retry").await, "the server said that trying again cannot help");
        exchange(visit, &chat, "Then this?", "Yes.").await;
    });
}

#[test]
fn a_broken_answer_says_that_it_was_cut_off() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        Hostile::Truncated.answers(chat.next().await, &visit.page).await;
        fails_with(visit, "cut off").await;
        visit.page.sees_message(ASSISTANT, "So far").await;
    });
}

#[test]
fn what_was_being_typed_survives_a_failure() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("First?").await;
        let failing = chat.next().await;
        visit.page.types("Second, half-").await;
        failing.fails(500, "internal", "Failed to process your message");
        fails_with(visit, "Failed to process your message").await;
        let composer = visit.page.composer().await;
        assert_eq!(visit.page.value_of(&composer).await, "Second, half-");
        visit.page.types("written").await;
        retries(visit, &chat, "First?").await;
        let composer = visit.page.composer().await;
        assert_eq!(visit.page.value_of(&composer).await, "Second, half-written");
    });
}

#[test]
fn a_new_question_may_follow_a_failure() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("First?").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        fails_with(visit, "Failed to process your message").await;
        exchange(visit, &chat, "Second?", "Two.").await;
        assert!(!visit.page.has("alert", "…").await, "the old failure is still shown");
        visit.page.sees_message(USER, "First?").await;
    });
}

#[test]
fn a_failed_question_is_there_after_a_reload() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Important?").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        fails_with(visit, "Failed to process your message").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(USER, "Important?").await;
    });
}

#[test]
fn a_server_that_does_not_listen_is_told_from_the_visitors_own_network() {
    Visitor::new().visits(async |visit| {
        let nobody = site::refusing_origin().await;
        visit.expects_origin(&nobody);
        let page = Fixture::new().connects_to(&nobody).attr("endpoint", &format!("{nobody}/chat"));
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        visit.page.asks("Hello?").await;
        let text = row(visit).await;
        assert!(text.len() > 20 && !text.contains("TypeError"), "not a sentence for a visitor: {text}");
        visit.page.sees("button", "Retry").await;
        visit.page.sees_message(USER, "Hello?").await;
        visit.page.reads("Online").await;
    });
}

#[test]
fn a_visitor_without_a_network_is_offline() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let lost = "Object.defineProperty(navigator, 'onLine', { get: () => window.networkIsBack === true }); \
            dispatchEvent(new Event('offline')); return null;";
        visit.page.script::<Option<bool>>(lost, vec![]).await;
        visit.page.reads("Offline").await;
        let back = "window.networkIsBack = true; dispatchEvent(new Event('online')); return null;";
        visit.page.script::<Option<bool>>(back, vec![]).await;
        visit.page.reads("Online").await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

/// What a visitor sees of a broken endpoint, and what they can do.
async fn survives(visit: &Visit, hostile: Hostile) {
    let chat = in_the_chat(visit).await;
    exchange(visit, &chat, "Before?", "Before.").await;
    visit.page.asks("Lamps?").await;
    hostile.answers(chat.next().await, &visit.page).await;
    let text = row(visit).await;
    visit.page.sees("button", "Retry").await;
    let said = text.trim_end_matches("Retry").trim();
    let readable = (10..300).contains(&said.chars().count()) && !said.contains(['<', '{', '\u{fffd}']);
    visit.page.check(readable, &format!("the error row does not speak to visitors: “{said}”")).await;
    visit.page.sees_message(USER, "Lamps?").await;
    visit.page.sees_message(ASSISTANT, "Before.").await;
    visit.page.does_not_see_part("loading").await;
    visit.page.reads("Online").await;
    let hacked: bool = visit.page.script("return 'hacked' in window;", vec![]).await;
    assert!(!hacked, "markup from the endpoint was run");
    retries(visit, &chat, "Lamps?").await;
    visit.page.presses(Key::Escape).await;
    visit.page.sees("button", "Open chat").await;
}

macro_rules! hostile {
    ($($name:ident: $hostile:ident;)*) => {
        $(
            #[test]
            fn $name() {
                Visitor::new().visits(async |visit| survives(visit, Hostile::$hostile).await);
            }
        )*

        #[test]
        fn every_hostile_endpoint_has_a_test() {
            assert_eq!([$(Hostile::$hostile),*], Hostile::ALL);
        }
    };
}

hostile! {
    a_web_page_is_no_answer: Page;
    a_web_page_is_no_error_text: ErrorPage;
    a_picture_is_no_answer: WrongContentType;
    an_event_that_is_no_json_is_survived: MalformedEvent;
    an_endless_line_is_survived: EndlessLine;
    a_broken_connection_is_survived: Broken;
    a_truncated_answer_is_survived: Truncated;
    an_empty_body_is_survived: Empty;
    an_empty_stream_is_survived: EmptyStream;
    bytes_that_are_no_text_are_survived: NotText;
    json_of_no_known_shape_is_survived: UnknownJson;
}
