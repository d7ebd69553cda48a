//! `GET /openapi.json`: what the server takes and gives, made of the same types that it reads and writes.

use std::collections::BTreeMap;

use axum::Json;
use natter_protocol::encode::Format;
use natter_protocol::error::{ErrorBody, ErrorCode};
use serde::Serialize;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, ResponsesBuilder};
use utoipa::{IntoResponses, OpenApi, ToSchema};

use crate::error::ApiError;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Natter's chat endpoint",
        description = "What the chat widget talks to. Any endpoint that keeps to POST /api/chat will do; the rest is optional."
    ),
    paths(
        crate::chat::chat,
        crate::resume::resume,
        crate::resume::stop,
        crate::contact::contact,
        crate::log_error::log_error
    ),
    components(schemas(ErrorBody, Answer))
)]
struct Api;

/// The description as JSON.
pub(crate) async fn describe() -> Json<utoipa::openapi::OpenApi> {
    Json(Api::openapi())
}

/// The whole answer, for those who ask for no stream.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Answer {
    /// Its id.
    id: String,
    /// Always `assistant`.
    role: String,
    /// Markdown.
    content: String,
    /// Why it ended: `stop`, `length`, `content_filter`, `abort` or `other`.
    finish_reason: String,
    /// What it took, when the model says so.
    usage: Option<AnswerUsage>,
}

/// Tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnswerUsage {
    /// Read.
    input_tokens: u64,
    /// Written.
    output_tokens: u64,
}

/// An answer in whichever format was asked for.
pub(crate) struct Reply;

impl IntoResponses for Reply {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut response = ResponseBuilder::new().description("The answer, as it comes");
        for format in [Format::UiMessage, Format::Text, Format::Ndjson] {
            response = response.content(format.content_type(), ContentBuilder::new().build());
        }
        let whole = ContentBuilder::new().schema(Some(Ref::from_schema_name("Answer"))).build();
        response = response.content(Format::Json.content_type(), whole);
        ResponsesBuilder::new().response("200", response).build().into()
    }
}

/// Every status that a request can be refused with, and the body that all of them have.
impl IntoResponses for ApiError {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut names: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
        for code in ErrorCode::ALL {
            names.entry(code.status()).or_default().push(code.name());
        }
        let refusal = |names: Vec<&str>| {
            let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ErrorBody"))).build();
            ResponseBuilder::new().description(names.join(" or ")).content("application/json", body).build()
        };
        names.into_iter().map(|(status, names)| (status.to_string(), RefOr::T(refusal(names)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_described() {
        let text = serde_json::to_string(&Api::openapi()).unwrap();
        for code in ErrorCode::ALL {
            assert!(text.contains(code.name()), "{}", code.name());
        }
    }
}
