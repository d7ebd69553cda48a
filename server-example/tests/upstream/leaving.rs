//! A visitor who leaves ends the upstream request, within a tenth of a second.

use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::common::upstream::{Answer, Upstream, role, token};
use crate::common::{Server, conversation, soon};

const AT_ONCE: Duration = Duration::from_millis(100);

/// Waits until the upstream's connection is gone, and checks how long that took.
async fn gone_at_once(gone: oneshot::Receiver<()>, left: Instant, when: &str) {
    soon(gone).await.unwrap();
    let took = left.elapsed();
    assert!(took <= AT_ONCE, "{when}: {took:?}");
    println!("{when}: {took:?}");
}

#[tokio::test]
async fn while_tokens_come() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    for query in ["", "?format=openai", "?format=text", "?format=ndjson"] {
        let tokens = upstream.will_stream(8);
        tokens.send(token("first")).await.unwrap();
        let path = format!("/api/chat{query}");
        let response = soon(server.post(&path, &conversation(&["hi"])).send()).await.unwrap();
        let received = upstream.received().await;
        let left = Instant::now();
        drop(response);
        gone_at_once(received.gone, left, query).await;
        soon(tokens.closed()).await;
    }
}

#[tokio::test]
async fn before_the_upstream_has_answered_at_all() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    for stream in [true, false] {
        upstream.will(Answer::Silence);
        let mut body = conversation(&["hi"]);
        body["stream"] = stream.into();
        let waiting = tokio::spawn(server.post("/api/chat", &body).send());
        let received = upstream.received().await;
        let left = Instant::now();
        waiting.abort();
        gone_at_once(received.gone, left, "before the head").await;
    }
}

#[tokio::test]
async fn after_its_head_and_before_its_first_token() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let tokens = upstream.will_stream(1);
    tokens.send(role()).await.unwrap();
    let waiting = tokio::spawn(server.post("/api/chat", &conversation(&["hi"])).send());
    let received = upstream.received().await;
    // There is room again once the role has been read.
    drop(soon(tokens.reserve()).await.unwrap());
    let left = Instant::now();
    waiting.abort();
    gone_at_once(received.gone, left, "before the first token").await;
}

#[tokio::test]
async fn while_a_summary_is_written() {
    let mut upstream = Upstream::start().await;
    let settings = upstream.with(|s| {
        s.context.summary_model = Some("short".into());
        s.context.context_messages = 1;
    });
    let server = Server::start(settings).await;
    upstream.will(Answer::Silence);
    let waiting = tokio::spawn(server.post("/api/chat", &conversation(&["a", "b", "c"])).send());
    let received = upstream.received().await;
    assert_eq!(received.body["model"], "short");
    let left = Instant::now();
    waiting.abort();
    gone_at_once(received.gone, left, "before the question was asked").await;
    assert_eq!(upstream.unseen(), 0, "the model was not asked either");
}
