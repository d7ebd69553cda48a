//! `POST /api/chat`: formats, what is refused and how, how often one may ask.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Server, conversation, error, events, settings, with};
use serde_json::{Value, json};

#[tokio::test]
async fn the_default_is_a_ui_message_stream_that_nothing_may_buffer() {
    let server = Server::start(settings()).await;
    let response = server.ask("How do I install it?").await;
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/event-stream");
    assert_eq!(header("x-vercel-ai-ui-message-stream"), "v1");
    assert_eq!(header("cache-control"), "no-cache, no-transform");
    assert_eq!(header("x-accel-buffering"), "no");
    let id = header("x-request-id");

    let events = events(&response.text().await.unwrap());
    assert_eq!(events.last().unwrap(), "[DONE]");
    let parts: Vec<Value> = events[..events.len() - 1].iter().map(|data| serde_json::from_str(data).unwrap()).collect();
    let types: Vec<&str> = parts.iter().map(|part| part["type"].as_str().unwrap()).collect();
    assert_eq!(types[..2], ["start", "text-start"]);
    assert_eq!(types[types.len() - 2..], ["text-end", "finish"]);
    assert!(types[2..types.len() - 2].iter().all(|part| *part == "text-delta"));
    assert_eq!(parts[0]["messageId"], format!("msg-{id}"));
    let text: String = parts.iter().filter_map(|part| part["delta"].as_str()).collect();
    assert!(text.contains("<script src="), "{text}");
}

#[tokio::test]
async fn every_format_carries_the_same_text() {
    let server = Server::start(settings()).await;
    let body = conversation(&["How do I install it?"]);
    let text = server.answer(&["How do I install it?"]).await;
    let send = async |query: &str, accept: &str| {
        let response = server.post(&format!("/api/chat{query}"), &body).header("accept", accept).send().await.unwrap();
        let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
        (content_type, response.text().await.unwrap())
    };

    assert_eq!(send("", "text/plain").await, ("text/plain; charset=utf-8".into(), text.clone()));

    let (content_type, openai) = send("?format=openai", "*/*").await;
    assert_eq!(content_type, "text/event-stream");
    let said: String = events(&openai)
        .iter()
        .filter_map(|data| serde_json::from_str::<Value>(data).ok())
        .filter_map(|chunk| Some(chunk["choices"][0]["delta"]["content"].as_str()?.to_owned()))
        .collect();
    assert_eq!(said, text);

    let (content_type, ndjson) = send("", "application/x-ndjson").await;
    assert_eq!(content_type, "application/x-ndjson");
    let lines: Vec<Value> = ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["type"], &lines[lines.len() - 1]["type"]), (&json!("begin"), &json!("end")));
    let said: String = lines.iter().filter_map(|line| line["content"].as_str()).collect();
    assert_eq!(said, text);

    let mut at_once = body.clone();
    at_once["stream"] = json!(false);
    let response = server.post("/api/chat", &at_once).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let answer: Value = response.json().await.unwrap();
    assert_eq!((&answer["role"], &answer["finish_reason"]), (&json!("assistant"), &json!("stop")));
    assert_eq!(answer["content"], text);
}

