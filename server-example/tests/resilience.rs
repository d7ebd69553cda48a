//! When a model fails: asked again, left alone, replaced by another model or by the notes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use common::upstream::{Answer, Upstream, role, token};
use common::{Server, conversation, error, events, soon};
use natter_server_example::Settings;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// The text of an answer in the default format.
async fn text(response: reqwest::Response) -> String {
    assert_eq!(response.status(), 200);
    let stream = response.text().await.unwrap();
    let parts = events(&stream).into_iter().filter_map(|data| serde_json::from_str::<Value>(&data).ok());
    parts.filter_map(|part| Some(part["delta"].as_str()?.to_owned())).collect()
}

fn retrying(settings: &mut Settings) {
    settings.model.retries = 2;
}

fn with_fallbacks(settings: &mut Settings) {
    settings.model.fallback_models = vec!["second".into(), "third".into()];
}

/// The models that were asked since the test last looked.
async fn asked(upstream: &mut Upstream) -> Vec<String> {
    let mut models = Vec::new();
    while upstream.unseen() > 0 {
        models.push(upstream.received().await.body["model"].as_str().unwrap().to_owned());
    }
    models
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_the_visitor_notices_nothing() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(retrying)).await;
    for status in [429, 500, 502, 503, 504, 529] {
        upstream.will_say(status, "text/plain", "");
        upstream.will_say(status, "text/plain", "");
        upstream.will_answer("at last");
        assert_eq!(text(server.ask("hi").await).await, "at last", "{status}");
        assert_eq!(asked(&mut upstream).await.len(), 3, "{status}");
    }
    // A body that breaks before its first byte.
    upstream.will(Answer::Broken(mpsc::channel(1).1));
    upstream.will_answer("at last");
    assert_eq!(text(server.ask("hi").await).await, "at last");
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_head_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| {
        retrying(s);
        s.model.openai_base_url = Some(base_url);
    }));
    let server = server.await;
    let breaking = tokio::spawn(async move {
        let mut request = vec![0; 64 * 1024];
        let (mut first, _) = listener.accept().await.unwrap();
        assert!(first.read(&mut request).await.unwrap() > 0);
        drop(first);
        let (mut second, _) = listener.accept().await.unwrap();
        assert!(second.read(&mut request).await.unwrap() > 0);
        let body = r#"{"choices":[{"message":{"content":"at last"},"finish_reason":"stop"}]}"#;
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        second.write_all((head + body).as_bytes()).await.unwrap();
    });
    assert_eq!(text(server.ask("hi").await).await, "at last");
    soon(breaking).await.unwrap();
}

#[tokio::test]
async fn what_will_not_pass_is_neither_tried_again_nor_held_against_the_model() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| {
        retrying(s);
        s.model.breaker = "2/3600".parse().unwrap();
    }));
    let server = server.await;
    // A redirect is not followed, wherever it leads.
    let elsewhere = vec![("location", format!("{}/chat/completions", upstream.base_url))];
    upstream.will(Answer::Whole(StatusCode::TEMPORARY_REDIRECT, elsewhere, String::new()));
    assert_eq!(server.ask("hi").await.status(), 502);
    assert_eq!(asked(&mut upstream).await.len(), 1);
    for status in [400, 401, 403, 404, 422] {
        upstream.will_say(status, "text/plain", "");
        assert_eq!(server.ask("hi").await.status(), 502, "{status}");
        assert_eq!(asked(&mut upstream).await.len(), 1, "{status}");
    }
    // Nor what asks for more patience than a visitor has.
    for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE] {
        upstream.will(Answer::Whole(status, vec![("retry-after", "30".into())], String::new()));
        assert!(server.ask("hi").await.status().is_server_error());
        assert_eq!(asked(&mut upstream).await.len(), 1, "{status}");
    }
}

#[tokio::test]
async fn nothing_is_tried_again_once_a_byte_has_come() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(retrying)).await;
    for bytes in [role(), token("half"), "data: {\"error\":{\"message\":\"overloaded\"}}\n\n".into()] {
        let (tokens, receiver) = mpsc::channel(2);
        upstream.will(Answer::Broken(receiver));
        tokens.send(bytes.clone()).await.unwrap();
        drop(tokens);
        let response = server.ask("hi").await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status == 502 || text.contains(r#""type":"error""#), "{status} {text}");
        assert_eq!(asked(&mut upstream).await.len(), 1, "{bytes:?}");
    }
}

