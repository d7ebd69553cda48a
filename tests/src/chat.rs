//! Chat endpoints that the test answers itself, chunk by chunk.
//!
//! Every request waits in a queue until the test takes it with [`Chat::next`], so a test can look at the page in any
//! state between the question and the last byte of the answer.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc, oneshot};

use crate::wait;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The AI SDK's UI message stream, version 1.
    UiMessage,
    /// The same with an id for each event, as an endpoint writes it that can say a reply again. All have the same, since
    /// the widget asks for all of a reply.
    Resumable,
    /// OpenAI's `chat.completion.chunk`s.
    OpenAi,
    /// Plain text.
    Plain,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::UiMessage, Self::OpenAi, Self::Plain];

    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::UiMessage | Self::Resumable | Self::OpenAi => "text/event-stream",
            Self::Plain => "text/plain; charset=utf-8",
        }
    }

    /// What an answer begins with.
    #[must_use]
    pub fn opening(self) -> String {
        match self {
            Self::UiMessage => {
                event(&json!({"type": "start", "messageId": "m1"}))
                    + event(&json!({"type": "text-start", "id": "t1"})).as_str()
            }
            Self::Resumable => with_ids(&Self::UiMessage.opening()),
            Self::OpenAi => chunk(&json!({"role": "assistant", "content": ""}), &Value::Null),
            Self::Plain => String::new(),
        }
    }

    /// One more piece of the answer, as it goes over the wire.
    #[must_use]
    pub fn delta(self, text: &str) -> String {
        match self {
            Self::UiMessage => event(&json!({"type": "text-delta", "id": "t1", "delta": text})),
            Self::Resumable => with_ids(&Self::UiMessage.delta(text)),
            Self::OpenAi => chunk(&json!({"content": text}), &Value::Null),
            Self::Plain => text.into(),
        }
    }

    /// What a finished answer ends with.
    #[must_use]
    pub fn closing(self) -> String {
        match self {
            Self::UiMessage => {
                event(&json!({"type": "text-end", "id": "t1"})) + event(&json!({"type": "finish"})).as_str() + DONE
            }
            Self::Resumable => with_ids(&Self::UiMessage.closing()),
            Self::OpenAi => chunk(&json!({}), &json!("stop")) + DONE,
            Self::Plain => String::new(),
        }
    }
}

const DONE: &str = "data: [DONE]\n\n";

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

fn with_ids(events: &str) -> String {
    events.replace("\n\n", "\nid: 1\n\n")
}

