//! Replicas that share one limit through Redis, and what they do while it is gone. Both are the real programs.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::redis::Redis;
use common::replica::Replica;
use common::{error, until};

/// A limit that no test runs into and that gives nothing back while one runs.
const WIDE: (&str, &str) = ("NATTER_RATE_LIMIT", "1000000/4000000000");

fn replicas(redis: &Redis, rate: (&str, &str)) -> [Arc<Replica>; 2] {
    let url = redis.url();
    let variables = [("REDIS_URL", url.as_str()), rate, ("NATTER_CLIENT_STREAMS", "1000")];
    [Replica::start(&variables).into(), Replica::start(&variables).into()]
}

#[tokio::test]
async fn two_replicas_share_one_limit() {
    let redis = Redis::start().await;
    let replicas = replicas(&redis, ("NATTER_RATE_LIMIT", "4/3600"));
    for (turn, left) in ["r=3;t=900", "r=2;t=1800", "r=1;t=2700", "r=0;t=3600"].into_iter().enumerate() {
        let response = replicas[turn % 2].ask().await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["ratelimit-policy"], "\"default\";q=4;w=3600");
        assert_eq!(response.headers()["ratelimit"].to_str().unwrap(), format!("\"default\";{left}"));
    }
    for replica in &replicas {
        let response = replica.ask().await;
        assert_eq!(response.status(), 429);
        let seconds: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((800..=900).contains(&seconds), "{seconds}");
        assert_eq!(error(response).await["code"], "rate_limited");
    }
}

#[tokio::test]
async fn what_was_counted_is_given_back_one_by_one_on_redis_own_clock() {
    let redis = Redis::start().await;
    let [replica, _] = replicas(&redis, ("NATTER_RATE_LIMIT", "2/1"));
    let started = Instant::now();
    let mut passed = 0;
    while started.elapsed() < Duration::from_secs(2) {
        passed += u32::from(replica.ask().await.status() == 200);
    }
    assert!((5..=6).contains(&passed), "2 at once and 2 a second, but {passed} passed in two seconds");
}

/// Asks both replicas without a pause, from four tasks, until it is told to stop.
struct Load {
    stop: Arc<AtomicBool>,
    slowest: Arc<AtomicU64>,
    tasks: Vec<tokio::task::JoinHandle<u32>>,
}

impl Load {
    fn start(replicas: &[Arc<Replica>; 2]) -> Self {
        let (stop, slowest) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let tasks = (0..4).map(|n| {
            let (replica, stop, slowest) = (Arc::clone(&replicas[n % 2]), Arc::clone(&stop), Arc::clone(&slowest));
            tokio::spawn(async move {
                let mut answered = 0;
                while !stop.load(Ordering::Relaxed) {
                    let started = Instant::now();
                    let response = replica.ask().await;
                    assert_eq!(response.status(), 200, "request {answered}");
                    assert!(response.text().await.unwrap().starts_with("Hello!"));
                    slowest.fetch_max(started.elapsed().as_millis() as u64, Ordering::Relaxed);
                    answered += 1;
                }
                answered
            })
        });
        Self { tasks: tasks.collect(), stop, slowest }
    }

    /// How many were answered, all of them well, and the milliseconds of the slowest.
    async fn end(self) -> (u32, u64) {
        self.stop.store(true, Ordering::Relaxed);
        let answered = futures_util::future::try_join_all(self.tasks).await.unwrap();
        (answered.iter().sum(), self.slowest.load(Ordering::Relaxed))
    }
}

/// Takes Redis away under load and gives it back.
async fn chat_goes_on(take_away: impl FnOnce(&mut Redis), give_back: impl AsyncFnOnce(&mut Redis)) {
    let mut redis = Redis::start().await;
    let replicas = replicas(&redis, WIDE);
    assert_eq!(replicas[0].left().await, replicas[1].left().await + 1, "they share a count");

    let load = Load::start(&replicas);
    let logged = |text: &'static str| {
        let replicas = replicas.clone();
        move || replicas.iter().all(|replica| replica.logged(text) == 1)
    };
    let taken = Instant::now();
    take_away(&mut redis);
    until(logged("Redis is lost")).await;
    let takeover = taken.elapsed();
    assert!(takeover < Duration::from_secs(1), "{takeover:?}");
    // Each counts for itself now, from where it was: nobody has a fresh quota.
    let before = [replicas[0].left().await, replicas[1].left().await];
    assert!(before.iter().all(|left| *left < 999_999), "{before:?}");

    give_back(&mut redis).await;
    let given = Instant::now();
    until(logged("Redis is back")).await;
    let back = given.elapsed();
    let (answered, slowest) = load.end().await;
    println!("taken over after {takeover:?}, back after {back:?}, {answered} answers, the slowest in {slowest} ms");
    assert!(answered > 20 && slowest < 1000, "{answered} answers, the slowest in {slowest} ms");
    assert_eq!(replicas[0].left().await, replicas[1].left().await + 1, "they share a count again");
    assert!(logged("Redis is lost")() && logged("Redis is back")(), "each is said once");
}

#[tokio::test]
async fn a_redis_that_is_killed_is_done_without_and_used_again_when_it_returns() {
    chat_goes_on(Redis::kill, Redis::restart).await;
}

#[tokio::test]
async fn a_redis_that_stalls_is_done_without_and_used_again_when_it_goes_on() {
    chat_goes_on(|redis| redis.stall(), async |redis| redis.go_on()).await;
}

#[tokio::test]
async fn a_redis_that_is_not_there_at_the_start_is_used_when_it_comes() {
    let mut redis = Redis::start().await;
    redis.kill();
    let replicas = replicas(&redis, WIDE);
    for replica in &replicas {
        assert_eq!(replica.left().await, 999_999);
    }
    redis.restart().await;
    for replica in &replicas {
        until(|| replica.logged("Redis is back") == 1).await;
    }
    assert_eq!(replicas[0].left().await, replicas[1].left().await + 1);
}

#[tokio::test]
async fn a_password_that_is_wrong_is_not_in_the_log() {
    let redis = Redis::start().await;
    let url = format!("redis://natter:do-not-leak@127.0.0.1:{}", redis.port);
    let replica = Replica::start(&[("REDIS_URL", &url)]);
    assert_eq!(replica.ask().await.status(), 200);
    until(|| replica.logged("Redis is lost") == 1).await;
    assert_eq!(replica.logged("do-not-leak"), 0);
}
