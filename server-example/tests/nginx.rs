//! Two replicas as they are deployed: the real nginx with the committed configuration before them, a real Redis between.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::nginx::Nginx;
use common::process::{Process, binary};
use common::redis::Redis;
use common::replies::{last_id, question, read_until};
use common::upstream::{KEY, Upstream, finish, token};
use common::{client, conversation, error, soon, visitor};
use reqwest::{Client, RequestBuilder, Response};

/// The whole house, and a visitor outside of it.
struct House {
    nginx: Nginx,
    replicas: [Process; 2],
    upstream: Upstream,
    visitor: Client,
    _redis: Redis,
}

impl House {
    async fn start(variables: &[(&str, &str)]) -> Self {
        let (redis, upstream) = (Redis::start().await, Upstream::start().await);
        let replicas = [(); 2].map(|()| {
            let mut command = binary();
            command.env("NATTER_TRUSTED_PROXIES", "127.0.0.1/32").env("REDIS_URL", redis.url());
            command.env("OPENAI_API_KEY", KEY).env("OPENAI_BASE_URL", &upstream.base_url);
            command.envs(variables.iter().copied());
            Process::start(command)
        });
        let nginx = Nginx::start([replicas[0].addr, replicas[1].addr]).await;
        // From another address than the proxy's, which is believed.
        Self { nginx, replicas, upstream, visitor: visitor(2), _redis: redis }
    }

    fn asking(&self) -> RequestBuilder {
        self.visitor.post(self.nginx.url("/api/chat")).json(&question("c"))
    }

    async fn get(&self, path: &str) -> Response {
        soon(self.visitor.get(self.nginx.url(path)).send()).await.unwrap()
    }
}

#[tokio::test]
async fn every_token_passes_before_the_next_is_said() {
    let house = House::start(&[]).await;
    let say = house.upstream.will_stream(1);
    say.send(token("first")).await.unwrap();
    let mut response = soon(house.asking().send()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    read_until(&mut response, "first").await;
    for nth in 0..20 {
        let text = format!("token {nth}");
        say.send(token(&text)).await.unwrap();
        read_until(&mut response, &text).await;
    }
    say.send(finish()).await.unwrap();
    assert!(soon(response.text()).await.unwrap().contains("[DONE]"));
}

#[tokio::test]
async fn a_visitor_who_leaves_the_proxy_is_seen_to_leave() {
    let mut house = House::start(&[("NATTER_RESUME_SECONDS", "0")]).await;
    let say = house.upstream.will_stream(1);
    say.send(token("first")).await.unwrap();
    let mut response = soon(house.asking().send()).await.unwrap();
    read_until(&mut response, "first").await;
    drop(response);
    soon(house.upstream.received().await.gone).await.unwrap();
}

#[tokio::test]
async fn pages_that_the_proxy_serves_may_ask_and_others_may_not() {
    let house = House::start(&[]).await;
    house.upstream.will_answer("yes");
    let response = house.asking().header("origin", house.nginx.url("")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.text().await.unwrap().contains("yes"));
    for origin in [format!("http://{}", house.replicas[0].addr), "http://natter".into(), "http://127.0.0.1".into()] {
        let response = house.asking().header("origin", &origin).send().await.unwrap();
        assert_eq!(response.status(), 403, "{origin}");
        assert_eq!(error(response).await["code"], "origin_not_allowed");
    }
}

#[tokio::test]
async fn forged_headers_give_no_fresh_quota() {
    let house = House::start(&[("NATTER_RATE_LIMIT", "3/3600")]).await;
    let mut statuses = Vec::new();
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.1"),
        ("x-forwarded-for", "203.0.113.2, 127.0.0.1"),
        ("forwarded", "for=203.0.113.3"),
        ("x-forwarded-for", "127.0.0.1, 203.0.113.4, 127.0.0.1"),
        ("x-real-ip", "203.0.113.5"),
        ("x-forwarded-for", "\"203.0.113.6"),
        ("forwarded", "for=\"[2001:db8::1]\", for=127.0.0.1"),
    ] {
        house.upstream.will_answer("yes");
        statuses.push(soon(house.asking().header(name, value).send()).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429, 429, 429, 429]);
    let other = visitor(3).post(house.nginx.url("/api/chat")).json(&conversation(&["hi"]));
    assert_eq!(soon(other.send()).await.unwrap().status(), 200, "another visitor has a quota of its own");
}

