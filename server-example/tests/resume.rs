//! Replies that outlast their readers: read again, gone on with, stopped, given up.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::time::{Duration, Instant};

use axum::body::Bytes;
use common::replies::{last_id, question, read_until};
use common::upstream::{Answer, Received, Upstream, finish, role, token};
use common::{Server, conversation, error, soon};
use futures_util::FutureExt;
use natter_server_example::Settings;
use serde_json::json;
use tokio::sync::mpsc::Sender;

/// A reply of the conversation `c` that has said "one" to a first reader.
struct Begun {
    upstream: Upstream,
    server: Server,
    say: Sender<Bytes>,
    received: Received,
    response: reqwest::Response,
    /// What the reader has of it.
    seen: String,
}

async fn begun(query: &str, change: impl FnOnce(&mut Settings)) -> Begun {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(change)).await;
    let say = upstream.will_stream(1000);
    say.send(role()).await.unwrap();
    say.send(token("one")).await.unwrap();
    let mut response = server.ask_in("c", query).await;
    assert_eq!(response.status(), 200);
    let received = upstream.received().await;
    let seen = read_until(&mut response, "one").await;
    Begun { upstream, server, say, received, response, seen }
}

impl Begun {
    async fn says(&self, texts: &[&str]) {
        for text in texts {
            self.say.send(token(text)).await.unwrap();
        }
    }

    async fn finishes(&self, texts: &[&str]) {
        self.says(texts).await;
        self.say.send(finish()).await.unwrap();
    }
}

#[tokio::test]
async fn a_lost_connection_loses_nothing_and_the_rest_is_as_it_would_have_been() {
    for format in ["ui-message", "openai"] {
        let query = format!("?format={format}");
        let mut reply = begun(&query, |_| {}).await;
        reply.says(&["two"]).await;
        reply.seen += &read_until(&mut reply.response, "two").await;
        let has = last_id(&reply.seen);
        assert!(reply.seen.ends_with(&format!("id: {has}\n\n")), "{}", reply.seen);
        // Another reader hears all of it, to compare with.
        let whole = reply.server.get(&format!("/api/chat/c/stream{query}")).await;
        drop(std::mem::replace(&mut reply.response, reply.server.get("/healthz").await));
        reply.says(&["three"]).await;

        let get = reply.server.client.get(reply.server.url(&format!("/api/chat/c/stream{query}")));
        let by_header = soon(get.header("last-event-id", has).send()).await.unwrap();
        let by_query = reply.server.get(&format!("/api/chat/c/stream{query}&last-event-id={has}")).await;
        assert_eq!(by_header.headers()["content-type"], "text/event-stream");
        assert_eq!(by_header.headers()["cache-control"], "no-cache, no-transform");
        assert_eq!(by_header.headers().contains_key("x-vercel-ai-ui-message-stream"), format == "ui-message");
        reply.finishes(&["four"]).await;

        let whole = soon(whole.text()).await.unwrap();
        assert!(whole.ends_with(&format!("data: [DONE]\nid: {}\n\n", last_id(&whole))), "{whole}");
        let rest = whole.strip_prefix(&reply.seen).expect("the same bytes as the first reader had");
        assert!(rest.contains("three") && rest.contains("four") && !rest.contains("two"), "{rest}");
        assert_eq!(soon(by_header.text()).await.unwrap(), rest);
        assert_eq!(soon(by_query.text()).await.unwrap(), rest);
    }
}

#[tokio::test]
async fn after_a_page_change_it_is_replayed_from_the_beginning_and_goes_on() {
    for (query, ids) in [("", true), ("?format=text", false), ("?format=ndjson", false)] {
        let Begun { upstream: _upstream, server, say, response, seen: first, .. } = begun(query, |_| {}).await;
        drop(response);
        say.send(token("two")).await.unwrap();
        let mut again = server.get(&format!("/api/chat/c/stream{query}")).await;
        let mut seen = read_until(&mut again, "two").await;
        assert!(seen.starts_with(&first), "{seen}");
        say.send(token("three")).await.unwrap();
        seen += &read_until(&mut again, "three").await;
        say.send(finish()).await.unwrap();
        seen += &soon(again.text()).await.unwrap();
        assert_eq!(seen.contains("\nid: "), ids, "{seen}");
    }
}

#[tokio::test]
async fn several_readers_hear_the_same() {
    let reply = begun("?format=text", |_| {}).await;
    let others = [(); 3].map(|()| reply.server.get("/api/chat/c/stream?format=text"));
    let others = futures_util::future::join_all(others).await;
    let whole = reply.server.get("/api/chat/c/stream?format=json&last-event-id=0");
    let finishing = reply.finishes(&[" two", " three"]);
    let (whole, ()) = tokio::join!(whole, finishing);
    assert_eq!(whole.json::<serde_json::Value>().await.unwrap()["content"], "one two three");
    for other in others {
        assert_eq!(soon(other.text()).await.unwrap(), "one two three");
    }
    assert_eq!(reply.seen + &soon(reply.response.text()).await.unwrap(), "one two three");
}

