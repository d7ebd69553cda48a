//! Replies that outlast their readers: read again, and gone on with.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::replies::{Begun, begun, last_id, question, read_until};
use common::upstream::{Upstream, finish, token};
use common::{Server, error, soon};
use serde_json::json;

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
    for path in [
        "/api/chat/c/stream?last-event-id=x",
        "/api/chat/c/stream?format=xml",
        "/api/chat/%ff/stream",
        "/api/chat/c/stream?last-event-id=1&last-event-id=2",
    ] {
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
