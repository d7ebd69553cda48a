//! Replies of one replica, read and stopped at another, with a real Redis between them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::time::{Duration, Instant};

use axum::body::Bytes;
use common::redis::Redis;
use common::replies::{last_id, question, read_until};
use common::upstream::{Received, Upstream, finish, token};
use common::{Server, soon};
use natter_server_example::{AppState, Secret, Settings, serve};
use reqwest::{Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::mpsc::Sender;
use tokio::sync::oneshot;

/// Two replicas with one Redis and one upstream.
struct Replicas {
    redis: Redis,
    upstream: Upstream,
    one: Server,
    other: Server,
}

impl Replicas {
    async fn start(change: impl Fn(&mut Settings)) -> Self {
        let (redis, upstream) = (Redis::start().await, Upstream::start().await);
        let settings = || {
            upstream.with(|settings| {
                settings.limits.redis_url = Some(Secret::new(redis.url()));
                change(settings);
            })
        };
        let (one, other) = (Server::start(settings()).await, Server::start(settings()).await);
        Self { redis, upstream, one, other }
    }

    /// A reply at the first that has said "one" to a reader, and what the reader has of it.
    async fn begin(&mut self) -> (Sender<Bytes>, Received, Response, String) {
        let say = self.upstream.will_stream(1000);
        say.send(token("one")).await.unwrap();
        let mut response = self.one.ask_in("c", "").await;
        let received = self.upstream.received().await;
        let seen = read_until(&mut response, "one").await;
        (say, received, response, seen)
    }

    /// Comes back at the other, which knows of the reply a moment after the first does.
    async fn resume(&self, after: Option<u64>) -> Response {
        soon(async {
            loop {
                let response = self.other.resume("c", after).await;
                if response.status() != StatusCode::NO_CONTENT {
                    return response;
                }
            }
        })
        .await
    }
}

#[tokio::test]
async fn any_replica_replays_a_reply_and_goes_on_with_it() {
    let mut replicas = Replicas::start(|_| {}).await;
    let (say, _received, mut response, seen) = replicas.begin().await;
    let mut whole = replicas.resume(None).await;
    let mut rest = replicas.resume(Some(last_id(&seen))).await;
    assert_eq!(rest.headers()["x-vercel-ai-ui-message-stream"], "v1");
    let mut heard = read_until(&mut whole, "one").await;
    assert_eq!(heard, seen, "the same message id and all");
    // A token is there before the next is said.
    let mut more = String::new();
    for text in ["two", "three"] {
        say.send(token(text)).await.unwrap();
        read_until(&mut response, text).await;
        heard += &read_until(&mut whole, text).await;
        more += &read_until(&mut rest, text).await;
    }
    say.send(finish()).await.unwrap();
    heard += &soon(whole.text()).await.unwrap();
    more += &soon(rest.text()).await.unwrap();
    assert_eq!(heard, seen + &more);
    assert!(more.contains(r#""type":"finish""#) && !more.contains("one"), "{more}");
}

#[tokio::test]
async fn what_a_reader_heard_to_the_end_is_told_again_only_by_position_wherever_it_was() {
    let mut replicas = Replicas::start(|_| {}).await;
    let (say, _received, response, seen) = replicas.begin().await;
    drop(response);
    say.send(finish()).await.unwrap();
    let whole = soon(replicas.resume(None).await.text()).await.unwrap();
    assert!(whole.starts_with(&seen) && whole.contains(r#""type":"finish""#), "{whole}");
    // The end was heard at the other; both know.
    replicas.other.forgets("c", None).await;
    replicas.one.forgets("c", None).await;
    for server in [&replicas.one, &replicas.other] {
        assert_eq!(soon(server.resume("c", Some(0)).await.text()).await.unwrap(), whole);
        assert_eq!(server.resume("c", Some(last_id(&whole))).await.status(), 204);
    }
}

#[tokio::test]
async fn what_was_heard_to_the_end_where_it_was_said_is_known_elsewhere() {
    let mut replicas = Replicas::start(|_| {}).await;
    let (say, _received, response, seen) = replicas.begin().await;
    say.send(finish()).await.unwrap();
    let whole = seen + &soon(response.text()).await.unwrap();
    assert_eq!(soon(replicas.resume(Some(0)).await.text()).await.unwrap(), whole);
    replicas.other.forgets("c", None).await;
}

#[tokio::test]
async fn a_stop_works_from_any_replica() {
    let mut replicas = Replicas::start(|_| {}).await;
    let (_say, received, response, _) = replicas.begin().await;
    let mut elsewhere = replicas.resume(None).await;
    read_until(&mut elsewhere, "one").await;
    let started = Instant::now();
    let (gone, ()) = tokio::join!(soon(received.gone), replicas.other.stop("c"));
    gone.unwrap();
    assert!(started.elapsed() < Duration::from_millis(100), "{:?}", started.elapsed());
    for reader in [response, elsewhere] {
        let end = soon(reader.text()).await.unwrap();
        assert!(end.contains(r#"{"type":"abort"}"#) && end.contains("data: [DONE]"), "{end}");
    }
    for server in [&replicas.one, &replicas.other] {
        assert_eq!(server.resume("c", Some(0)).await.status(), 204);
        server.stop("c").await;
    }
}

#[tokio::test]
async fn a_new_question_at_another_replica_replaces_the_reply_before() {
    let mut replicas = Replicas::start(|_| {}).await;
    let (_say, received, response, _) = replicas.begin().await;
    // Which of two that begin at the same moment is the later one, nobody knows.
    drop(replicas.resume(Some(0)).await);
    let say = replicas.upstream.will_stream(8);
    say.send(token("new")).await.unwrap();
    let mut new = replicas.other.ask_in("c", "").await;
    let seen = read_until(&mut new, "new").await;
    soon(received.gone).await.unwrap();
    assert!(soon(response.text()).await.unwrap().contains(r#"{"type":"abort"}"#));
    let mut again = soon(async {
        loop {
            let response = replicas.one.resume("c", Some(0)).await;
            if response.status() == StatusCode::OK {
                return response;
            }
        }
    })
    .await;
    assert_eq!(read_until(&mut again, "new").await, seen);
}

#[tokio::test]
async fn a_reader_elsewhere_keeps_the_reply_alive() {
    let mut replicas = Replicas::start(|s| s.serving.resume_seconds = 1).await;
    let (say, received, response, _) = replicas.begin().await;
    let mut elsewhere = replicas.resume(None).await;
    drop(response);
    // Three times as long as it goes on without a reader, and not a word from the upstream.
    let silence = tokio::time::timeout(Duration::from_secs(3), read_until(&mut elsewhere, "two"));
    assert!(silence.await.is_err());
    say.send(token("two")).await.unwrap();
    read_until(&mut elsewhere, "two").await;
    drop(elsewhere);
    soon(received.gone).await.unwrap();
    replicas.other.forgets("c", Some(0)).await;
}

#[tokio::test]
async fn failures_are_told_elsewhere_too() {
    let mut replicas = Replicas::start(|_| {}).await;
    replicas.upstream.will_say(429, "text/plain", "");
    let first = replicas.one.ask_in("c", "").await;
    assert_eq!(replicas.resume(Some(0)).await.status(), first.status());
    let (say, _received, response, seen) = replicas.begin().await;
    drop(say);
    let whole = seen.clone() + &soon(response.text()).await.unwrap();
    let rest = soon(replicas.resume(Some(last_id(&seen))).await.text()).await.unwrap();
    assert!(rest.contains(r#""type":"error""#) && whole.ends_with(&rest), "{rest}");
}

#[tokio::test]
async fn a_reply_that_outgrows_the_buffer_is_no_longer_there_elsewhere() {
    let mut replicas = Replicas::start(|s| s.serving.resume_buffer = 1024).await;
    let (say, _received, mut response, _) = replicas.begin().await;
    let elsewhere = replicas.resume(None).await;
    for n in 0..100 {
        say.send(token(&format!("word{n}"))).await.unwrap();
    }
    read_until(&mut response, "word99").await;
    let end = soon(elsewhere.text()).await.unwrap();
    assert!(end.contains(r#""type":"error""#) && end.contains("data: [DONE]"), "{end}");
    assert_eq!(replicas.other.resume("c", Some(0)).await.status(), 204);
    say.send(finish()).await.unwrap();
    assert!(soon(response.text()).await.unwrap().contains(r#""type":"finish""#));
}

#[tokio::test]
async fn a_lost_redis_neither_stops_nor_delays_a_reply() {
    let mut replicas = Replicas::start(|_| {}).await;
    let (say, _received, mut response, seen) = replicas.begin().await;
    let mut elsewhere = replicas.resume(None).await;
    read_until(&mut elsewhere, "one").await;
    replicas.redis.kill();
    let started = Instant::now();
    let mut heard = seen;
    for n in 0..20 {
        let text = format!("word{n}");
        say.send(token(&text)).await.unwrap();
        heard += &read_until(&mut response, &text).await;
    }
    assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
    let end = soon(elsewhere.text()).await.unwrap();
    assert!(end.contains(r#""type":"error""#), "{end}");
    // Where it is said it can be read again, and stopped.
    let mut again = replicas.one.resume("c", Some(0)).await;
    assert_eq!(read_until(&mut again, "word19").await, heard);
    replicas.one.stop("c").await;
    assert!(soon(response.text()).await.unwrap().contains(r#"{"type":"abort"}"#));

    // It is back, and so are replies that can be read elsewhere.
    replicas.redis.restart().await;
    let found = async {
        loop {
            let (say, _received, response, _) = replicas.begin().await;
            say.send(finish()).await.unwrap();
            soon(response.text()).await.unwrap();
            if replicas.other.resume("c", Some(0)).await.status() == StatusCode::OK {
                return;
            }
        }
    };
    soon(found).await;
}

#[tokio::test]
async fn copies_do_not_stay_in_redis() {
    let mut replicas = Replicas::start(|s| s.serving.resume_seconds = 1).await;
    let (say, _received, response, _) = replicas.begin().await;
    let client = redis::Client::open(replicas.redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut left =
        async || -> i64 { redis::cmd("PTTL").arg("natter:reply:c").query_async(&mut connection).await.unwrap() };
    soon(async { while left().await == -2 {} }).await;
    assert!((1..=15_000).contains(&left().await), "it expires even if its replica dies");
    say.send(finish()).await.unwrap();
    soon(response.text()).await.unwrap();
    soon(async { while left().await != -2 {} }).await;
}

#[tokio::test]
async fn a_reply_that_a_draining_replica_says_ends_elsewhere_too() {
    let mut replicas = Replicas::start(|_| {}).await;
    let state = AppState::new(replicas.upstream.with(|settings| {
        settings.limits.redis_url = Some(Secret::new(replicas.redis.url()));
        settings.serving.drain_seconds = 1;
    }))
    .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/chat", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(serve(listener, state, async { stopped.await.unwrap() }));

    let say = replicas.upstream.will_stream(8);
    say.send(token("one")).await.unwrap();
    drop(soon(replicas.one.client.post(url).json(&question("c")).send()).await.unwrap());
    let received = replicas.upstream.received().await;
    let mut elsewhere = replicas.resume(Some(0)).await;
    read_until(&mut elsewhere, "one").await;
    stop.send(()).unwrap();
    let end = soon(elsewhere.text()).await.unwrap();
    assert!(end.contains(r#""code":"unavailable","retryable":true"#) && end.contains("data: [DONE]"), "{end}");
    soon(received.gone).await.unwrap();
    soon(served).await.unwrap().unwrap();
}

/// Waits until the replica finds Redis `up` or `lost`.
async fn finds_redis(server: &Server, state: &str) {
    soon(async { while !server.get("/readyz").await.text().await.unwrap().contains(state) {} }).await;
}

#[tokio::test]
async fn what_redis_does_late_is_not_done_twice() {
    let mut replicas = Replicas::start(|_| {}).await;
    let (say, _received, mut response, _) = replicas.begin().await;
    let mut elsewhere = replicas.resume(None).await;
    let mut heard = read_until(&mut elsewhere, "one").await;
    replicas.redis.stall();
    say.send(token("two")).await.unwrap();
    read_until(&mut response, "two").await;
    finds_redis(&replicas.one, "lost").await;
    // Now it reads what was sent to it meanwhile, and soon after that the same again.
    replicas.redis.go_on();
    finds_redis(&replicas.one, "up").await;
    say.send(token("three")).await.unwrap();
    say.send(finish()).await.unwrap();
    heard += &soon(elsewhere.text()).await.unwrap();
    assert_eq!(["one", "two", "three"].map(|text| heard.matches(text).count()), [1, 1, 1], "{heard}");
    assert!(heard.contains(r#""type":"finish""#), "{heard}");
}
