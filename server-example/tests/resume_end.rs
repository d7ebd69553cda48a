//! How replies that outlast their readers end: stopped, replaced, given up, forgotten, outgrown.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::time::{Duration, Instant};

use common::replies::{begun, question, read_until};
use common::upstream::{Answer, Upstream, token};
use common::{Server, conversation, soon};
use futures_util::FutureExt;
use serde_json::json;

#[tokio::test]
async fn stop_ends_it_for_the_upstream_and_for_its_reader() {
    let reply = begun("", |_| {}).await;
    let started = Instant::now();
    let (gone, ()) = tokio::join!(soon(reply.received.gone), reply.server.stop("c"));
    gone.unwrap();
    assert!(started.elapsed() < Duration::from_millis(100), "{:?}", started.elapsed());
    let end = soon(reply.response.text()).await.unwrap();
    assert!(end.contains(r#"{"type":"abort"}"#) && end.contains("data: [DONE]"), "{end}");
    assert!(!end.contains(r#""type":"finish""#) && !end.contains(r#""type":"error""#), "{end}");
    assert_eq!(reply.server.resume("c", Some(0)).await.status(), 204);
    reply.server.stop("c").await;
}

#[tokio::test]
async fn stop_works_before_the_first_token_and_without_a_reader() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    // Before the upstream has answered at all.
    upstream.will(Answer::Silence);
    let waiting = tokio::spawn(server.post("/api/chat", &question("c")).send());
    let received = upstream.received().await;
    let started = Instant::now();
    let (gone, ()) = tokio::join!(soon(received.gone), server.stop("c"));
    gone.unwrap();
    assert!(started.elapsed() < Duration::from_millis(100), "{:?}", started.elapsed());
    let text = soon(waiting).await.unwrap().unwrap().text().await.unwrap();
    assert!(text.contains(r#"{"type":"abort"}"#), "{text}");

    // When the reader has left.
    let say = upstream.will_stream(8);
    say.send(token("one")).await.unwrap();
    drop(server.ask_in("c", "").await);
    let received = upstream.received().await;
    server.stop("c").await;
    soon(received.gone).await.unwrap();
}

#[tokio::test]
async fn a_new_question_replaces_the_reply_before() {
    let reply = begun("", |_| {}).await;
    let mut upstream = reply.upstream;
    let say = upstream.will_stream(8);
    say.send(token("new")).await.unwrap();
    let mut response = reply.server.ask_in("c", "").await;
    upstream.received().await;
    soon(reply.received.gone).await.unwrap();
    assert!(soon(reply.response.text()).await.unwrap().contains(r#"{"type":"abort"}"#));
    let seen = read_until(&mut response, "new").await;
    let mut again = reply.server.resume("c", None).await;
    assert_eq!(read_until(&mut again, "new").await, seen);
}

#[tokio::test]
async fn without_a_reader_it_goes_on_for_a_while_and_is_then_given_up() {
    let reply = begun("", |s| s.serving.resume_seconds = 1).await;
    drop(reply.response);
    let left = Instant::now();
    reply.say.send(token("two")).await.unwrap();
    soon(reply.received.gone).await.unwrap();
    assert!((900..3000).contains(&left.elapsed().as_millis()), "{:?}", left.elapsed());
    assert_eq!(reply.server.resume("c", Some(0)).await.status(), 204);
}

#[tokio::test]
async fn a_finished_reply_is_forgotten_after_a_while() {
    let reply = begun("", |s| s.serving.resume_seconds = 1).await;
    reply.finishes(&[]).await;
    soon(reply.response.text()).await.unwrap();
    let over = Instant::now();
    assert_eq!(reply.server.resume("c", Some(0)).await.status(), 200);
    reply.server.forgets("c", Some(0)).await;
    assert!((900..3000).contains(&over.elapsed().as_millis()), "{:?}", over.elapsed());
}

#[tokio::test]
async fn one_that_outgrows_the_buffer_goes_on_for_its_reader_and_ends_with_it() {
    let mut reply = begun("?format=text", |s| s.serving.resume_buffer = 1024).await;
    for n in 0..100 {
        reply.says(&[&format!(" word{n}")]).await;
    }
    read_until(&mut reply.response, "word99").await;
    for after in [None, Some(0), Some(50)] {
        assert_eq!(reply.server.resume("c", after).await.status(), 204);
    }
    let left = Instant::now();
    drop(reply.response);
    soon(reply.received.gone).await.unwrap();
    assert!(left.elapsed() < Duration::from_millis(500), "{:?}", left.elapsed());
}

#[tokio::test]
async fn the_upstream_waits_for_a_reader_who_does_not_read() {
    let reply = begun("", |s| s.serving.resume_buffer = 1 << 26).await;
    let long = "x".repeat(1 << 16);
    let mut sent = 0;
    // Until nothing moves any more: what the sockets, the test's channel and the window hold.
    while tokio::time::timeout(Duration::from_secs(1), reply.say.send(token(&long))).await.is_ok() {
        sent += 1;
        assert!(sent < 2000, "it is read without end");
    }
    drop(reply.response);
    // Now nobody is waited for.
    for _ in 0..100 {
        soon(reply.say.send(token("x"))).await.unwrap();
    }
}

#[tokio::test]
async fn without_an_id_or_with_no_seconds_to_resume_in_nothing_is_kept() {
    for (id, seconds) in [(None, 60), (Some(""), 60), (Some("c"), 0)] {
        let mut upstream = Upstream::start().await;
        let server = Server::start(upstream.with(|s| s.serving.resume_seconds = seconds)).await;
        let say = upstream.will_stream(8);
        say.send(token("one")).await.unwrap();
        let mut body = conversation(&["hi"]);
        body["id"] = json!(id);
        let mut response = soon(server.post("/api/chat", &body).send()).await.unwrap();
        let received = upstream.received().await;
        let seen = read_until(&mut response, "one").await;
        assert!(!seen.contains("id: "), "{seen}");
        assert_eq!(server.resume("c", Some(0)).await.status(), 204);
        drop(response);
        soon(received.gone).await.unwrap();
    }
}

#[tokio::test]
async fn a_stop_does_not_reach_into_the_reply_of_another_conversation() {
    let reply = begun("", |_| {}).await;
    reply.server.stop("d").await;
    reply.finishes(&["two"]).await;
    assert!(soon(reply.response.text()).await.unwrap().contains(r#""type":"finish""#));
    assert!(reply.received.gone.now_or_never().is_none_or(|gone| gone.is_ok()));
}
