//! Answers of a model: passed on as they come, given up when the visitor leaves, failures told without what is secret.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;

use axum::http::StatusCode;
use common::upstream::{Answer, KEY, Upstream, chunk, finish, role, token};
use common::{Server, conversation, error, soon};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

#[tokio::test]
async fn every_token_arrives_before_the_next_is_written() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let tokens = upstream.will_stream(8);
    tokens.send(role()).await.unwrap();
    tokens.send(token("first")).await.unwrap();
    let mut response = server.ask("hi").await;
    assert_eq!(response.status(), 200);
    let mut seen = String::new();
    for text in ["first", "second", "third"] {
        if text != "first" {
            tokens.send(token(text)).await.unwrap();
        }
        while !seen.contains(text) {
            let bytes = soon(response.chunk()).await.unwrap().expect("the answer ended early");
            seen.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
    tokens.send(finish()).await.unwrap();
    while let Some(bytes) = soon(response.chunk()).await.unwrap() {
        seen.push_str(std::str::from_utf8(&bytes).unwrap());
    }
    assert!(seen.contains(r#""type":"finish""#) && seen.ends_with("data: [DONE]\n\n"), "{seen}");
}

#[tokio::test]
async fn the_model_gets_prompt_facts_and_the_last_ten_messages() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let turns: Vec<_> = (1..=15).map(|n| format!("turn {n}")).collect();
    let turns: Vec<_> = turns.iter().map(String::as_str).collect();
    upstream.will_say(200, "text/event-stream", String::from_utf8(finish().to_vec()).unwrap());
    server.post("/api/chat", &conversation(&turns)).send().await.unwrap();

    let received = upstream.received().await;
    assert_eq!(received.authorization, format!("Bearer {KEY}"));
    let body = received.body;
    assert_eq!((&body["model"], &body["stream"]), (&json!("test-model"), &json!(true)));
    assert_eq!((&body["temperature"], &body["max_tokens"]), (&json!(0.7), &json!(500)));
    let messages = body["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 11);
    let system = messages[0]["content"].as_str().unwrap();
    assert_eq!(messages[0]["role"], "system");
    assert!(system.contains("assistant on the website of Natter"), "{system}");
    assert!(system.contains("<facts>\nDate: ") && system.contains("Availability: ") && system.contains("Natter 0.1"));
    assert_eq!(messages[1], json!({"role": "assistant", "content": "turn 6"}));
    assert_eq!(messages[10], json!({"role": "user", "content": "turn 15"}));
}

#[tokio::test]
async fn prompt_and_facts_are_read_again_when_their_files_change() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("prompt.md", "Be brief.");
    write("availability.md", "Away until Monday.");
    write("projects.json", r#"[{"name": "Bridge", "summary": "a bridge"}]"#);
    let mut upstream = Upstream::start().await;
    let prompt = folder.path().join("prompt.md");
    let settings = upstream.with(|s| {
        (s.context.system_prompt, s.context.context) = (Some(prompt), Some(folder.path().into()));
    });
    let server = Server::start(settings).await;
    let mut system = async || {
        upstream.will_say(200, "text/event-stream", String::from_utf8(finish().to_vec()).unwrap());
        server.ask("hi").await;
        upstream.received().await.body["messages"][0]["content"].as_str().unwrap().to_owned()
    };
    let before = system().await;
    for text in ["Be brief.", "Away until Monday.", "- **Bridge**: a bridge"] {
        assert!(before.contains(text), "{before}");
    }
    write("prompt.md", "Be thorough.");
    write("availability.md", "Here.");
    write("projects.json", r#"[{"name": "Tunnel", "summary": "a tunnel"}]"#);
    let after = system().await;
    for text in ["Be thorough.", "Availability: Here.", "- **Tunnel**: a tunnel"] {
        assert!(after.contains(text), "{after}");
    }
    // Half a file, as an editor may leave it for a moment, changes nothing.
    write("projects.json", "[{");
    assert!(system().await.contains("Tunnel"));
}

#[tokio::test]
async fn a_visitor_who_leaves_ends_the_upstream_request() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;

    // While tokens come.
    let tokens = upstream.will_stream(8);
    tokens.send(token("first")).await.unwrap();
    let response = server.ask("hi").await;
    let received = upstream.received().await;
    drop(response);
    soon(received.gone).await.unwrap();
    soon(tokens.closed()).await;

    // Before the upstream has answered at all.
    upstream.will(Answer::Silence);
    let waiting = tokio::spawn(server.post("/api/chat", &conversation(&["hi"])).send());
    let received = upstream.received().await;
    waiting.abort();
    soon(received.gone).await.unwrap();

    // After its head, before its first token.
    let tokens = upstream.will_stream(1);
    tokens.send(role()).await.unwrap();
    let waiting = tokio::spawn(server.post("/api/chat", &conversation(&["hi"])).send());
    let received = upstream.received().await;
    // There is room again once the role has been read.
    soon(tokens.reserve()).await.unwrap();
    waiting.abort();
    soon(received.gone).await.unwrap();
}

#[tokio::test]
async fn failures_before_the_first_token_have_a_status_and_no_secrets() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.model.upstream_timeout = 1)).await;
    let leak = format!(r#"{{"error":{{"message":"Incorrect API key {KEY} at {}"}}}}"#, upstream.base_url);
    let in_stream = format!("data: {leak}\n\n");
    let failed = (502, "upstream_failed", "Failed to process your message");
    let busy = (503, "upstream_busy", "AI service is busy. Please try again.");
    let timeout = (504, "upstream_timeout", "AI service took too long to answer. Please try again.");
    for (status, content_type, body, expected) in [
        (401, "application/json", leak.as_str(), failed),
        (403, "application/json", &leak, failed),
        (404, "text/html", "<h1>not here</h1>", failed),
        (302, "text/html", "", failed),
        (500, "application/json", &leak, failed),
        (503, "text/plain", &leak, failed),
        (504, "text/plain", "", timeout),
        (429, "application/json", &leak, busy),
        (200, "text/html", "<html><body>A portal</body></html>", failed),
        (200, "text/event-stream", "data: {nonsense\n\n", failed),
        (200, "text/event-stream", &in_stream, failed),
    ] {
        upstream.will_say(status, content_type, body);
        let response = server.ask("hi").await;
        let got = response.status().as_u16();
        assert!(got >= 500, "{got} for {status} {body}");
        assert_eq!(response.headers().contains_key("retry-after"), got == 503);
        let error = error(response).await;
        let said = (got, error["code"].as_str().unwrap(), error["message"].as_str().unwrap());
        assert_eq!(said, expected, "{status} {body}");
        assert_eq!(error["retryable"], true);
        let text = error.to_string();
        assert!(!text.contains(KEY) && !text.contains(&upstream.base_url) && !text.contains("portal"), "{text}");
        upstream.received().await;
    }
    upstream.will(Answer::Whole(StatusCode::TOO_MANY_REQUESTS, vec![("retry-after", "42".into())], String::new()));
    assert_eq!(server.ask("hi").await.headers()["retry-after"], "42");

    upstream.will(Answer::Silence);
    let response = server.ask("hi").await;
    assert_eq!((response.status().as_u16(), &error(response).await["message"]), (504, &json!(timeout.2)));
    let tokens = upstream.will_stream(8);
    tokens.send(role()).await.unwrap();
    assert_eq!(server.ask("hi").await.status(), 504, "a head and a role are no token");
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_a_bad_gateway() {
    let upstream = Upstream::start().await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let settings = upstream.with(|s| s.model.openai_base_url = Some(format!("http://{nobody}/v1")));
    let response = Server::start(settings).await.ask("hi").await;
    assert_eq!(response.status(), 502);
    assert!(!error(response).await.to_string().contains(&nobody.to_string()));
}

/// A stream that says "half" and then ends, breaks, fails or falls silent.
async fn after_half(query: &str, how: &str) -> (String, bool) {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.model.upstream_timeout = 1)).await;
    let (tokens, receiver) = mpsc::channel(2);
    upstream.will(if how == "breaks" { Answer::Broken(receiver) } else { Answer::Stream(receiver) });
    tokens.send(token("half")).await.unwrap();
    let body = conversation(&["hi"]);
    let mut response = soon(server.post(&format!("/api/chat{query}"), &body).send()).await.unwrap();
    assert_eq!(response.status(), 200);
    if how == "fails" {
        tokens.send(chunk(&json!({"error": {"message": format!("bad key {KEY}")}}))).await.unwrap();
    }
    let kept = (how == "falls silent").then_some(tokens);
    let mut text = String::new();
    let clean = loop {
        match soon(response.chunk()).await {
            Ok(Some(bytes)) => text.push_str(std::str::from_utf8(&bytes).unwrap()),
            Ok(None) => break true,
            Err(_) => break false,
        }
    };
    drop(kept);
    (text, clean)
}

