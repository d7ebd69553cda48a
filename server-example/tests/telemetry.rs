//! What the owner sees: figures, and the description of the endpoint.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use common::process::{Process, binary};
use common::upstream::{Upstream, finish, token};
use common::{Server, client, conversation, settings, soon, with};
use serde_json::{Value, json};

/// The figures as they are now.
async fn figures(server: &Server) -> String {
    let response = server.get("/metrics").await;
    assert_eq!(response.status(), 200);
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(content_type.starts_with("application/openmetrics-text"), "{content_type}");
    response.text().await.unwrap()
}

/// Waits until the figures have this line.
async fn shows(server: &Server, line: &str) {
    let there = async {
        while !figures(server).await.lines().any(|found| found == line) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(10), there).await;
    assert!(found.is_ok(), "{line} does not come:\n{}", figures(server).await);
}

#[tokio::test]
async fn requests_are_counted_by_how_they_end() {
    let server = Server::start(settings()).await;
    server.answer(&["hello"]).await;
    server.post("/api/chat", &json!({ "messages": [] })).send().await.unwrap();
    shows(&server, "natter_requests_total{route=\"/api/chat\",outcome=\"ok\"} 1").await;
    shows(&server, "natter_requests_total{route=\"/api/chat\",outcome=\"invalid_request\"} 1").await;
    shows(&server, "natter_first_token_seconds_count 1").await;
}

#[tokio::test]
async fn an_answer_on_its_way_is_active_until_its_reader_leaves() {
    let upstream = Upstream::start().await;
    let feed = upstream.will_stream(8);
    let server = Server::start(upstream.settings()).await;
    feed.send(token("one")).await.unwrap();
    let response = server.ask("hello").await;
    shows(&server, "natter_active_streams 1").await;
    drop(response);
    shows(&server, "natter_active_streams 0").await;
    shows(&server, "natter_requests_total{route=\"/api/chat\",outcome=\"cancelled\"} 1").await;
}

#[tokio::test]
async fn what_a_limit_refuses_is_counted_apart() {
    let server = Server::start(with(|s| s.limits.rate_limit = "1/3600".parse().unwrap())).await;
    for _ in 0..3 {
        server.ask("hello").await;
    }
    shows(&server, "natter_limited_total{limit=\"rate_limited\"} 2").await;
}

#[tokio::test]
async fn figures_are_for_the_own_network() {
    let server = Server::start(settings()).await;
    for header in ["x-forwarded-for", "forwarded"] {
        let response = server.client.get(server.url("/metrics")).header(header, "127.0.0.1").send().await.unwrap();
        assert_eq!(response.status(), 404, "{header}");
    }
}

#[tokio::test]
async fn tokens_are_counted_and_priced_by_the_model_that_took_them() {
    let upstream = Upstream::start().await;
    let feed = upstream.will_stream(8);
    let server = Server::start(upstream.with(|s| {
        let price = natter_server_example::Price { model: "test-model".into(), input: 2.0, output: 8.0 };
        s.model.prices = vec![price];
    }))
    .await;
    feed.send(token("one")).await.unwrap();
    let usage = json!({ "choices": [], "usage": { "prompt_tokens": 1000, "completion_tokens": 500 } });
    feed.send(common::upstream::chunk(&usage)).await.unwrap();
    feed.send(finish()).await.unwrap();
    drop(feed);
    soon(async { server.ask("hello").await.text().await.unwrap() }).await;
    shows(&server, "natter_tokens_total{model=\"test-model\",direction=\"input\"} 1000").await;
    shows(&server, "natter_tokens_total{model=\"test-model\",direction=\"output\"} 500").await;
    shows(&server, "natter_cost_total{model=\"test-model\"} 0.006").await;
}

#[tokio::test]
async fn failed_attempts_are_counted_by_model_and_code() {
    let upstream = Upstream::start().await;
    upstream.will_say(401, "application/json", "{}");
    let server = Server::start(upstream.settings()).await;
    assert_eq!(server.ask("hello").await.status(), 502);
    shows(&server, "natter_upstream_errors_total{model=\"test-model\",code=\"upstream_failed\"} 1").await;
}

#[tokio::test]
async fn the_endpoint_describes_itself() {
    let server = Server::start(settings()).await;
    let response = server.get("/openapi.json").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let api: Value = response.json().await.unwrap();
    let chat = &api["paths"]["/api/chat"]["post"];
    assert_eq!(
        chat["requestBody"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/ChatRequest"
    );
    let statuses: Vec<&String> = chat["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["200", "400", "403", "404", "405", "408", "413", "415", "429", "500", "502", "503", "504"]);
    assert!(api["components"]["schemas"]["ChatRequest"]["properties"]["messages"].is_object());
}

#[tokio::test]
async fn it_says_whether_it_is_well_and_whether_it_can_take_more() {
    let server = Server::start(settings()).await;
    assert_eq!(server.get("/healthz").await.text().await.unwrap(), "ok");
    let ready = server.get("/readyz").await;
    assert_eq!(ready.status(), 200);
    assert_eq!(ready.json::<Value>().await.unwrap(), json!({ "status": "ready", "redis": "none" }));
}

#[tokio::test]
async fn while_it_drains_it_is_alive_and_takes_no_more() {
    let mut command = binary();
    // An answer of one word every ten seconds.
    command.env("NATTER_WORD_DELAY", "10000").env("NATTER_DRAIN_SECONDS", "60");
    let server = Process::start(command);
    let get = async |path: &str| soon(client().get(server.url(path)).send()).await.unwrap();
    let question = client().post(server.url("/api/chat")).json(&conversation(&["How do I install it?"]));
    let _answer = soon(question.send()).await.unwrap();
    assert_eq!(get("/readyz").await.status(), 200);
    server.terminate();
    let refused = async {
        loop {
            let response = get("/readyz").await;
            if response.status() != 200 {
                return response;
            }
        }
    };
    let refused = soon(refused).await;
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.json::<Value>().await.unwrap(), json!({ "status": "draining", "redis": "none" }));
    assert_eq!(get("/healthz").await.status(), 200);
}
