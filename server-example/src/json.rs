//! Reads a JSON body and says exactly what is wrong with one that cannot be read.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use futures_util::StreamExt;
use natter_protocol::error::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio::time::timeout;

use crate::error::ApiError;

/// How much of a body that is too large is still read, so that the client gets to read why instead of a reset.
const DISCARD: usize = 1 << 20;
/// Characters of what is wrong: it may quote a text of the body, which may be all of the body.
const MAX_WHY: usize = 200;

/// Reads `request`'s body as a `T` of at most `limit` bytes that all arrive within `patience`.
///
/// It is refused
/// - with 415 unless it is declared as `application/json`,
/// - with 408 when it takes longer,
/// - with 413 when it is larger,
/// - with 400 when it is not JSON, or not a `T`; then the error names the path of what is wrong.
pub(crate) async fn read<T: DeserializeOwned>(
    request: Request,
    limit: usize,
    patience: Duration,
) -> Result<T, ApiError> {
    if !is_json(request.headers()) {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, "The body must be sent as application/json"));
    }
    let bytes = timeout(patience, collect(request.into_body(), limit)).await.map_err(|_| {
        ApiError::new(ErrorCode::RequestTimeout, "The request took too long to arrive. Please try again.")
    })??;
    // What is derived would take a list of the fields for the object.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(ApiError::new(ErrorCode::InvalidRequest, "The body must be a JSON object, not a list"));
    }
    let mut json = serde_json::Deserializer::from_slice(&bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| explain(&error))?;
    json.end().map_err(|error| invalid_json(&error))?;
    Ok(value)
}

fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut chunks: BodyDataStream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut size = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| ApiError::new(ErrorCode::InvalidRequest, "The body did not arrive whole"))?;
        size += chunk.len();
        if size <= limit {
            bytes.extend_from_slice(&chunk);
        } else if size > limit.saturating_add(DISCARD) {
            break;
        }
    }
    if size > limit {
        let message = format!("The request is too large; at most {limit} bytes can be sent at once");
        return Err(ApiError::new(ErrorCode::TooLarge, message));
    }
    Ok(bytes)
}

fn explain(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let path = error.path().to_string();
    let inner = error.inner();
    if inner.classify() != Category::Data {
        return invalid_json(inner);
    }
    let why = brief(inner);
    match path.as_str() {
        "." => ApiError::new(ErrorCode::InvalidRequest, format!("The body must be a JSON object ({why})")),
        "messages" => ApiError::invalid(path, "Messages are required"),
        role if role.ends_with(".role") => ApiError::invalid(path, "A message's role must be user or assistant"),
        _ => ApiError::invalid(&path, format!("{path} cannot be read: {why}")),
    }
}

fn brief(error: &serde_json::Error) -> String {
    let mut text = error.to_string();
    if let Some((end, _)) = text.char_indices().nth(MAX_WHY) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn invalid_json(error: &serde_json::Error) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, format!("The body is not valid JSON: {error}"))
}