#[tokio::test]
async fn a_reply_is_resumed_by_whichever_replica_the_proxy_asks() {
    let house = House::start(&[]).await;
    let say = house.upstream.will_stream(8);
    say.send(token("one")).await.unwrap();
    let mut response = soon(house.asking().send()).await.unwrap();
    let seen = read_until(&mut response, "one").await;
    drop(response);

    // Until each has a reader; the one that does not say it knows of it a moment later.
    let resumed = |replica: &Process| replica.logged(r#""route":"/api/chat/{id}/stream","status":200"#);
    let mut readers = Vec::new();
    soon(async {
        while house.replicas.iter().any(|replica| resumed(replica) == 0) {
            let response = house.get("/api/chat/c/stream").await;
            if response.status() == 200 {
                readers.push(response);
            }
        }
    })
    .await;
    let rest = house.get(&format!("/api/chat/c/stream?last-event-id={}", last_id(&seen))).await;
    say.send(token("two")).await.unwrap();
    say.send(finish()).await.unwrap();
    for reader in readers {
        let whole = soon(reader.text()).await.unwrap();
        assert!(whole.starts_with(&seen) && whole.contains("two") && whole.contains("[DONE]"), "{whole}");
    }
    let rest = soon(rest.text()).await.unwrap();
    assert!(!rest.contains("one") && rest.contains("two") && rest.contains("[DONE]"), "{rest}");
}

#[tokio::test]
async fn while_a_replica_drains_the_other_one_answers() {
    let mut house = House::start(&[("NATTER_DRAIN_SECONDS", "60")]).await;
    // Until each replica has an answer on its way, so that none is gone at once when it is told to stop.
    let mut answers = Vec::new();
    let is_busy = |replica: &Process| replica.logged(r#""route":"/api/chat""#) > 0;
    while !house.replicas.iter().all(is_busy) {
        let say = house.upstream.will_stream(8);
        say.send(token("one")).await.unwrap();
        let mut response = soon(house.asking().json(&conversation(&["hi"])).send()).await.unwrap();
        read_until(&mut response, "one").await;
        house.upstream.received().await;
        answers.push((say, response));
    }
    house.replicas[0].terminate();
    let ready = house.replicas[0].url("/readyz");
    soon(async { while client().get(&ready).send().await.unwrap().status() != 503 {} }).await;
    for _ in 0..10 {
        house.upstream.will_answer("yes");
        let response = soon(house.asking().send()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(soon(response.text()).await.unwrap().contains("yes"));
    }
    // What is on its way is not disturbed.
    for (say, response) in answers {
        say.send(finish()).await.unwrap();
        assert!(soon(response.text()).await.unwrap().contains("[DONE]"));
    }
}

#[tokio::test]
async fn a_refusal_of_all_replicas_reaches_the_visitor_as_it_is() {
    let house = House::start(&[("NATTER_MAX_STREAMS", "1")]).await;
    let mut answers = Vec::new();
    for expected in [200, 200, 503, 503, 503] {
        let say = house.upstream.will_stream(8);
        say.send(token("one")).await.unwrap();
        let response = soon(house.asking().json(&conversation(&["hi"])).send()).await.unwrap();
        assert_eq!(response.status(), expected);
        if expected == 503 {
            assert_eq!(response.headers()["retry-after"], "5");
            assert_eq!(error(response).await["code"], "overloaded");
        } else {
            answers.push((say, response));
        }
    }
}

#[tokio::test]
async fn figures_are_not_shown_through_the_proxy() {
    let house = House::start(&[]).await;
    assert_eq!(house.get("/metrics").await.status(), 404);
    for path in ["/metrics/", "//metrics", "/%6detrics", "/./metrics", "/metrics?x"] {
        assert_eq!(house.get(path).await.status(), 404, "{path}");
    }
    assert_eq!(house.get("/readyz").await.status(), 200);
}
