//! A chat endpoint for the Natter widget, in Rust with axum.
//!
//!     cargo add axum fastrand futures-util serde_json; cargo add tokio --features full
//!     cargo run        →  http://127.0.0.1:8788/api/chat
//!
//! Your model goes into `answer`; all the rest is what an endpoint owes its visitors and your bill.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Bytes of a request; this bounds all of its messages together.
const MAX_BODY: usize = 65_536;
const MAX_MESSAGES: usize = 100;
/// Characters a visitor may write at once.
const MAX_LENGTH: usize = 4_000;

/// What the model said, or why it did not, for the log.
type Piece = Result<String, String>;

/// ===> CALL YOUR MODEL HERE. <===
/// Put your system prompt before `messages` (`{role, content}`, oldest first), and give pieces of text as they come. When the visitor
/// leaves, the stream is dropped, and the model's request with it.
fn answer(messages: &[Value]) -> impl Stream<Item = Piece> + Send + use<> {
    let question = messages.last().and_then(|message| message["content"].as_str()).unwrap_or_default();
    let words: Vec<Piece> = format!("You asked: {question}").split_inclusive(' ').map(|word| Ok(word.into())).collect();
    stream::iter(words).then(async |word| {
        tokio::time::sleep(Duration::from_millis(15)).await;
        word
    })
}

/// What a request is answered with when there is no reply. Its message is shown to the visitor: no detail of yours in it.
struct Refusal {
    status: u16,
    kind: &'static str,
    code: &'static str,
    message: String,
    param: Option<String>,
}

impl Refusal {
    fn new(status: u16, kind: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, code, message: message.into(), param: None }
    }

    fn invalid(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..Self::new(400, "invalid_request", "invalid_request", message) }
    }

    fn write(self, id: &str) -> Response {
        let Self { status, kind, code, message, param } = self;
        let retryable = status == 429 || status >= 500;
        let error = json!({ "type": kind, "code": code, "message": message, "param": param, "retryable": retryable,
            "request_id": id });
        let status = StatusCode::from_u16(status).unwrap_or_default();
        (status, axum::Json(json!({ "error": error }))).into_response()
    }
}

/// Questions by client in the minute that ends at `until`; forgotten together, so that they never pile up.
struct Quota {
    limit: u64,
    asked: HashMap<IpAddr, u64>,
    until: Instant,
}

impl Quota {
    /// Counts one question and says so in the headers; `false` when it is one too many.
    fn count(&mut self, client: IpAddr, headers: &mut HeaderMap) -> bool {
        let now = Instant::now();
        if now >= self.until {
            self.asked.clear();
            self.until = now + Duration::from_secs(60);
        }
        let asked = self.asked.entry(client).or_default();
        *asked += 1;
        let (limit, left) = (self.limit, self.limit.saturating_sub(*asked));
        let seconds = (self.until - now).as_secs() + 1;
        let mut say = |name, value: String| value.parse().map(|value: HeaderValue| headers.insert(name, value));
        let _ = say("ratelimit-policy", format!("\"default\";q={limit};w=60"));
        let _ = say("ratelimit", format!("\"default\";r={left};t={seconds}"));
        let passes = *asked <= limit;
        if !passes {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        passes
    }
}

type Shared = Arc<Mutex<Quota>>;

async fn chat(State(quota): State<Shared>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    let id = format!("{:032x}", fastrand::u128(..));
    let mut headers = HeaderMap::new();
    let reply = async {
        admit(&request, peer, &quota, &mut headers)?;
        let messages = check(&read(request.into_body()).await?)?;
        reply(&messages, &id).await
    };
    let mut response = reply.await.unwrap_or_else(|refusal| refusal.write(&id));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", id);
    }
    response.headers_mut().extend(headers);
    response
}

/// Who may ask at all: pages of this site, by POST, and not too often.
fn admit(request: &Request, peer: SocketAddr, quota: &Shared, headers: &mut HeaderMap) -> Result<(), Refusal> {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    if request.uri().path() != "/api/chat" {
        return Err(Refusal::new(404, "invalid_request", "not_found", "There is nothing at this address"));
    }
    if request.method() != Method::POST {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
        return Err(Refusal::new(405, "invalid_request", "method_not_allowed", "Questions are asked with POST"));
    }
    // Pages cannot forge Origin. A list of other sites that may ask belongs here; they need CORS headers too.
    let host = header(HOST).unwrap_or_default();
    if header(ORIGIN).is_some_and(|origin| origin != format!("http://{host}") && origin != format!("https://{host}")) {
        return Err(Refusal::new(403, "forbidden", "origin_not_allowed", "Pages of other sites may not ask here"));
    }
    // Behind a proxy this is the proxy: take the last address of X-Forwarded-For then. What stands before it is forged.
    if !quota.lock().unwrap_or_else(PoisonError::into_inner).count(peer.ip(), headers) {
        let message = "Too many requests. Please try again later.";
        return Err(Refusal::new(429, "rate_limit", "rate_limited", message));
    }
    // A form of another site can send text/plain without asking anybody, but not this.
    let media_type = header(CONTENT_TYPE).and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        let message = "The body must be sent as application/json";
        return Err(Refusal::new(415, "invalid_request", "unsupported_media_type", message));
    }
    Ok(())
}

