//! What a sound endpoint refuses, and its words for it.

use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::endpoint::Defect;

/// A refusal: status, code, type, and whether trying again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal(pub u16, pub &'static str, pub &'static str, pub bool);

pub const INVALID: Refusal = Refusal(400, "invalid_request", "invalid_request", false);
pub const FOREIGN: Refusal = Refusal(403, "origin_not_allowed", "forbidden", false);
pub const METHOD: Refusal = Refusal(405, "method_not_allowed", "invalid_request", false);
pub const LARGE: Refusal = Refusal(413, "too_large", "invalid_request", false);
pub const MEDIA_TYPE: Refusal = Refusal(415, "unsupported_media_type", "invalid_request", false);
pub const LIMITED: Refusal = Refusal(429, "rate_limited", "rate_limit", true);
/// What nobody should be told about: the server's own failure.
pub const FAILURE: Refusal = Refusal(500, "internal", "internal", true);

impl Refusal {
    pub fn respond(self, request_id: &str) -> Response {
        let Self(status, code, kind, retryable) = self;
        let error = json!({"type": kind, "code": code, "message": "No.", "param": null, "retryable": retryable,
            "request_id": request_id});
        let status = StatusCode::from_u16(status).unwrap();
        let mut response = (status, axum::Json(json!({ "error": error }))).into_response();
        let more = match self.0 {
            405 => Some(("allow", "POST")),
            429 => Some(("retry-after", "60")),
            _ => None,
        };
        if let Some((name, value)) = more {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        response
    }
}

/// Looks at everything but the conversation.
pub fn head(defect: Option<Defect>, method: &Method, headers: &HeaderMap, size: usize) -> Result<(), Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let own = format!("http://{}", text("host"));
    let foreign = headers.contains_key("origin") && text("origin") != own;
    if *method != Method::POST {
        return Err(METHOD);
    }
    if foreign && defect != Some(Defect::AllowsAnyOrigin) {
        return Err(FOREIGN);
    }
    if text("content-type").split(';').next() != Some("application/json") {
        return Err(MEDIA_TYPE);
    }
    if size > 65_536 { Err(LARGE) } else { Ok(()) }
}

/// The last question of a sound conversation.
pub fn question(defect: Option<Defect>, body: &Value) -> Result<String, Refusal> {
    let messages = body["messages"].as_array().filter(|list| (1..=100).contains(&list.len())).ok_or(INVALID)?;
    let mut total = 0;
    for message in messages {
        let role = message["role"].as_str().ok_or(INVALID)?;
        let allowed = matches!(role, "user" | "assistant") || (role == "system" && defect == Some(Defect::TakesSystem));
        let text = text(message).ok_or(INVALID)?;
        let length = text.chars().count();
        total += length;
        let control = text.chars().any(|c| c < ' ' && !matches!(c, '\t' | '\n' | '\r'));
        if !allowed || text.trim().is_empty() || length > 4000 || total > 60_000 || control {
            return Err(INVALID);
        }
    }
    let last = messages.last().filter(|last| last["role"] == "user").ok_or(INVALID)?;
    text(last).ok_or(INVALID)
}

fn text(message: &Value) -> Option<String> {
    match &message["content"] {
        Value::String(text) => Some(text.clone()),
        _ => Some(message["parts"].as_array()?.iter().filter_map(|part| part["text"].as_str()).collect()),
    }
}
