//! A model's API, of any dialect, that does what the test tells it, step by step.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use natter_server_example::{Secret, Settings};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

pub const KEY: &str = "sk-test-do-not-leak";

/// What the upstream does with its next request.
pub enum Answer {
    /// This status, these headers and this body.
    Whole(StatusCode, Vec<(&'static str, String)>, String),
    /// A stream of what comes out of the channel; its end is the end of the body.
    Stream(mpsc::Receiver<Bytes>),
    /// A stream that breaks off after what comes out of the channel.
    Broken(mpsc::Receiver<Bytes>),
    /// Nothing, ever.
    Silence,
}

/// One request as the upstream received it.
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    /// Empty when there is none.
    pub authorization: String,
    pub body: Value,
    /// Resolves when the connection of this request is gone.
    pub gone: oneshot::Receiver<()>,
}

pub struct Upstream {
    pub base_url: String,
    answers: mpsc::UnboundedSender<Answer>,
    pub requests: mpsc::UnboundedReceiver<Received>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Script {
    answers: Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<Answer>>>,
    requests: mpsc::UnboundedSender<Received>,
}

/// Tells the test when it is dropped.
struct Guard(Mutex<Option<oneshot::Sender<()>>>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(sender) = self.0.lock().unwrap().take() {
            let _ = sender.send(());
        }
    }
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The system prompt of a chat completion.
    pub fn system(&self) -> &str {
        self.body["messages"][0]["content"].as_str().unwrap()
    }
}

impl Upstream {
    pub async fn start() -> Self {
        let (answers, receiver) = mpsc::unbounded_channel();
        let (sender, requests) = mpsc::unbounded_channel();
        let script = Script { answers: Arc::new(tokio::sync::Mutex::new(receiver)), requests: sender };
        let app = Router::new().fallback(complete).with_state(script);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base_url, answers, requests, task }
    }

    /// Settings that use this upstream, which is asked once and never left alone.
    pub fn settings(&self) -> Settings {
        self.with(|_| {})
    }

    /// Those, changed.
    pub fn with(&self, change: impl FnOnce(&mut Settings)) -> Settings {
        super::with(|settings| {
            settings.model.openai_api_key = Some(Secret::new(KEY));
            settings.model.openai_base_url = Some(self.base_url.clone());
            settings.model.openai_model = "test-model".into();
            settings.model.upstream_timeout = 5;
            settings.model.retries = 0;
            settings.model.breaker = "1000000/1".parse().unwrap();
            change(settings);
        })
    }

    pub fn will(&self, answer: Answer) {
        self.answers.send(answer).ok().unwrap();
    }

    pub fn will_say(&self, status: u16, content_type: &str, body: impl Into<String>) {
        let headers = vec![("content-type", content_type.to_owned())];
        self.will(Answer::Whole(StatusCode::from_u16(status).unwrap(), headers, body.into()));
    }

    /// Lets the next answer be a whole completion with this text.
    pub fn will_answer(&self, text: &str) {
        let stream = [token(text), finish()].concat();
        self.will_say(200, "text/event-stream", String::from_utf8(stream).unwrap());
    }

    /// Lets the next answer be a stream that the test feeds.
    pub fn will_stream(&self, room: usize) -> mpsc::Sender<Bytes> {
        let (sender, receiver) = mpsc::channel(room);
        self.will(Answer::Stream(receiver));
        sender
    }

    /// How many requests came that no test has looked at.
    pub fn unseen(&self) -> usize {
        self.requests.len()
    }

    pub async fn received(&mut self) -> Received {
        super::soon(self.requests.recv()).await.unwrap()
    }
}

async fn complete(State(script): State<Script>, uri: Uri, headers: HeaderMap, body: String) -> Response {
    let (sender, gone) = oneshot::channel();
    let guard = Guard(Mutex::new(Some(sender)));
    let authorization = headers.get("authorization").map_or("", |value| value.to_str().unwrap()).to_owned();
    let body = serde_json::from_str(&body).unwrap();
    let _ = script.requests.send(Received { path: uri.path().into(), headers, authorization, body, gone });
    let answer = script.answers.lock().await.recv().await;
    let event_stream = [("content-type", "text/event-stream")];
    match answer {
        Some(Answer::Whole(status, headers, body)) => {
            let mut response = (status, body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Some(Answer::Stream(receiver)) => (event_stream, feed(receiver, guard, false)).into_response(),
        Some(Answer::Broken(receiver)) => (event_stream, feed(receiver, guard, true)).into_response(),
        Some(Answer::Silence) | None => std::future::pending().await,
    }
}

fn feed(receiver: mpsc::Receiver<Bytes>, guard: Guard, breaks: bool) -> Body {
    Body::from_stream(stream::unfold((receiver, guard, breaks), async |(mut receiver, guard, breaks)| {
        match receiver.recv().await {
            Some(bytes) => Some((Ok(bytes), (receiver, guard, breaks))),
            None if breaks => {
                // What was sent before goes out first.
                tokio::task::yield_now().await;
                Some((Err(std::io::Error::other("broken")), (receiver, guard, false)))
            }
            None => None,
        }
    }))
}

/// One chunk of a streamed completion.
pub fn token(text: &str) -> Bytes {
    chunk(&json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] }))
}

pub fn finish() -> Bytes {
    let mut bytes = chunk(&json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] })).to_vec();
    bytes.extend_from_slice(b"data: [DONE]\n\n");
    bytes.into()
}

pub fn role() -> Bytes {
    chunk(
        &json!({ "choices": [{ "index": 0, "delta": { "role": "assistant", "content": "" }, "finish_reason": null }] }),
    )
}

pub fn chunk(rest: &Value) -> Bytes {
    let mut chunk = json!({ "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "test-model" });
    chunk.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    format!("data: {chunk}\n\n").into()
}
