//! Reading streams of replies, leaving them in the middle, and coming back.

use std::fmt::Write;

use axum::body::Bytes;
use natter_server_example::Settings;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc::Sender;

use super::upstream::{Received, Upstream, finish, role, token};
use super::{Server, conversation, soon};

/// A question of the conversation `id`.
pub fn question(id: &str) -> Value {
    let mut body = conversation(&["hi"]);
    body["id"] = id.into();
    body
}

/// What came of a stream until it contained the text.
pub async fn read_until(response: &mut Response, text: &str) -> String {
    let mut seen = String::new();
    while !seen.contains(text) {
        let bytes = soon(response.chunk()).await.unwrap();
        let bytes = bytes.unwrap_or_else(|| panic!("{text:?} is not in {seen:?}"));
        seen.push_str(std::str::from_utf8(&bytes).unwrap());
    }
    seen
}

/// The number of the last event in it.
pub fn last_id(stream: &str) -> u64 {
    stream.lines().rev().find_map(|line| line.strip_prefix("id: ")).unwrap().parse().unwrap()
}

impl Server {
    /// Asks in the conversation `id`.
    pub async fn ask_in(&self, id: &str, query: &str) -> Response {
        soon(self.post(&format!("/api/chat{query}"), &question(id)).send()).await.unwrap()
    }

    /// Comes back to it, as somebody who has the first `after` events or does not say.
    pub async fn resume(&self, id: &str, after: Option<u64>) -> Response {
        let mut path = format!("/api/chat/{id}/stream");
        if let Some(after) = after {
            write!(path, "?last-event-id={after}").unwrap();
        }
        soon(self.get(&path)).await
    }

    /// Stops it.
    pub async fn stop(&self, id: &str) {
        let request = self.client.delete(self.url(&format!("/api/chat/{id}/stream")));
        assert_eq!(soon(request.send()).await.unwrap().status(), StatusCode::NO_CONTENT);
    }

    /// Waits until nobody can come back to it any more.
    pub async fn forgets(&self, id: &str, after: Option<u64>) {
        soon(async { while self.resume(id, after).await.status() != StatusCode::NO_CONTENT {} }).await;
    }
}

/// A reply of the conversation `c` that has said "one" to a first reader.
pub struct Begun {
    pub upstream: Upstream,
    pub server: Server,
    pub say: Sender<Bytes>,
    pub received: Received,
    pub response: Response,
    /// What the reader has of it.
    pub seen: String,
}

pub async fn begun(query: &str, change: impl FnOnce(&mut Settings)) -> Begun {
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
    pub async fn says(&self, texts: &[&str]) {
        for text in texts {
            self.say.send(token(text)).await.unwrap();
        }
    }

    pub async fn finishes(&self, texts: &[&str]) {
        self.says(texts).await;
        self.say.send(finish()).await.unwrap();
    }
}
