//! Whatever goes wrong, nobody reads the key, and visitors read neither the prompt nor where the upstream is.

use axum::http::StatusCode;
use reqwest::Client;
use serde_json::json;
use tokio::sync::mpsc;

use crate::common::process::{Process, binary};
use crate::common::upstream::{Answer, KEY, Upstream, chunk, token};
use crate::common::{client, conversation, soon};

/// Words of the system prompt.
const PROMPT: &str = "the owner's private instructions";

/// Every way to fail, with the upstream quoting all that is secret.
fn failures(upstream: &Upstream) -> Vec<(String, Answer)> {
    let secret = format!("{KEY} was used at {} with {PROMPT}\n  at handler (server.js:1:2)", upstream.base_url);
    let error = json!({"error": {"message": secret, "code": KEY, "type": secret}});
    let mut failures = Vec::new();
    for status in [301, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529] {
        let headers = vec![("content-type", "application/json".to_owned()), ("location", upstream.base_url.clone())];
        let answer = Answer::Whole(StatusCode::from_u16(status).unwrap(), headers, error.to_string());
        failures.push((status.to_string(), answer));
    }
    for (name, content_type, body) in [
        ("a web page", "text/html", format!("<html><body>{secret}</body></html>")),
        ("an odd type", KEY, secret.clone()),
        ("no JSON", "application/json", format!("{{{secret}")),
        ("an error as JSON", "application/json", error.to_string()),
        ("an error event", "text/event-stream", format!("data: {error}\n\n")),
        ("a named error event", "text/event-stream", format!("event: error\ndata: {secret:?}\n\n")),
        ("an error line", "application/x-ndjson", format!("{error}\n")),
        ("nonsense", "text/event-stream", format!("data: {{{secret:?}\n\n")),
        ("an error in the middle", "text/event-stream", in_the_middle(&error.to_string())),
        ("an end in the middle", "text/event-stream", String::from_utf8(token("half").to_vec()).unwrap()),
    ] {
        let headers = vec![("content-type", content_type.to_owned())];
        failures.push((name.into(), Answer::Whole(StatusCode::OK, headers, body)));
    }
    let (tokens, receiver) = mpsc::channel(2);
    tokens.try_send(chunk(&json!({"choices": [], "note": secret}))).unwrap();
    failures.push(("a broken connection".into(), Answer::Broken(receiver)));
    failures.push(("silence".into(), Answer::Silence));
    failures
}

fn in_the_middle(error: &str) -> String {
    format!("{}data: {error}\n\n", String::from_utf8(token("half").to_vec()).unwrap())
}

/// Everything that one response says, headers and all, however it ends.
async fn response(client: &Client, url: &str, stream: bool) -> String {
    let mut body = conversation(&["hi"]);
    body["stream"] = stream.into();
    let mut response = soon(client.post(url).json(&body).send()).await.unwrap();
    let mut text = format!("{} {:?}\n", response.status(), response.headers());
    while let Ok(Some(bytes)) = soon(response.chunk()).await {
        text.push_str(std::str::from_utf8(&bytes).unwrap());
    }
    text
}

#[tokio::test]
async fn no_failure_tells_a_secret() {
    let upstream = Upstream::start().await;
    let folder = tempfile::tempdir().unwrap();
    let prompt = folder.path().join("prompt.md");
    std::fs::write(&prompt, PROMPT).unwrap();
    let mut command = binary();
    command.env("OPENAI_API_KEY", KEY).env("OPENAI_BASE_URL", &upstream.base_url).env("NATTER_SYSTEM_PROMPT", &prompt);
    command.env("NATTER_UPSTREAM_TIMEOUT", "1").env("NATTER_RETRIES", "0").env("NATTER_BREAKER", "100000/1");
    command.env("NATTER_RATE_LIMIT", "100000/1").env("RUST_LOG", "trace");
    let server = Process::start(command);
    let client = client();
    let address = upstream.base_url.trim_start_matches("http://").trim_end_matches("/v1");

    for (format, stream) in [("ui-message", true), ("openai", true), ("text", true), ("ndjson", true), ("json", false)]
    {
        for (name, answer) in failures(&upstream) {
            upstream.will(answer);
            let text = response(&client, &server.url(&format!("/api/chat?format={format}")), stream).await;
            for secret in [KEY, PROMPT, address, "handler (", "/v1"] {
                assert!(!text.contains(secret), "{format}, {name}: {secret} in {text}");
            }
            assert!(!text.contains(r#""type":"finish""#), "{format}, {name}: {text}");
        }
    }
    let log = server.end();
    assert!(log.contains("the upstream failed") && log.contains("is OPENAI_API_KEY right?"), "{log}");
    assert!(!log.contains(KEY) && !log.contains(PROMPT), "{log}");
}

#[tokio::test]
async fn an_upstream_that_is_not_there_tells_none_either() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = binary();
    command.env("OPENAI_API_KEY", KEY).env("OPENAI_BASE_URL", format!("http://{nobody}/v1"));
    let server = Process::start(command);
    let text = response(&client(), &server.url("/api/chat"), true).await;
    assert!(text.starts_with("502") && !text.contains(&nobody.port().to_string()), "{text}");
    let log = server.end();
    assert!(log.contains("it cannot be connected to") && !log.contains(KEY), "{log}");
}
