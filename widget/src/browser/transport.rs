//! One question to the endpoint and its reply, as it arrives.

use js_sys::{Reflect, Uint8Array};
use natter_protocol::decode::Decoder;
use natter_protocol::error::{ErrorReading, read_error_body};
use natter_protocol::event::StreamEvent;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader, Response};

use super::clock;
use super::dom::Extra;
use super::frame::Batch;
use super::request::Request;
use crate::config::{Config, Credentials};

/// What is read of a body that only explains an error.
const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// What is wanted of the endpoint.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// Nothing.
    Nothing,
    /// The reply to this body (JSON).
    Answer(String),
    /// A reply from its beginning, at this address.
    Again(String),
    /// What another tab gets.
    Theirs,
}

/// What comes of a question.
pub(crate) enum Delivery {
    /// The endpoint can say this reply again.
    Resumable,
    /// More of the reply, at most once per animation frame.
    Events(Vec<StreamEvent>),
    /// The endpoint refused; the last delivery.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the body says about it.
        reading: ErrorReading,
        /// Seconds until it may be asked again: its `Retry-After`.
        retry_after: Option<u32>,
    },
    /// The endpoint could not be reached; the last delivery.
    Unreachable,
    /// The connection broke in the middle of the reply; the last delivery.
    ConnectionLost,
}

/// A question on its way. Dropping it aborts the request, and nothing is delivered any more.
#[must_use]
#[derive(Debug)]
pub(crate) struct Question(AbortController);

impl Drop for Question {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Asks the endpoint of `config` for `wanted`, which becomes the answer `reply_id`; first of all it stops the reply at the
/// address `stop`, so that it cannot take the next one for it. `via` makes the requests, if it is there.
pub(crate) fn ask(
    config: &Config,
    via: Option<Extra>,
    reply_id: String,
    stop: Option<String>,
    wanted: Wanted,
    deliver: impl Fn(Delivery) + Clone + 'static,
) -> Option<Question> {
    let controller = AbortController::new().ok()?;
    let signal = controller.signal();
    let line = Line::of(config, via);
    spawn_local(async move {
        if let Some(url) = stop {
            // A reply that cannot be stopped ends by itself.
            let _ = Request { method: "DELETE", url: &url, ..line.request() }.send().await;
        }
        let again = matches!(wanted, Wanted::Again(_));
        let (method, url, body) = match &wanted {
            Wanted::Nothing => return,
            Wanted::Answer(body) => ("POST", line.endpoint.as_str(), Some(body.as_str())),
            Wanted::Again(address) => ("GET", address.as_str(), None),
            Wanted::Theirs => ("GET", "", None),
        };
        let request = Request { method, url, body, signal: Some(&signal), reply_id: &reply_id, ..line.request() };
        let outcome = match request.send().await {
            Ok(response) => converse(&response, again, &signal, deliver.clone()).await,
            Err(_) => Some(Delivery::Unreachable),
        };
        if let Some(last) = outcome.filter(|_| !signal.aborted()) {
            deliver(last);
        }
    });
    Some(Question(controller))
}

/// What all requests to the endpoint have in common.
struct Line {
    endpoint: String,
    headers: Vec<(String, String)>,
    credentials: &'static str,
    via: Option<Extra>,
}

impl Line {
    fn of(config: &Config, via: Option<Extra>) -> Self {
        let credentials = match config.credentials {
            Credentials::SameOrigin => "same-origin",
            Credentials::Include => "include",
            Credentials::Omit => "omit",
        };
        Self { endpoint: config.endpoint.clone(), headers: config.headers.clone(), credentials, via }
    }

    fn request(&self) -> Request<'_> {
        let via = self.via.as_ref();
        Request { headers: &self.headers, credentials: self.credentials, via, ..Request::default() }
    }
}

/// Reads the reply, which may be one had `again`; what it gives back is the last thing to deliver.
async fn converse(
    response: &Response,
    again: bool,
    signal: &AbortSignal,
    deliver: impl Fn(Delivery) + Clone + 'static,
) -> Option<Delivery> {
    let mut body = Body::of(response);
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let content_type = header("content-type");
    let status = response.status();
    // 204: there is no such reply, or none any more.
    if !response.ok() || again && status == 204 {
        let reading = read_error_body(status, content_type.as_deref(), &body.start().await);
        let retry_after = header("retry-after").and_then(|after| after.parse().ok().or_else(|| clock::until(&after)));
        return Some(Delivery::Refused { status, reading, retry_after });
    }
    let mut decoder = Decoder::for_response(content_type.as_deref(), header);
    let known = deliver.clone();
    let batch = Batch::new(move |events| deliver(Delivery::Events(events)));
    let mut resumable = again;
    while !decoder.is_done() {
        match body.next().await {
            Ok(Some(chunk)) if !signal.aborted() => {
                batch.push(decoder.push(&chunk));
                if !resumable && decoder.is_resumable() {
                    resumable = true;
                    known(Delivery::Resumable);
                }
            }
            Ok(None) => {
                batch.push(decoder.finish());
                break;
            }
            Ok(_) => return None,
            Err(_) => {
                batch.flush();
                return Some(Delivery::ConnectionLost);
            }
        }
    }
    if !signal.aborted() {
        batch.flush();
    }
    None
}

/// The body of a response, chunk by chunk. What is not read when it is dropped is cancelled.
struct Body(Option<ReadableStreamDefaultReader>);

impl Body {
    fn of(response: &Response) -> Self {
        Self(response.body().map(|stream| stream.get_reader().unchecked_into()))
    }

    /// The next chunk; `None` at the end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, JsValue> {
        let Some(reader) = &self.0 else { return Ok(None) };
        let result = JsFuture::from(reader.read()).await?;
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            self.0 = None;
            return Ok(None);
        }
        Ok(Some(Reflect::get(&result, &"value".into())?.unchecked_into::<Uint8Array>().to_vec()))
    }

    /// The beginning of the body, as much as explains an error.
    async fn start(&mut self) -> Vec<u8> {
        let mut start = Vec::new();
        while let Ok(Some(chunk)) = self.next().await {
            start.extend_from_slice(&chunk);
            if start.len() > ERROR_BODY_LIMIT {
                break;
            }
        }
        start
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        if let Some(reader) = &self.0 {
            let cancelled = JsFuture::from(reader.cancel());
            // A stream that is broken already rejects; nobody waits for it.
            spawn_local(async move {
                let _ = cancelled.await;
            });
        }
    }
}
