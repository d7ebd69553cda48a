//! One question to the endpoint and its reply, as it arrives.

use gloo_net::http::{Request, Response};
use js_sys::{Reflect, Uint8Array};
use natter_protocol::decode::Decoder;
use natter_protocol::error::{ErrorReading, read_error_body};
use natter_protocol::event::StreamEvent;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader, RequestCredentials};

use super::frame::Batch;
use crate::config::{Config, Credentials};

/// What is read of a body that only explains an error.
const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// What comes of a question.
pub(crate) enum Delivery {
    /// More of the reply, at most once per animation frame.
    Events(Vec<StreamEvent>),
    /// The endpoint refused; the last delivery.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the body says about it.
        reading: ErrorReading,
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

/// POSTs `body` (JSON) to the endpoint of `config`.
pub(crate) fn ask(config: &Config, body: String, deliver: impl Fn(Delivery) + Clone + 'static) -> Option<Question> {
    let controller = AbortController::new().ok()?;
    let signal = controller.signal();
    let request = headers(config, Request::post(&config.endpoint))
        .credentials(match config.credentials {
            Credentials::SameOrigin => RequestCredentials::SameOrigin,
            Credentials::Include => RequestCredentials::Include,
            Credentials::Omit => RequestCredentials::Omit,
        })
        .abort_signal(Some(&signal))
        .body(body);
    spawn_local(async move {
        let outcome = match request {
            Ok(request) => converse(request, &signal, deliver.clone()).await,
            Err(_) => Some(Delivery::Unreachable),
        };
        if let Some(last) = outcome.filter(|_| !signal.aborted()) {
            deliver(last);
        }
    });
    Some(Question(controller))
}

fn headers(config: &Config, request: gloo_net::http::RequestBuilder) -> gloo_net::http::RequestBuilder {
    let fixed = request.header("Content-Type", "application/json");
    config.headers.iter().fold(fixed, |request, (name, value)| request.header(name, value))
}

/// Runs the exchange; what it gives back is the last thing to deliver.
async fn converse(request: Request, signal: &AbortSignal, deliver: impl Fn(Delivery) + 'static) -> Option<Delivery> {
    let Ok(response) = request.send().await else { return Some(Delivery::Unreachable) };
    let mut body = Body::of(&response);
    let content_type = response.headers().get("content-type");
    if !response.ok() {
        let reading = read_error_body(response.status(), content_type.as_deref(), &body.start().await);
        return Some(Delivery::Refused { status: response.status(), reading });
    }
    let mut decoder = Decoder::for_response(content_type.as_deref(), |name| response.headers().get(name));
    let batch = Batch::new(move |events| deliver(Delivery::Events(events)));
    while !decoder.is_done() {
        match body.next().await {
            Ok(Some(chunk)) if !signal.aborted() => batch.push(decoder.push(&chunk)),
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
