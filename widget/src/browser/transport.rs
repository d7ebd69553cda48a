//! One question to the endpoint and its reply, as it arrives.

use natter_protocol::decode::Decoder;
use natter_protocol::error::{ErrorReading, read_error_body};
use natter_protocol::event::StreamEvent;
use wasm_bindgen::JsValue;

use super::clock;
use super::dom::Extra;
use super::frame::Batch;
use super::ongoing::Ongoing;
use super::request::{self, Broken, Head, Request};
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

/// Asks the endpoint of `config` for `wanted`, which becomes the answer `reply_id`; first of all it stops the reply at the
/// address `stop`, so that it cannot take the next one for it. Once what comes back is dropped the request is aborted, and
/// nothing is delivered any more. `via` makes the requests, if it is there, so that other tabs hear the answer as well.
pub(crate) fn ask(
    config: &Config,
    via: Option<&Extra>,
    reply_id: &str,
    stop: Option<&str>,
    wanted: &Wanted,
    deliver: impl Fn(Delivery) + Clone + 'static,
) -> Ongoing {
    let credentials = match config.credentials {
        Credentials::SameOrigin => "same-origin",
        Credentials::Include => "include",
        Credentials::Omit => "omit",
    };
    let headers = &config.headers;
    let request = |method, url, body| Request { method, url, body, headers, credentials, reply_id }.to_json();
    let stop = stop.map(|url| request("DELETE", url, None));
    let question = match wanted {
        Wanted::Nothing => None,
        Wanted::Answer(body) => Some(request("POST", &config.endpoint, Some(body))),
        Wanted::Again(address) => Some(request("GET", address, None)),
        Wanted::Theirs => Some(request("GET", "", None)),
    };
    let known = deliver.clone();
    let batch = Batch::new(move |events| known(Delivery::Events(events)));
    let mut exchange = Exchange { again: matches!(wanted, Wanted::Again(_)), heard: Heard::Nothing, batch, deliver };
    let requests = stop.into_iter().chain(question);
    Ongoing::new(move |told| exchange.hear(&told), |told| request::make(requests, told, via))
}

/// A question and what has come of it.
struct Exchange<D> {
    /// The reply may be one had before.
    again: bool,
    heard: Heard,
    batch: Batch<StreamEvent>,
    deliver: D,
}

enum Heard {
    Nothing,
    /// The endpoint refused, and explains it in the body, of which this has come.
    Refusal {
        status: u16,
        content_type: Option<String>,
        retry_after: Option<u32>,
        body: Vec<u8>,
    },
    /// The endpoint answers; whether it was told that it can do so again.
    Reply {
        decoder: Box<Decoder>,
        resumable: bool,
    },
}

impl<D: Fn(Delivery)> Exchange<D> {
    /// Hears what [`request::make`] tells, and says whether there should be more of it.
    fn hear(&mut self, told: &JsValue) -> bool {
        match &mut self.heard {
            Heard::Nothing => return self.begin(&Head(told)),
            Heard::Refusal { status, content_type, retry_after, body } => {
                if let Ok(Some(piece)) = request::piece(told) {
                    body.extend_from_slice(&piece);
                    if body.len() <= ERROR_BODY_LIMIT {
                        return true;
                    }
                }
                // As much as there is explains it.
                let reading = read_error_body(*status, content_type.as_deref(), body);
                (self.deliver)(Delivery::Refused { status: *status, reading, retry_after: *retry_after });
            }
            Heard::Reply { decoder, resumable } => match request::piece(told) {
                Ok(piece) => {
                    self.batch.push(match &piece {
                        Some(piece) => decoder.push(piece),
                        None => decoder.finish(),
                    });
                    if decoder.is_resumable() && !std::mem::replace(resumable, true) {
                        (self.deliver)(Delivery::Resumable);
                    }
                    if piece.is_some() && !decoder.is_done() {
                        return true;
                    }
                    self.batch.flush();
                }
                Err(Broken) => {
                    self.batch.flush();
                    (self.deliver)(Delivery::ConnectionLost);
                }
            },
        }
        false
    }

    fn begin(&mut self, head: &Head<'_>) -> bool {
        let (status, header) = (head.status(), |name: &str| head.header(name));
        if status == 0 {
            (self.deliver)(Delivery::Unreachable);
            return false;
        }
        let content_type = header("content-type");
        // 204: there is no such reply, or none any more.
        self.heard = if !head.ok() || self.again && status == 204 {
            let retry_after =
                header("retry-after").and_then(|after| after.parse().ok().or_else(|| clock::until(&after)));
            Heard::Refusal { status, content_type, retry_after, body: Vec::new() }
        } else {
            let decoder = Box::new(Decoder::for_response(content_type.as_deref(), header));
            Heard::Reply { decoder, resumable: self.again }
        };
        true
    }
}