/// The body as JSON. What is too much is read but not kept: who is cut off never gets to see why.
async fn read(body: Body) -> Result<Value, Refusal> {
    let (mut chunks, mut kept, mut size) = (body.into_data_stream(), Vec::new(), 0);
    while let Some(Ok(chunk)) = chunks.next().await {
        size += chunk.len();
        if size <= MAX_BODY {
            kept.extend_from_slice(&chunk);
        } else if size > 20 * MAX_BODY {
            break;
        }
    }
    if size > MAX_BODY {
        let message = format!("At most {MAX_BODY} bytes can be sent at once");
        return Err(Refusal::new(413, "invalid_request", "too_large", message));
    }
    serde_json::from_slice(&kept)
        .map_err(|_| Refusal::new(400, "invalid_request", "invalid_request", "The body is not valid JSON"))
}

/// The messages, of which nothing is taken but role and text.
fn check(body: &Value) -> Result<Vec<Value>, Refusal> {
    let invalid = |message: &str| Refusal::invalid("messages", message);
    let messages = body["messages"].as_array().filter(|messages| !messages.is_empty());
    let messages = messages.ok_or_else(|| invalid("Messages are required"))?;
    if messages.len() > MAX_MESSAGES {
        return Err(invalid(&format!("At most {MAX_MESSAGES} messages can be sent at once")));
    }
    let checked = messages.iter().enumerate().map(|(index, message)| {
        let content = text(message);
        let role = match message["role"].as_str() {
            Some("user") => "user",
            Some("assistant") => "assistant",
            // Any other role (system, developer, tool) would be somebody else's system prompt.
            _ => {
                let message = "A message's role must be user or assistant";
                return Err(Refusal::invalid(format!("messages[{index}].role"), message));
            }
        };
        match fault(&content).filter(|_| role == "user") {
            Some(fault) => Err(Refusal::invalid(format!("messages[{index}].content"), fault)),
            None => Ok(json!({ "role": role, "content": content })),
        }
    });
    let checked = checked.collect::<Result<Vec<_>, _>>()?;
    match checked.last() {
        Some(last) if last["role"] == "user" => Ok(checked),
        _ => Err(invalid("The last message must be the user's")),
    }
}

/// The widget sends content; AI SDK clients send parts.
fn text(message: &Value) -> String {
    let parts = message["parts"].as_array().into_iter().flatten().filter(|part| part["type"] == "text");
    let parts = || parts.filter_map(|part| part["text"].as_str()).collect();
    message["content"].as_str().map_or_else(parts, str::to_owned)
}

fn fault(content: &str) -> Option<String> {
    if content.trim().is_empty() {
        return Some("A message must not be blank".into());
    }
    if content.chars().count() > MAX_LENGTH {
        return Some(format!("A message can be at most {MAX_LENGTH} characters long"));
    }
    let control = content.chars().any(|c| c < ' ' && !matches!(c, '\t' | '\n' | '\r'));
    control.then(|| "A message must not hold control characters".into())
}

/// The answer as a UI message stream: start, text-start, a text-delta for each piece, text-end, finish, [DONE].
async fn reply(messages: &[Value], id: &str) -> Result<Response, Refusal> {
    let mut pieces = Box::pin(answer(messages));
    // The head waits for the first piece: until then a failure can still have a status.
    let first = pieces.next().await.transpose().map_err(|error| {
        eprintln!("{id} {error}");
        Refusal::new(502, "upstream", "upstream_failed", "Failed to process your message")
    })?;

    let begin = part(&json!({ "type": "start", "messageId": id })) + &part(&json!({ "type": "text-start", "id": "1" }));
    let delta = |piece: &str| part(&json!({ "type": "text-delta", "id": "1", "delta": piece }));
    let pieces = stream::iter(first.map(Ok)).chain(pieces).map(Some).chain(stream::iter([None]));
    let (id, mut over) = (id.to_owned(), false);
    let parts = pieces.filter_map(move |piece| {
        let part = match piece {
            _ if over => None,
            Some(Ok(piece)) => Some(delta(&piece)),
            Some(Err(error)) => {
                eprintln!("{id} {error}");
                over = true;
                Some(end(&json!({ "type": "error", "errorText": "Failed to process your message" })))
            }
            None => Some(end(&json!({ "type": "finish" }))),
        };
        async { part }
    });
    let body = stream::iter([begin]).chain(parts).map(Ok::<_, Infallible>);
    let headers = [
        ("content-type", "text/event-stream"),
        ("x-vercel-ai-ui-message-stream", "v1"),
        // nginx passes each event on as it comes.
        ("x-accel-buffering", "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

fn part(part: &Value) -> String {
    format!("data: {part}\n\n")
}

fn end(last: &Value) -> String {
    part(&json!({ "type": "text-end", "id": "1" })) + &part(last) + "data: [DONE]\n\n"
}

/// A number from the environment.
fn setting(name: &str, otherwise: u16) -> u16 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    // Questions one client may ask in a minute.
    let limit = setting("RATE_LIMIT", 20).into();
    let quota = Shared::new(Mutex::new(Quota { limit, asked: HashMap::new(), until: Instant::now() }));
    let app = Router::new().fallback(chat).with_state(quota);
    let listener = TcpListener::bind(("127.0.0.1", setting("PORT", 8788))).await?;
    println!("listening on http://{}/api/chat", listener.local_addr()?);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}