#[tokio::test]
async fn what_was_read_to_the_end_is_told_again_only_to_who_says_where_they_are() {
    let reply = begun("", |_| {}).await;
    reply.finishes(&["two"]).await;
    let whole = reply.seen + &soon(reply.response.text()).await.unwrap();
    let last = last_id(&whole);
    let server = reply.server;
    assert_eq!(server.resume("c", None).await.status(), 204);
    assert_eq!(server.resume("c", Some(last)).await.status(), 204);
    assert_eq!(server.resume("c", Some(last + 1)).await.status(), 204);
    assert_eq!(server.resume("c", Some(0)).await.text().await.unwrap(), whole);
    let end = server.resume("c", Some(last - 1)).await.text().await.unwrap();
    assert!(end.contains(r#""type":"finish""#) && whole.ends_with(&end), "{end}");
    // And it ended while nobody listened: then there is something to tell.
    let upstream = reply.upstream;
    let say = upstream.will_stream(8);
    say.send(token("alone")).await.unwrap();
    drop(server.ask_in("d", "").await);
    say.send(finish()).await.unwrap();
    soon(say.closed()).await;
    let response = server.resume("d", None).await;
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    assert!(response.text().await.unwrap().contains("alone"));
    assert_eq!(server.resume("d", None).await.status(), 204);
}

#[tokio::test]
async fn of_what_nobody_said_there_is_nothing() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    for after in [None, Some(0), Some(7)] {
        let response = server.resume("unknown", after).await;
        assert_eq!(response.status(), 204);
        assert!(response.headers().contains_key("x-request-id"));
        assert_eq!(response.text().await.unwrap(), "");
    }
    server.stop("unknown").await;
}

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
async fn a_failure_is_told_to_each_reader() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    // Before the first token: a status.
    upstream.will_say(429, "text/plain", "");
    let first = server.ask_in("c", "").await;
    let again = server.resume("c", Some(0)).await;
    assert_eq!((first.status(), again.status()), (first.status(), first.status()));
    assert_eq!((first.status().as_u16(), &again.headers()["retry-after"]), (503, &first.headers()["retry-after"]));
    assert_eq!(error(again).await["code"], error(first).await["code"]);
    // After it: a part of the stream.
    let say = upstream.will_stream(8);
    say.send(token("half")).await.unwrap();
    let response = server.ask_in("d", "").await;
    drop(say);
    let whole = soon(response.text()).await.unwrap();
    assert_eq!(whole.matches(r#""type":"error""#).count(), 1, "{whole}");
    assert_eq!(server.resume("d", Some(0)).await.text().await.unwrap(), whole);
    let rest = server.resume("d", Some(1)).await;
    assert_eq!(rest.status(), 200, "who has a part already gets the failure as one");
    assert!(whole.ends_with(&rest.text().await.unwrap()));
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
async fn what_cannot_be_an_id_or_a_position_is_refused() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let long = "x".repeat(129);
    for wrong in [long.as_str(), "a b", "ü"] {
        let response = soon(server.post("/api/chat", &question(wrong)).send()).await.unwrap();
        assert_eq!((response.status().as_u16(), &error(response).await["param"]), (400, &json!("id")), "{wrong}");
        let response = server.resume(wrong, None).await;
        assert_eq!((response.status().as_u16(), &error(response).await["param"]), (400, &json!("id")), "{wrong}");
    }
    for path in ["/api/chat/c/stream?last-event-id=x", "/api/chat/c/stream?format=xml", "/api/chat/%ff/stream"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 400, "{path}");
        assert!(error(response).await["param"].is_string());
    }
    let response = server.post("/api/chat/c/stream", &json!({})).send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"].to_str().unwrap().split(',').count(), 3, "GET, HEAD and DELETE");
}

#[tokio::test]
async fn coming_back_does_not_use_up_questions_and_stopping_is_never_refused() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.limits.rate_limit = "2/3600".parse().unwrap())).await;
    for expected in [204, 204, 429] {
        assert_eq!(server.resume("c", None).await.status(), expected);
    }
    for _ in 0..5 {
        server.stop("c").await;
    }
    upstream.will_say(200, "text/event-stream", String::from_utf8(finish().to_vec()).unwrap());
    assert_eq!(server.ask_in("c", "").await.status(), 200);
}

#[tokio::test]
async fn a_stop_does_not_reach_into_the_reply_of_another_conversation() {
    let reply = begun("", |_| {}).await;
    reply.server.stop("d").await;
    reply.finishes(&["two"]).await;
    assert!(soon(reply.response.text()).await.unwrap().contains(r#""type":"finish""#));
    assert!(reply.received.gone.now_or_never().is_none_or(|gone| gone.is_ok()));
}
