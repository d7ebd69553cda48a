//! Error reports of the widget, for the owner's log.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::json;
use crate::state::AppState;

/// Bytes of one report as JSON.
const MAX_BODY: usize = 16 * 1024;
/// Characters of one field that reach the log.
const MAX_LOGGED: usize = 1000;

/// What the widget sends.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Report {
    error: Value,
    #[serde(default)]
    context: Value,
    #[serde(default)]
    timestamp: Value,
}

/// `POST /api/log-error`: 204 once it is logged.
#[utoipa::path(post, path = "/api/log-error", request_body = Report, responses((status = 204, description = "It is logged"), ApiError))]
pub(crate) async fn log_error(State(state): State<AppState>, request: Request) -> Result<StatusCode, ApiError> {
    let report: Report = json::read(request, MAX_BODY, state.settings().serving.body_patience()).await?;
    if report.error.is_null() || report.error == "" {
        return Err(ApiError::invalid("error", "error must say what went wrong"));
    }
    let (error, context, timestamp) = (line(&report.error), line(&report.context), line(&report.timestamp));
    tracing::warn!(error, context, timestamp, "a visitor's browser reports an error");
    Ok(StatusCode::NO_CONTENT)
}

/// The value as one line of JSON: whatever a browser sends, it cannot forge a line of the log.
fn line(value: &Value) -> String {
    let mut text: String = value.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if let Some((end, _)) = text.char_indices().nth(MAX_LOGGED) {
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_one_short_line() {
        let text = line(&Value::String(format!("a\nINFO forged\u{85}\u{9b}{}", "ü".repeat(2000))));
        assert!(text.starts_with(r#""a\nINFO forged"#), "{text}");
        assert!(!text.contains(char::is_control));
        assert_eq!(text.chars().count(), MAX_LOGGED + 1);
    }
}
