//! What visitors are told when a model fails, before its first token and after it.

use axum::http::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::common::upstream::{Answer, KEY, Upstream, chunk, role, token};
use crate::common::{Server, conversation, error, soon};

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
