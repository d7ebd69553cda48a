//! What is left of a client's requests, and how every answer says it.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Rate;
use crate::client::Client;
use crate::error::ApiError;
use crate::state::AppState;

/// What is counted apart: error reports must not use up a visitor's questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lane {
    Chat,
    /// Answers that are read again.
    Resume,
    Forms,
}

impl Lane {
    /// Its name in a key that replicas share.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Resume => "resume",
            Self::Forms => "forms",
        }
    }
}

/// What is left of a client's quota: requests, and seconds until there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) requests: u32,
    pub(super) seconds: u64,
}

impl Left {
    /// `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers.
    fn write(self, rate: Rate, headers: &mut HeaderMap) {
        let policy = format!("\"default\";q={};w={}", rate.requests, rate.seconds);
        let state = format!("\"default\";r={};t={}", self.requests, self.seconds);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

/// Middleware: lets a request pass while its client has some left, and says how many on every answer.
pub(crate) async fn limit(State((state, lane)): State<(AppState, Lane)>, request: Request, next: Next) -> Response {
    let client = Client::of(request.extensions(), request.headers(), &state.settings().limits);
    let limits = state.limits();
    let (left, mut response) = match limits.count(client, lane).await {
        Ok(left) => (left, next.run(request).await),
        Err(left) => (left, ApiError::too_many_requests(left.seconds).into_response()),
    };
    left.write(limits.rate, response.headers_mut());
    response
}
