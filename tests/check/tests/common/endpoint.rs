//! An endpoint that keeps every sentence of the contract, unless it is given a defect.
//!
//! It shares no code with Natter's server or with the checker, and knows its answers beforehand: the event number `n` of
//! a reply is there `n` pauses after its question, whoever reads it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures_util::stream;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::refusals::{self, FAILURE, INVALID, LIMITED, Refusal};
use super::wire::{self, Format};

const PAUSE: Duration = Duration::from_millis(12);
const QUOTA: usize = 120;
pub const KEY: &str = "sk-live-0123456789abcdef";

/// One thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// Sends the answer when it is complete.
    Buffers,
    /// Sends a finish after an error.
    EndsTwice,
    /// Sends a delta before its text-start.
    DeltaFirst,
    /// Takes the leftmost X-Forwarded-For for the client.
    TrustsForwarded,
    /// Shows its key and a stack trace when it fails, and fails at malformed JSON.
    LeaksKey,
    /// Lets every origin ask, with cookies.
    AllowsAnyOrigin,
    /// Lets a client send a system prompt.
    TakesSystem,
    /// Lets a reply go on after it was stopped.
    NeverStops,
    /// Starts from the beginning whatever the reader has seen.
    ForgetsPosition,
}

struct Endpoint {
    defect: Option<Defect>,
    asked: Mutex<HashMap<String, usize>>,
    kept: Mutex<HashMap<String, Kept>>,
}

/// A reply that can be read again.
#[derive(Clone)]
struct Kept {
    format: Format,
    events: Arc<Vec<String>>,
    since: Instant,
    stop: Arc<watch::Sender<bool>>,
}

pub fn sound() -> Router {
    with(None)
}

pub fn broken(defect: Defect) -> Router {
    with(Some(defect))
}

fn with(defect: Option<Defect>) -> Router {
    let state = Arc::new(Endpoint { defect, asked: Mutex::default(), kept: Mutex::default() });
    Router::new().route("/chat", any(chat)).route("/chat/{id}/stream", any(again)).with_state(state)
}

async fn chat(
    State(endpoint): State<Arc<Endpoint>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let id = format!("{:016x}", fastrand::u64(..));
    let mut left = 0;
    let mut response = if method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let reply = endpoint.count(peer, &headers).and_then(|more| {
            left = more;
            endpoint.reply(&id, &method, &query.unwrap_or_default(), &headers, &body)
        });
        match reply {
            Ok(reply) => endpoint.send(reply, 0).await,
            Err(FAILURE) => failure(),
            Err(refusal) => refusal.respond(&id),
        }
    };
    let origin = headers.get("origin").filter(|_| endpoint.defect == Some(Defect::AllowsAnyOrigin));
    let headers = response.headers_mut();
    if let Some(origin) = origin {
        headers.insert("access-control-allow-origin", origin.clone());
        headers.insert("access-control-allow-credentials", "true".parse().unwrap());
    }
    headers.insert("x-request-id", id.parse().unwrap());
    headers.insert("ratelimit-policy", format!("\"default\";q={QUOTA};w=60").parse().unwrap());
    headers.insert("ratelimit", format!("\"default\";r={left};t=60").parse().unwrap());
    response
}

/// What shows too much.
fn failure() -> Response {
    let text = format!("Error: key {KEY} refused\n    at ask (/srv/app/chat.js:3:14)");
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}

