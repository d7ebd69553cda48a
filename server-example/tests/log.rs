//! What the real server writes to its log, and what it never writes there.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::process::Stdio;

use common::process::{Process, binary};
use common::upstream::{Answer, KEY, Upstream, finish, token};
use common::{client, conversation, soon, until};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::sync::mpsc;

const QUESTION: &str = "What do zebras eat?";

/// The binary before `upstream`.
fn start(upstream: &Upstream, variables: &[(&str, &str)]) -> Process {
    let mut command = binary();
    command.env("OPENAI_API_KEY", KEY).env("OPENAI_BASE_URL", &upstream.base_url).env("NATTER_RETRIES", "0");
    command.envs(variables.iter().copied());
    Process::start(command)
}

async fn ask(server: &Process) -> Response {
    let request = client().post(server.url("/api/chat")).json(&conversation(&[QUESTION]));
    soon(request.send()).await.unwrap()
}

fn request_id(response: &Response) -> String {
    response.headers()["x-request-id"].to_str().unwrap().to_owned()
}

/// The log, each line of which must be JSON.
fn lines(server: Process) -> Vec<Value> {
    let log = server.end();
    log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// What was logged with this id.
fn messages(lines: &[Value], id: &str) -> Vec<String> {
    let of_it = lines.iter().filter(|line| line["span"]["id"] == id);
    of_it.map(|line| line["message"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_line_is_json_and_those_of_one_request_carry_its_id() {
    let upstream = Upstream::start().await;
    let server = start(&upstream, &[]);
    upstream.will_say(401, "application/json", "{}");
    let response = ask(&server).await;
    assert_eq!(response.status(), 502);
    let refused = request_id(&response);
    let (say, breaks) = mpsc::channel(8);
    upstream.will(Answer::Broken(breaks));
    say.send(token("half")).await.unwrap();
    let response = ask(&server).await;
    drop(say);
    let broken = request_id(&response);
    assert!(soon(response.text()).await.unwrap().contains("[DONE]"));
    let report = client().post(server.url("/api/log-error")).json(&json!({ "error": "{\n\"level\": \"ERROR\"}" }));
    let report = request_id(&soon(report.send()).await.unwrap());
    until(|| server.logged("the answer is over") == 1 && server.logged(r#""route":"/api/log-error""#) == 1).await;

    let lines = lines(server);
    assert!(lines.iter().all(|line| line["timestamp"].is_string() && line["level"].is_string()), "{lines:?}");
    let refused = messages(&lines, &refused);
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused[0].starts_with("the upstream failed: it answered 401"), "{refused:?}");
    assert_eq!(refused[1], "answered");
    let broken = messages(&lines, &broken);
    assert_eq!(broken.len(), 3, "{broken:?}");
    assert!(broken[1].starts_with("the upstream failed in mid-answer"), "{broken:?}");
    assert_eq!(messages(&lines, &report), ["a visitor's browser reports an error", "answered"]);
}

#[tokio::test]
async fn what_is_asked_and_answered_is_logged_only_where_the_owner_wants_it() {
    for (logged, variables) in [
        (0, &[][..]),
        (0, &[("RUST_LOG", "trace")]),
        (0, &[("NATTER_LOG_MESSAGES", "false")]),
        (1, &[("NATTER_LOG_MESSAGES", "true")]),
    ] {
        let upstream = Upstream::start().await;
        let server = start(&upstream, variables);
        let say = upstream.will_stream(8);
        for bytes in [token("They eat "), token("grass."), finish()] {
            say.send(bytes).await.unwrap();
        }
        let id = request_id(&ask(&server).await);
        until(|| server.logged("the answer is over") == 1).await;
        for said in [QUESTION, "They eat", "grass", KEY, "You are"] {
            let expected = if ["You are", KEY].contains(&said) { 0 } else { logged };
            assert_eq!(server.logged(said), expected, "{said} with {variables:?}");
        }
        let lines = lines(server);
        let over = lines.iter().find(|line| line["message"] == "the answer is over").unwrap();
        assert_eq!(over["span"]["id"], id.as_str());
        if logged == 1 {
            assert_eq!((&over["question"], &over["answer"]), (&json!(QUESTION), &json!("They eat grass.")));
        }
    }
}

#[test]
fn why_it_does_not_start_is_said_in_a_plain_sentence() {
    for (name, value) in [
        ("NATTER_RATE_LIMIT", "many"),
        ("REDIS_URL", "nowhere"),
        ("NATTER_SYSTEM_PROMPT", "/nowhere.md"),
        ("NATTER_ADDR", "192.0.2.1:1"),
    ] {
        let ended = binary().env(name, value).stdout(Stdio::null()).output().unwrap();
        let text = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success() && text.contains(name), "{text}");
        assert!(!text.contains('{') && text.lines().count() == 1, "{text}");
    }
}
