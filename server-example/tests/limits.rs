//! Answers at once and tokens a day, per client and in all, alone and through Redis.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::redis::Redis;
use common::upstream::{Upstream, chunk, finish, token};
use common::{Server, conversation, error, soon, visitor, with};
use natter_server_example::{Secret, Settings};
use reqwest::{Client, Response};
use serde_json::json;

async fn ask(server: &Server, client: &Client, question: &str) -> Response {
    soon(client.post(server.url("/api/chat")).json(&conversation(&[question])).send()).await.unwrap()
}

/// An answer that stays on its way for as long as the sender is kept.
async fn begin(upstream: &Upstream, server: &Server, client: &Client) -> (Response, impl Sized + use<>) {
    let tokens = upstream.will_stream(4);
    tokens.send(token("first")).await.unwrap();
    let response = ask(server, client, "hi").await;
    assert_eq!(response.status(), 200);
    (response, tokens)
}

async fn assert_overloaded(response: Response) {
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "5");
    let error = error(response).await;
    assert_eq!((&error["code"], &error["retryable"]), (&json!("overloaded"), &json!(true)));
    assert_eq!(error["message"], "AI service is busy. Please try again.");
}

#[tokio::test]
async fn a_client_has_so_many_answers_on_their_way_and_leaving_one_makes_room() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.limits.client_streams = 2)).await;
    let (one, _tokens) = begin(&upstream, &server, &server.client).await;
    let _two = begin(&upstream, &server, &server.client).await;
    assert_overloaded(ask(&server, &server.client, "hi").await).await;
    let _other = begin(&upstream, &server, &visitor(2)).await;

    let gone = upstream.received().await.gone;
    drop(one);
    soon(gone).await.unwrap();
    let _three = begin(&upstream, &server, &server.client).await;
    assert_overloaded(ask(&server, &server.client, "hi").await).await;
}

#[tokio::test]
async fn all_clients_together_have_so_many_answers_on_their_way() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.limits.max_streams = 2)).await;
    let _one = begin(&upstream, &server, &visitor(1)).await;
    let _two = begin(&upstream, &server, &visitor(2)).await;
    assert_overloaded(ask(&server, &visitor(3), "hi").await).await;
}

#[tokio::test]
async fn whoever_has_read_an_answer_may_ask_again_at_once() {
    let server = Server::start(with(|s| s.limits.client_streams = 1)).await;
    for _ in 0..50 {
        server.answer(&["hi"]).await;
        let body = json!({"messages": [{"role": "user", "content": "hi"}], "stream": false});
        assert_eq!(server.post("/api/chat", &body).send().await.unwrap().status(), 200);
        // Nor does a request that is refused keep a place.
        assert_eq!(server.post("/api/chat", &json!({})).send().await.unwrap().status(), 400);
    }
}

/// A whole answer for which the model says how many tokens it read and wrote.
fn will_use(upstream: &Upstream, read: u64, written: u64) {
    let usage = chunk(&json!({"choices": [], "usage": {"prompt_tokens": read, "completion_tokens": written}}));
    let stop = chunk(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}));
    let body = [token("answer"), stop, usage, "data: [DONE]\n\n".into()].concat();
    upstream.will_say(200, "text/event-stream", String::from_utf8(body).unwrap());
}

async fn assert_exhausted(response: Response) {
    assert_eq!(response.status(), 429);
    let seconds: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    let now = jiff::Timestamp::now().as_second() as u64;
    let midnight = 86_400 - now % 86_400;
    assert!(seconds.abs_diff(midnight) <= 2, "{seconds} to a midnight that is {midnight} away");
    let error = error(response).await;
    assert_eq!((&error["code"], &error["retryable"]), (&json!("budget_exhausted"), &json!(false)));
    assert_eq!(error["message"], "The assistant has answered all it can for today; please come back tomorrow.");
}

