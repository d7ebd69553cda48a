//! A Redis that is there and of no use: chat goes on, and Redis is used again once it is well.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::redis::Redis;
use common::replies::{question, read_until};
use common::upstream::{Upstream, finish, token};
use common::{Server, soon};
use natter_server_example::Secret;
use serde_json::Value;

/// What an operator, or another program, does to Redis.
async fn order(redis: &Redis, words: &[&str]) {
    let client = redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut command = redis::cmd(words[0]);
    for word in &words[1..] {
        command.arg(*word);
    }
    let () = command.query_async(&mut connection).await.unwrap();
}

/// Waits until the server says so of its Redis, which it uses meanwhile.
async fn is(server: &Server, state: &str) {
    soon(async {
        loop {
            server.resume("nothing", None).await;
            let ready: Value = server.get("/readyz").await.json().await.unwrap();
            if ready["redis"] == state {
                break;
            }
        }
    })
    .await;
}

/// An answer during which `trouble` comes, and goes with `end`, if it lasts.
async fn survives(trouble: &[&str], end: Option<&[&str]>) {
    let redis = Redis::start().await;
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.limits.redis_url = Some(Secret::new(redis.url())))).await;
    let say = upstream.will_stream(8);
    say.send(token("one")).await.unwrap();
    let mut response = server.ask_in("c", "").await;
    read_until(&mut response, "one").await;
    order(&redis, trouble).await;
    say.send(token("two")).await.unwrap();
    read_until(&mut response, "two").await;

    upstream.will_answer("yes");
    let other = soon(server.post("/api/chat", &question("d")).send()).await.unwrap();
    assert_eq!(other.status(), 200, "{trouble:?}");
    assert!(other.headers().contains_key("ratelimit"));
    assert!(soon(other.text()).await.unwrap().contains("yes"));
    // Whoever says it has all of it, whatever became of the copy.
    let mut again = server.resume("c", Some(0)).await;
    read_until(&mut again, "two").await;
    say.send(finish()).await.unwrap();
    for reader in [response, again] {
        assert!(soon(reader.text()).await.unwrap().contains(r#""type":"finish""#), "{trouble:?}");
    }
    if let Some(end) = end {
        is(&server, "lost").await;
        order(&redis, end).await;
    }
    is(&server, "up").await;
}

#[tokio::test]
async fn one_that_is_emptied_forgets_and_that_is_all() {
    survives(&["FLUSHALL"], None).await;
}

#[tokio::test]
async fn one_that_is_full_is_done_without() {
    survives(&["CONFIG", "SET", "maxmemory", "1"], Some(&["CONFIG", "SET", "maxmemory", "0"])).await;
}

#[tokio::test]
async fn one_that_became_a_copy_is_done_without() {
    survives(&["REPLICAOF", "127.0.0.1", "1"], Some(&["REPLICAOF", "NO", "ONE"])).await;
}