fn chunk(delta: &Value, finish_reason: &Value) -> String {
    event(&json!({"id": "c1", "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}))
}

/// One scripted chat endpoint.
#[derive(Debug, Clone)]
pub struct Chat {
    path: String,
    queue: Arc<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<VecDeque<Exchange>>,
    bodies: Mutex<Vec<Value>>,
    arrived: Notify,
}

impl Chat {
    pub(crate) fn new(path: String) -> Self {
        Self { path, queue: Arc::default() }
    }

    /// The endpoint, for a page's `endpoint` attribute.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The next request the widget makes.
    pub async fn next(&self) -> Exchange {
        let next = async {
            loop {
                let arrived = self.queue.arrived.notified();
                if let Some(exchange) = self.queue.waiting.lock().unwrap().pop_front() {
                    return exchange;
                }
                arrived.await;
            }
        };
        wait::event(&format!("a request to {}", self.path), next).await
    }

    /// The bodies of everything posted so far, answered or not.
    #[must_use]
    pub fn bodies(&self) -> Vec<Value> {
        self.queue.bodies.lock().unwrap().clone()
    }

    /// The endpoint's side: waits until the test has decided how the answer begins.
    pub(crate) async fn serve(&self, head: Parts, body: Bytes) -> Response<Body> {
        // That a reply is to be stopped needs no answer of the test's; the site keeps who asked for it.
        if head.method == Method::DELETE {
            return Response::builder().status(StatusCode::NO_CONTENT).body(Body::empty()).unwrap();
        }
        let path = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let (method, headers) = (head.method, head.headers);
        let (answer, decided) = oneshot::channel();
        let (alive, gone) = oneshot::channel();
        let body = serde_json::from_slice(&body).unwrap_or_else(|_| json!(String::from_utf8_lossy(&body)));
        if method == Method::POST {
            self.queue.bodies.lock().unwrap().push(body.clone());
        }
        let exchange = Exchange { method, path, body, headers, head: Some(answer), gone: Some(gone), out: None };
        self.queue.waiting.lock().unwrap().push_back(exchange);
        self.queue.arrived.notify_one();
        // Dropped with this future when the visitor leaves before the head.
        let _alive: oneshot::Sender<()> = alive;
        decided
            .await
            .unwrap_or_else(|_| Response::builder().status(StatusCode::NO_CONTENT).body(Body::empty()).unwrap())
    }
}

/// One request, and the answer the test gives to it.
#[derive(Debug)]
pub struct Exchange {
    /// How it was asked.
    pub method: Method,
    /// The path and the query.
    pub path: String,
    /// What the widget posted; a string when it was not JSON.
    pub body: Value,
    /// The request's headers.
    pub headers: HeaderMap,
    head: Option<oneshot::Sender<Response<Body>>>,
    gone: Option<oneshot::Receiver<()>>,
    out: Option<(Dialect, mpsc::Sender<io::Result<Bytes>>)>,
}

impl Exchange {
    /// Role and content of each message sent.
    #[must_use]
    pub fn messages(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or("(not a string)").to_owned();
        let messages = self.body["messages"].as_array().cloned().unwrap_or_default();
        messages.iter().map(|message| (text(&message["role"]), text(&message["content"]))).collect()
    }

    /// What the visitor asked.
    #[must_use]
    pub fn question(&self) -> String {
        self.messages().pop().map(|(_, content)| content).unwrap_or_default()
    }

    /// Sends the head and the opening events of an answer in `dialect`.
    pub async fn begins(&mut self, dialect: Dialect) {
        self.streams(dialect, dialect.content_type()).await;
        self.sends(dialect.opening()).await;
    }

    /// Sends the head of a streamed answer with a content type of the test's choice, and nothing else.
    pub async fn streams(&mut self, dialect: Dialect, content_type: &str) {
        let (out, chunks) = mpsc::channel(1);
        let chunks = stream::unfold(chunks, async |mut chunks| chunks.recv().await.map(|chunk| (chunk, chunks)));
        let mut response = Response::builder()
            .header(header::CONTENT_TYPE, content_type)
            .header(header::CACHE_CONTROL, "no-cache, no-transform");
        if matches!(dialect, Dialect::UiMessage | Dialect::Resumable) {
            response = response.header("x-vercel-ai-ui-message-stream", "v1");
        }
        self.responds(response.body(Body::from_stream(Box::pin(chunks))).unwrap());
        self.out = Some((dialect, out));
    }

    /// Says one more piece of the answer.
    pub async fn says(&mut self, text: &str) {
        let (dialect, _) = self.out.as_ref().expect("the answer has begun");
        let bytes = dialect.delta(text);
        self.sends(bytes).await;
    }

    /// Sends bytes as they are, as one chunk.
    pub async fn sends(&mut self, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        if !bytes.is_empty() && !self.tries_to_send(bytes).await {
            panic!("the widget closed the connection in the middle of an answer");
        }
    }

    /// Sends bytes as they are; false when the visitor has left.
    pub async fn tries_to_send(&mut self, bytes: impl Into<Bytes>) -> bool {
        let (_, out) = self.out.as_ref().expect("the answer has begun");
        wait::event("the widget reading the answer", out.send(Ok(bytes.into()))).await.is_ok()
    }

    /// Ends the answer as its dialect does.
    pub async fn finishes(mut self) {
        let (dialect, _) = self.out.as_ref().expect("the answer has begun");
        let bytes = dialect.closing();
        self.sends(bytes).await;
    }

    /// A whole answer in the default dialect.
    pub async fn answers(mut self, text: &str) {
        self.begins(Dialect::UiMessage).await;
        self.says(text).await;
        self.finishes().await;
    }

    /// Ends the body with nothing that says that the answer is complete.
    pub fn ends(self) {}

    /// Breaks the connection in the middle of the body.
    pub async fn breaks(self) {
        let (_, out) = self.out.as_ref().expect("the answer has begun");
        let broken = io::Error::new(io::ErrorKind::ConnectionReset, "broken by the test");
        let _ = out.send(Err(broken)).await;
    }

    /// Answers at once, with a whole response.
    pub fn responds(&mut self, response: Response<Body>) {
        let head = self.head.take().expect("the head is sent once");
        // A visitor who has left is noticed by `left`.
        let _ = head.send(response);
    }

    /// Answers at once, with a status, a content type and a body.
    pub fn refuses(self, status: u16, content_type: &str, body: impl Into<String>) {
        self.refuses_with(status, &[("content-type", content_type)], body);
    }

    /// Answers at once, with a status, headers and a body.
    pub fn refuses_with(mut self, status: u16, headers: &[(&str, &str)], body: impl Into<String>) {
        let mut response = Response::new(Body::from(body.into()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in headers {
            let name = header::HeaderName::from_bytes(name.as_bytes()).unwrap();
            response.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        self.responds(response);
    }

    /// Answers with the contract's error body.
    pub fn fails(self, status: u16, code: &str, message: &str) {
        let body = json!({"error": {"type": "test", "code": code, "message": message, "param": null,
            "retryable": true, "request_id": "r1"}});
        self.refuses(status, "application/json", body.to_string());
    }

    /// Waits until the visitor's side has closed the connection.
    pub async fn left(mut self) {
        let what = "the widget closing the connection";
        match (&self.out, self.gone.take()) {
            (Some((_, out)), _) => wait::event(what, out.closed()).await,
            (None, Some(gone)) => {
                let _ = wait::event(what, gone).await;
            }
            (None, None) => {}
        }
    }
}
