//! A server on a free port, a client for it, and an upstream that says what a test tells it to.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    missing_debug_implementations,
    reason = "each test file uses a part"
)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

pub mod nginx;
pub mod process;
pub mod redis;
pub mod replica;
pub mod replies;
pub mod upstream;

use std::future::{Future, pending};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use natter_server_example::{AppState, Settings, serve};
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A server that ends with the test.
pub struct Server {
    pub addr: SocketAddr,
    pub client: Client,
    stop: Option<oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Defaults that fit tests: no pauses, no limit to run into, nothing left on the disk.
pub fn settings() -> Settings {
    let mut settings = Settings { contact_file: "/nowhere/contact.jsonl".into(), ..Settings::default() };
    settings.limits.rate_limit = "100000/1".parse().unwrap();
    settings.limits.client_streams = 1000;
    settings.context.word_delay = 0;
    settings
}

/// Those, changed.
pub fn with(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = settings();
    change(&mut settings);
    settings
}

impl Server {
    pub async fn start(settings: Settings) -> Self {
        let state = AppState::new(settings).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            if stopped.await.is_err() {
                pending().await
            }
        };
        let task = tokio::spawn(async move { serve(listener, state, stopped).await.unwrap() });
        Self { addr, client: client(), stop: Some(stop), task }
    }

    /// Tells it to end, as a signal does.
    pub fn terminate(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until it has ended by itself.
    pub async fn ended(&mut self) {
        soon(&mut self.task).await.unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client.post(self.url(path)).json(body)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    /// Asks one question and gets the response's head.
    pub async fn ask(&self, question: &str) -> Response {
        soon(self.post("/api/chat", &conversation(&[question])).send()).await.unwrap()
    }

    /// Asks as a conversation and gets the answer as text.
    pub async fn answer(&self, turns: &[&str]) -> String {
        let response = self.post("/api/chat?format=text", &conversation(turns)).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.text().await.unwrap()
    }
}

/// A client at another address of this machine, so that a server takes it for another visitor.
pub fn visitor(last: u8) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().local_address(IpAddr::from([127, 0, 0, last])).build().unwrap()
}

pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(redirect::Policy::none()).build().unwrap()
}

/// Turns by turns: the visitor begins.
pub fn conversation(turns: &[&str]) -> Value {
    let roles = ["user", "assistant"].into_iter().cycle();
    let messages: Vec<_> = turns.iter().zip(roles).map(|(text, role)| json!({"role": role, "content": text})).collect();
    json!({ "messages": messages })
}

/// Waits for something that must come; ten seconds mean that it will not.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), future).await.expect("it did not happen within ten seconds")
}

/// Waits for a state that must come.
pub async fn until(mut is_so: impl FnMut() -> bool) {
    let come = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon(come).await;
}

/// The error body, with the request id checked against the header.
pub async fn error(response: Response) -> Value {
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["request_id"], id);
    body["error"].clone()
}

/// The data of every event of an event stream.
pub fn events(stream: &str) -> Vec<String> {
    stream.split("\n\n").filter_map(|event| event.strip_prefix("data: ")).map(str::to_owned).collect()
}
