//! Which format a reader wants its reply in.

use axum::http::{HeaderMap, header};
use natter_protocol::encode::Format;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::ApiError;

/// What the query may say of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Options {
    /// `ui-message` (the default), `openai`, `text`, `ndjson` or `json`; it goes before the `Accept` header.
    format: Option<String>,
}

impl Options {
    /// The format the query names, or else the one the `Accept` header prefers.
    ///
    /// # Errors
    /// 400 for a name that is none.
    pub(crate) fn format(&self, headers: &HeaderMap) -> Result<Format, ApiError> {
        match self.format.as_deref() {
            Some(name) => Format::from_name(name)
                .ok_or_else(|| ApiError::invalid("format", "format must be ui-message, openai, text, ndjson or json")),
            None => {
                let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
                Ok(Format::from_accept(accept.unwrap_or_default()))
            }
        }
    }
}
