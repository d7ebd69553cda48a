//! The body of an answer that is not a reply: our own `{"error": {...}}`, and how to read anyone's.

mod reading;

pub(crate) use reading::Written;
pub use reading::{ErrorReading, read_error_body};

use serde::{Deserialize, Serialize};

/// `{"error": {"type", "code", "message", "param", "retryable", "request_id"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The one field.
    pub error: ErrorDetail,
}

/// What went wrong, for the visitor and for the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorDetail {
    /// The family: `invalid_request`, `rate_limit`, `upstream`, `unavailable` …
    pub r#type: String,
    /// The exact cause, from [`ErrorCode`].
    pub code: ErrorCode,
    /// What to show the visitor.
    pub message: String,
    /// Which part of the request is at fault, as a JSON path.
    pub param: Option<String>,
    /// Whether sending the same again may help.
    pub retryable: bool,
    /// The id the server's log knows the request by.
    pub request_id: Option<String>,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident $text:literal = $status:literal, $kind:literal, $retryable:literal;)*) => {
        /// Every cause an endpoint reports before the first byte of a reply.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode { $($(#[doc = $doc])* $name,)* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The family it belongs to.
            #[must_use]
            pub const fn kind(self) -> &'static str {
                match self { $(Self::$name => $kind,)* }
            }

            /// Whether sending the same again may help.
            #[must_use]
            pub const fn retryable(self) -> bool {
                match self { $(Self::$name => $retryable,)* }
            }
        }
    };
}

codes! {
    /// The body is not the JSON the contract asks for.
    InvalidRequest "invalid_request" = 400, "invalid_request", false;
    /// The page's origin is not allowed.
    OriginNotAllowed "origin_not_allowed" = 403, "forbidden", false;
    /// There is nothing at that path.
    NotFound "not_found" = 404, "invalid_request", false;
    /// The path takes another method.
    MethodNotAllowed "method_not_allowed" = 405, "invalid_request", false;
    /// The request did not arrive in time.
    RequestTimeout "request_timeout" = 408, "invalid_request", true;
    /// The body is too large.
    TooLarge "too_large" = 413, "invalid_request", false;
    /// The body is not declared as JSON.
    UnsupportedMediaType "unsupported_media_type" = 415, "invalid_request", false;
    /// Too many requests from this client.
    RateLimited "rate_limited" = 429, "rate_limit", true;
    /// This client, or all clients together, used up what there is for the day.
    BudgetExhausted "budget_exhausted" = 429, "budget", false;
    /// The model's side failed.
    UpstreamFailed "upstream_failed" = 502, "upstream", true;
    /// The model's side has too much to do.
    UpstreamBusy "upstream_busy" = 503, "upstream", true;
    /// As many answers are on their way as the endpoint allows, to this client or in all.
    Overloaded "overloaded" = 503, "overloaded", true;
    /// The assistant is switched off or cannot be reached.
    Unavailable "unavailable" = 503, "unavailable", true;
    /// The model's side did not answer in time.
    UpstreamTimeout "upstream_timeout" = 504, "upstream", true;
    /// The server itself failed.
    Internal "internal" = 500, "internal", true;
}

impl ErrorBody {
    /// A body for `code` that says `message`.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            error: ErrorDetail {
                r#type: code.kind().into(),
                code,
                message: message.into(),
                param: None,
                retryable: code.retryable(),
                request_id: None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_as_it_is_named() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }

    #[test]
    fn is_written_as_the_contract_says() {
        let json = serde_json::to_value(ErrorBody::new(ErrorCode::RateLimited, "Too many")).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"error": {"type": "rate_limit", "code": "rate_limited", "message": "Too many",
                "param": null, "retryable": true, "request_id": null}})
        );
    }
}