#[tokio::test]
async fn what_clients_of_other_apis_send_along_is_ignored() {
    let server = Server::start(settings()).await;
    let body = json!({
        "model": "x", "max_tokens": 9, "trigger": "submit-message", "id": "c", "metadata": {"page": "/"},
        "messages": [{"id": "1", "role": "user", "parts": [{"type": "text", "text": "How do I install it?"}]}],
    });
    assert_eq!(server.post("/api/chat", &body).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn each_wrong_request_is_told_what_is_wrong() {
    let server = Server::start(with(|s| (s.limits.max_messages, s.limits.max_length) = (3, 10))).await;
    let message = |role: &str, content: &str| json!({"role": role, "content": content});
    let required = "Messages are required";
    let role = "A message's role must be user or assistant";
    for (body, param, text) in [
        (json!({}), "messages", required),
        (json!({"messages": []}), "messages", required),
        (json!({"messages": null}), "messages", required),
        (json!({"messages": "hi"}), "messages", required),
        (json!({"messages": [message("system", "a")]}), "messages[0].role", role),
        (json!({"messages": [message("user", "a"), message("developer", "b")]}), "messages[1].role", role),
        (json!({"messages": [message("user", " \n")]}), "messages[0].content", "A message must not be blank"),
        (json!({"messages": [{"role": "user"}]}), "messages[0].content", "A message must not be blank"),
        (json!({"messages": [message("user", "12345678901")]}), "messages[0].content", "at most 10 characters"),
        (json!({"messages": vec![message("user", "a"); 4]}), "messages", "At most 3 messages"),
        (json!({"messages": [message("user", "a"), message("assistant", "b")]}), "messages", "must be the user's"),
        (json!({"messages": [{"role": "user", "content": 7}]}), "messages[0].content", "cannot be read"),
        (json!({"messages": [message("user", "a")], "stream": "no"}), "stream", "stream cannot be read"),
    ] {
        let response = server.post("/api/chat", &body).send().await.unwrap();
        assert_eq!(response.status(), 400, "{body}");
        let error = error(response).await;
        assert_eq!((&error["type"], &error["code"]), (&json!("invalid_request"), &json!("invalid_request")));
        assert_eq!(error["retryable"], false);
        assert_eq!(error["param"], param, "{body}");
        assert!(error["message"].as_str().unwrap().contains(text), "{body} → {error}");
    }
    let response = server.post("/api/chat?format=xml", &conversation(&["hi"])).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(error(response).await["param"], "format");
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let server = Server::start(settings()).await;
    let send = async |content_type: Option<&str>, body: &'static str| {
        let mut request = server.client.post(server.url("/api/chat")).body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), error(response).await)
    };
    for body in ["", "{", "{\"messages\":[}", "{} trailing", "\u{feff}{}"] {
        let (status, error) = send(Some("application/json"), body).await;
        assert_eq!((status, &error["code"]), (400, &json!("invalid_request")), "{body:?}");
        assert!(error["message"].as_str().unwrap().starts_with("The body is not valid JSON"), "{body:?} → {error}");
    }
    for body in ["7", "null", "\"text\""] {
        let (status, error) = send(Some("application/json; charset=utf-8"), body).await;
        assert_eq!(status, 400);
        assert!(error["message"].as_str().unwrap().starts_with("The body must be a JSON object"), "{error}");
    }
    for content_type in [None, Some("text/plain"), Some("application/jsonx"), Some("application/x-www-form-urlencoded")]
    {
        let (status, error) = send(content_type, "{}").await;
        assert_eq!((status, &error["code"]), (415, &json!("unsupported_media_type")), "{content_type:?}");
    }
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
    let server = Server::start(with(|s| s.limits.max_body = 2048)).await;
    let send = async |size: usize| {
        let mut body = conversation(&["hi"]).to_string();
        body.extend(std::iter::repeat_n(' ', size - body.len()));
        let request = server.client.post(server.url("/api/chat")).header("content-type", "application/json");
        request.body(body).send().await.unwrap()
    };
    assert_eq!(send(2048).await.status(), 200);
    for size in [2049, 900_000] {
        let response = send(size).await;
        assert_eq!(response.status(), 413, "{size}");
        let error = error(response).await;
        assert_eq!((&error["code"], &error["retryable"]), (&json!("too_large"), &json!(false)));
        assert!(error["message"].as_str().unwrap().contains("2048 bytes"), "{error}");
    }
}

#[tokio::test]
async fn wrong_methods_and_addresses_are_refused_in_json() {
    let server = Server::start(settings()).await;
    for path in ["/api/chat", "/api/contact", "/api/log-error"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 405, "{path}");
        assert_eq!(response.headers()["allow"], "POST");
        assert_eq!(error(response).await["code"], "method_not_allowed");
    }
    for path in ["/api", "/api/", "/api/nothing", "/api/chat/more"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(error(response).await["code"], "not_found", "{path}");
    }
}

#[tokio::test]
async fn the_question_above_the_limit_is_told_when_to_come_back() {
    let server = Server::start(with(|s| s.limits.rate_limit = "2/3600".parse().unwrap())).await;
    for left in ["r=1;t=1800", "r=0;t=3600"] {
        let response = server.ask("hi").await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["ratelimit-policy"], "\"default\";q=2;w=3600");
        assert_eq!(response.headers()["ratelimit"].to_str().unwrap(), format!("\"default\";{left}"));
    }
    let response = server.ask("hi").await;
    assert_eq!(response.status(), 429);
    let seconds: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1700..=1800).contains(&seconds), "{seconds}");
    assert_eq!(response.headers()["ratelimit"].to_str().unwrap(), format!("\"default\";r=0;t={seconds}"));
    let error = error(response).await;
    assert_eq!(error["message"], "Too many requests. Please try again later.");
    assert_eq!((&error["code"], &error["retryable"]), (&json!("rate_limited"), &json!(true)));

    // Error reports are counted apart.
    let report = json!({"error": "x"});
    assert_eq!(server.post("/api/log-error", &report).send().await.unwrap().status(), 204);
}
