//! What a refused or failed request is answered with.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use natter_protocol::error::{ErrorBody, ErrorCode};
use natter_protocol::event::StreamError;
use serde::{Deserialize, Serialize};

/// One refusal or failure, before it is written out.
///
/// As a response it has the status and the headers but no body yet: [`crate::telemetry::request_id`], which knows the
/// request's id, writes the JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ApiError {
    code: ErrorCode,
    message: String,
    param: Option<String>,
    /// Seconds after which trying again makes sense.
    retry_after: Option<u64>,
}

impl ApiError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), param: None, retry_after: None }
    }

    /// A 400 that names the part of the body at fault.
    pub(crate) fn invalid(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..Self::new(ErrorCode::InvalidRequest, message) }
    }

    pub(crate) fn too_many_requests(retry_after: u64) -> Self {
        Self::new(ErrorCode::RateLimited, "Too many requests. Please try again later.").after(retry_after)
    }

    /// The tokens of the day are used up; `seconds` until midnight UTC.
    pub(crate) fn budget_exhausted(seconds: u64) -> Self {
        let message = "The assistant has answered all it can for today; please come back tomorrow.";
        Self::new(ErrorCode::BudgetExhausted, message).after(seconds)
    }

    /// As many answers as allowed are on their way.
    pub(crate) fn overloaded(seconds: u64) -> Self {
        Self::new(ErrorCode::Overloaded, "AI service is busy. Please try again.").after(seconds)
    }

    pub(crate) fn upstream_failed() -> Self {
        Self::new(ErrorCode::UpstreamFailed, "Failed to process your message")
    }

    pub(crate) fn upstream_busy(retry_after: u64) -> Self {
        Self::new(ErrorCode::UpstreamBusy, "AI service is busy. Please try again.").after(retry_after)
    }

    pub(crate) fn upstream_timeout() -> Self {
        Self::new(ErrorCode::UpstreamTimeout, "AI service took too long to answer. Please try again.")
    }

    /// No model can be asked at the moment, or the server is about to stop.
    pub(crate) fn unavailable(retry_after: u64) -> Self {
        Self::new(ErrorCode::Unavailable, "The assistant is not available right now. Please try again later.")
            .after(retry_after)
    }

    fn after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    pub(crate) fn code(&self) -> ErrorCode {
        self.code
    }

    /// The JSON body.
    pub(crate) fn body(&self, request_id: &str) -> ErrorBody {
        let mut body = ErrorBody::new(self.code, &self.message);
        body.error.param.clone_from(&self.param);
        body.error.request_id = Some(request_id.into());
        body
    }
}

/// The same as a part of a stream that has already begun.
impl From<ApiError> for StreamError {
    fn from(error: ApiError) -> Self {
        Self { code: error.code.name().into(), message: error.message, retryable: error.code.retryable() }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = StatusCode::from_u16(self.code.status()).unwrap_or_default().into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}