impl Endpoint {
    /// How many more questions the client has.
    fn count(&self, peer: SocketAddr, headers: &HeaderMap) -> Result<usize, Refusal> {
        let claimed = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()?.split(',').next());
        let client = match claimed {
            Some(claimed) if self.defect == Some(Defect::TrustsForwarded) => claimed.to_owned(),
            _ => peer.ip().to_string(),
        };
        let mut asked = self.asked.lock().unwrap();
        let count = asked.entry(client).or_default();
        *count += 1;
        QUOTA.checked_sub(*count).ok_or(LIMITED)
    }

    fn reply(&self, id: &str, method: &Method, query: &str, headers: &HeaderMap, body: &[u8]) -> Result<Kept, Refusal> {
        refusals::head(self.defect, method, headers, body.len())?;
        let invalid = if self.defect == Some(Defect::LeaksKey) { FAILURE } else { INVALID };
        let body: Value = serde_json::from_slice(body).map_err(|_| invalid)?;
        let question = refusals::question(self.defect, &body)?;
        let format = format(query, headers, &body);
        let count = if question.len() > 40 { 30 } else { 3 };
        let words: Vec<String> = (1..=count).map(|nth| format!("word{nth} ")).collect();
        let mut events = wire::write(format, id, &words);
        self.spoil(format, &mut events);
        let conversation = body["id"].as_str();
        if conversation.is_some() {
            events = wire::number(events);
        }
        let stop = Arc::new(watch::channel(false).0);
        let reply = Kept { format, events: Arc::new(events), since: Instant::now(), stop };
        if let Some(conversation) = conversation {
            self.kept.lock().unwrap().insert(conversation.to_owned(), reply.clone());
        }
        Ok(reply)
    }

    fn spoil(&self, format: Format, events: &mut Vec<String>) {
        match self.defect {
            Some(Defect::DeltaFirst) if format == Format::UiMessage => events.swap(1, 2),
            Some(Defect::EndsTwice) if format == Format::UiMessage => {
                let error = "data: {\"type\":\"error\",\"errorText\":\"It failed\"}\n\n".to_owned();
                events.insert(events.len() - 2, error);
            }
            _ => {}
        }
    }

    /// The reply from this event on, each event in its time.
    async fn send(&self, reply: Kept, from: usize) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", reply.format.content_type().parse().unwrap());
        headers.insert("cache-control", "no-cache, no-transform".parse().unwrap());
        headers.insert("x-accel-buffering", "no".parse().unwrap());
        if reply.format == Format::UiMessage {
            headers.insert("x-vercel-ai-ui-message-stream", "v1".parse().unwrap());
        }
        if self.defect == Some(Defect::Buffers) {
            tokio::time::sleep_until(reply.since + PAUSE * reply.events.len() as u32).await;
            return (headers, reply.events[from..].concat()).into_response();
        }
        let stopped = reply.stop.subscribe();
        let body = stream::unfold((reply, from, stopped), async |(reply, at, mut stopped)| {
            let event = reply.events.get(at)?.clone();
            tokio::select! {
                () = tokio::time::sleep_until(reply.since + PAUSE * at as u32) => {}
                _ = stopped.wait_for(|stopped| *stopped) => return None,
            }
            Some((Ok::<_, std::io::Error>(event), (reply, at + 1, stopped)))
        });
        (headers, Body::from_stream(body)).into_response()
    }
}

fn format(query: &str, headers: &HeaderMap, body: &Value) -> Format {
    let accept = headers.get("accept").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match (body["stream"] == false, query, accept) {
        (true, ..) => Format::Json,
        (_, "format=openai", _) => Format::OpenAi,
        (_, "format=text", _) | (_, "", "text/plain") => Format::Text,
        (_, "format=ndjson", _) | (_, "", "application/x-ndjson") => Format::Ndjson,
        _ => Format::UiMessage,
    }
}

/// `GET` and `DELETE` of a reply's stream.
async fn again(
    State(endpoint): State<Arc<Endpoint>>,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let kept = endpoint.kept.lock().unwrap().get(&id).cloned();
    let position = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let position = position.filter(|_| endpoint.defect != Some(Defect::ForgetsPosition)).unwrap_or(0);
    match kept {
        Some(kept) if method == Method::GET => endpoint.send(kept, position).await,
        Some(kept) if method == Method::DELETE && endpoint.defect != Some(Defect::NeverStops) => {
            let _ = kept.stop.send(true);
            endpoint.kept.lock().unwrap().remove(&id);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}