#[tokio::test]
async fn a_client_that_used_up_its_tokens_comes_back_tomorrow() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.limits.client_tokens = 100)).await;
    for _ in 0..2 {
        will_use(&upstream, 40, 10);
        ask(&server, &server.client, "hi").await.text().await.unwrap();
    }
    assert_exhausted(ask(&server, &server.client, "hi").await).await;
    will_use(&upstream, 1, 1);
    assert_eq!(ask(&server, &visitor(2), "hi").await.status(), 200);
}

#[tokio::test]
async fn all_clients_together_have_tokens_of_the_day() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.limits.daily_tokens = 100)).await;
    for last in [1, 2] {
        will_use(&upstream, 40, 10);
        ask(&server, &visitor(last), "hi").await.text().await.unwrap();
    }
    assert_exhausted(ask(&server, &visitor(3), "hi").await).await;
}

#[tokio::test]
async fn whoever_leaves_midway_pays_for_both_sides_by_their_length() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.limits.client_tokens = 100)).await;
    let question = "x".repeat(396);
    let tokens = upstream.will_stream(4);
    tokens.send(token("four")).await.unwrap();
    let mut response = ask(&server, &server.client, &question).await;
    while !String::from_utf8_lossy(&soon(response.chunk()).await.unwrap().unwrap()).contains("four") {}
    drop(response);
    soon(upstream.received().await.gone).await.unwrap();
    assert_exhausted(ask(&server, &server.client, "hi").await).await;
}

#[tokio::test]
async fn an_answer_that_failed_before_it_began_costs_nothing() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| {
        s.limits.client_tokens = 1;
        s.model.retries = 0;
    }))
    .await;
    for _ in 0..3 {
        upstream.will_say(500, "application/json", "{}");
        assert_eq!(ask(&server, &server.client, "hi").await.status(), 502);
    }
    upstream.will_say(200, "text/event-stream", String::from_utf8(finish().to_vec()).unwrap());
    assert_eq!(ask(&server, &server.client, "hi").await.status(), 200);
}

fn sharing(redis: &Redis) -> impl Fn(&mut Settings) + use<> {
    let url = redis.url();
    move |settings| {
        settings.limits.redis_url = Some(Secret::new(&url));
        settings.limits.client_tokens = 100;
        settings.limits.daily_tokens = 1000;
    }
}

#[tokio::test]
async fn replicas_share_the_tokens_of_the_day_and_a_redis_that_comes_back_empty_gives_none_out_again() {
    let mut redis = Redis::start().await;
    let upstream = Upstream::start().await;
    let one = Server::start(upstream.with(sharing(&redis))).await;
    let other = Server::start(upstream.with(sharing(&redis))).await;
    will_use(&upstream, 90, 20);
    ask(&one, &one.client, "hi").await.text().await.unwrap();

    let client = redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let date = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    for key in [format!("natter:tokens:{date}:client:127.0.0.1"), format!("natter:tokens:{date}:all")] {
        let counted = async {
            loop {
                let value: Option<u64> = redis::cmd("GET").arg(&key).query_async(&mut connection).await.unwrap();
                if value.is_some() {
                    break value;
                }
                tokio::task::yield_now().await;
            }
        };
        assert_eq!(soon(counted).await, Some(110), "{key}");
        let kept: i64 = redis::cmd("TTL").arg(&key).query_async(&mut connection).await.unwrap();
        assert!((86_400..=172_800).contains(&kept), "{kept}");
    }
    assert_exhausted(ask(&other, &other.client, "hi").await).await;

    redis.kill();
    assert_exhausted(ask(&one, &one.client, "hi").await).await;
    redis.restart().await;
    assert_exhausted(ask(&one, &one.client, "hi").await).await;
}

#[tokio::test]
async fn without_a_budget_nothing_is_counted() {
    let redis = Redis::start().await;
    let server = Server::start(with(|s| {
        s.limits.redis_url = Some(Secret::new(redis.url()));
        s.limits.rate_limit = "20/60".parse().unwrap();
    }))
    .await;
    server.answer(&["hi"]).await;
    let client = redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    assert_eq!(keys, ["natter:rate:chat:127.0.0.1"]);
}