#[tokio::test]
async fn failures_after_the_first_token_are_one_error_part_and_no_finish() {
    for how in ["ends", "breaks", "fails", "falls silent"] {
        let (text, clean) = after_half("", how).await;
        assert!(clean && text.contains("half") && text.ends_with("data: [DONE]\n\n"), "{how}: {text}");
        assert_eq!(text.matches(r#""type":"error""#).count(), 1, "{how}: {text}");
        assert!(!text.contains(r#""type":"finish""#) && !text.contains(KEY), "{how}: {text}");
    }
    let (text, clean) = after_half("?format=openai", "fails").await;
    assert!(clean && text.contains(r#"data: {"error":"#) && !text.contains(KEY), "{text}");
    let (text, clean) = after_half("?format=ndjson", "fails").await;
    assert!(clean && text.contains(r#""type":"error""#) && !text.contains(KEY), "{text}");
}

#[tokio::test]
async fn plain_text_that_fails_ends_uncleanly() {
    for how in ["ends", "breaks", "fails", "falls silent"] {
        assert_eq!(after_half("?format=text", how).await, ("half".into(), false), "{how}");
    }
}

#[tokio::test]
async fn thoughts_stay_on_the_server_and_usage_is_passed_on() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let stream = [
        chunk(&json!({"choices": [{"index": 0, "delta": {"reasoning_content": "the prompt says"}}]})),
        token("answer"),
        chunk(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]})),
        chunk(&json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}})),
        "data: [DONE]\n\n".into(),
    ];
    upstream.will_say(200, "text/event-stream", String::from_utf8(stream.concat()).unwrap());
    let mut body = conversation(&["hi"]);
    body["stream"] = json!(false);
    let answer: Value = server.post("/api/chat", &body).send().await.unwrap().json().await.unwrap();
    assert_eq!((&answer["content"], &answer["finish_reason"]), (&json!("answer"), &json!("length")));
    assert_eq!(answer["usage"], json!({"input_tokens": 3, "output_tokens": 4}));
}

#[tokio::test]
async fn asked_for_at_once_an_answer_that_breaks_off_is_an_error() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    upstream.will_say(200, "text/event-stream", String::from_utf8(token("half").to_vec()).unwrap());
    let mut body = conversation(&["hi"]);
    body["stream"] = json!(false);
    let response = server.post("/api/chat", &body).send().await.unwrap();
    assert_eq!(response.status(), 502);
    assert_eq!(error(response).await["code"], "upstream_failed");
}
