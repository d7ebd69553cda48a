//! Gives every API request an id, one line in the log, and errors their body.

use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::error::ApiError;
use crate::state::AppState;

/// The id of the request at hand, as the log and the client see it.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

impl RequestId {
    fn new() -> Self {
        Self(format!("{:016x}", fastrand::u64(..)))
    }
}

/// Middleware: `X-Request-Id`, the log line (never what was said), and the JSON of an [`ApiError`].
///
/// Whatever is logged on the way carries the id too.
pub(crate) async fn request_id(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new();
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("other".into(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", id = id.0);
    let mut response = next.run(request).instrument(span.clone()).await;

    let error = response.extensions_mut().remove::<ApiError>();
    let code = error.as_ref().map(ApiError::code);
    let ms = started.elapsed().as_millis() as u64;
    let (status, code_name) = (response.status().as_u16(), code.map(|code| code.name()));
    span.in_scope(|| tracing::info!(%method, route, status, code = code_name, ms, "answered"));
    state.metrics().responded(&route, code);

    if let Some(body) = error.and_then(|error| serde_json::to_vec(&error.body(&id.0)).ok()) {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from(body);
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