#[tokio::test]
async fn the_next_model_answers_when_one_does_not() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| {
        with_fallbacks(s);
        s.model.upstream_timeout = 1;
    }));
    let server = server.await;
    // Bad key, no such model, trouble, silence, an error under status 200.
    for status in [401, 400, 404, 500] {
        upstream.will_say(status, "text/plain", "");
        upstream.will_answer("from the second");
        assert_eq!(text(server.ask("hi").await).await, "from the second");
        assert_eq!(asked(&mut upstream).await, ["test-model", "second"]);
    }
    upstream.will(Answer::Silence);
    upstream.will_say(200, "text/event-stream", "data: {\"error\":{\"message\":\"no\"}}\n\n");
    upstream.will_answer("from the third");
    assert_eq!(text(server.ask("hi").await).await, "from the third");
    assert_eq!(asked(&mut upstream).await, ["test-model", "second", "third"]);

    // When none does, the last failure is told.
    for status in [500, 500, 429] {
        upstream.will_say(status, "text/plain", "");
    }
    let response = server.ask("hi").await;
    assert_eq!((response.status().as_u16(), &error(response).await["code"]), (503, &"upstream_busy".into()));
}

#[tokio::test]
async fn no_other_model_goes_on_with_an_answer() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(with_fallbacks)).await;
    upstream.will_say(200, "text/event-stream", String::from_utf8(token("half").to_vec()).unwrap());
    let stream = server.ask("hi").await.text().await.unwrap();
    assert!(stream.contains("half") && stream.contains(r#""type":"error""#), "{stream}");
    assert_eq!(asked(&mut upstream).await, ["test-model"]);
}

#[tokio::test]
async fn a_model_that_keeps_failing_is_left_alone_for_a_while() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.model.breaker = "3/2".parse().unwrap())).await;
    for _ in 0..3 {
        upstream.will_say(500, "text/plain", "");
        assert_eq!(server.ask("hi").await.status(), 502);
    }
    assert_eq!(asked(&mut upstream).await.len(), 3);
    let start = Instant::now();
    let response = server.ask("hi").await;
    assert!(start.elapsed() < Duration::from_millis(500), "it is skipped at once: {:?}", start.elapsed());
    assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (503, &"2".parse().unwrap()));
    let refusal = error(response).await;
    assert_eq!((&refusal["code"], &refusal["retryable"]), (&"unavailable".into(), &true.into()));
    assert_eq!(upstream.unseen(), 0, "it was left alone");

    // After that time one question is its trial.
    upstream.will_answer("well again");
    let answer = soon(async {
        loop {
            let response = server.ask("hi").await;
            if response.status() == 200 {
                return response;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert_eq!(text(answer.await).await, "well again");
    assert!(start.elapsed() > Duration::from_millis(1500), "{:?}", start.elapsed());
    assert_eq!(asked(&mut upstream).await.len(), 1);
}

#[tokio::test]
async fn a_model_left_alone_is_passed_over() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| {
        with_fallbacks(s);
        s.model.breaker = "1/3600".parse().unwrap();
    }));
    let server = server.await;
    upstream.will_say(500, "text/plain", "");
    upstream.will_answer("from the second");
    upstream.will_answer("again");
    assert_eq!(text(server.ask("hi").await).await, "from the second");
    assert_eq!(text(server.ask("hi").await).await, "again");
    assert_eq!(asked(&mut upstream).await, ["test-model", "second", "second"]);
}

#[tokio::test]
async fn the_notes_answer_in_the_end_and_say_so() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| {
        with_fallbacks(s);
        s.model.offline_fallback = true;
        s.model.breaker = "1/3600".parse().unwrap();
    }));
    let server = server.await;
    for _ in 0..3 {
        upstream.will_say(500, "text/plain", "");
    }
    // The first time every model fails, the second time all are left alone.
    for _ in 0..2 {
        let answer = text(server.ask("How do I install it?").await).await;
        let (notice, rest) = answer.split_once("\n\n").unwrap();
        assert!(notice.starts_with("_The assistant's model cannot be reached") && notice.ends_with('_'), "{notice}");
        assert!(rest.contains("data-endpoint"), "{rest}");
    }
    assert_eq!(asked(&mut upstream).await.len(), 3);
}

#[tokio::test]
async fn a_visitor_who_leaves_during_a_pause_is_not_asked_for_again() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.model.retries = 1)).await;
    // Two seconds of pause are the longest that an upstream may ask for.
    upstream.will(Answer::Whole(StatusCode::TOO_MANY_REQUESTS, vec![("retry-after", "2".into())], String::new()));
    let waiting = tokio::spawn(server.post("/api/chat", &conversation(&["first"])).send());
    upstream.received().await;
    waiting.abort();
    let _ = waiting.await;
    // Another visitor waits as long, and is the only one who is heard of again.
    upstream.will(Answer::Whole(StatusCode::TOO_MANY_REQUESTS, vec![("retry-after", "2".into())], String::new()));
    upstream.will_answer("hello");
    assert_eq!(text(server.ask("second").await).await, "hello");
    for _ in 0..2 {
        let body = upstream.received().await.body;
        assert_eq!(body["messages"][1]["content"], "second");
    }
    assert_eq!(upstream.unseen(), 0);
}
