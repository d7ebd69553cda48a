//! `POST /api/chat`: the conversation in, the answer as a stream.

use axum::Extension;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use natter_protocol::encode::Format;
use natter_protocol::request::{ChatRequest, Limits};
use serde::Deserialize;

use crate::error::ApiError;
use crate::json;
use crate::relay;
use crate::replies::{Head, Reply};
use crate::request_id::RequestId;
use crate::resume;
use crate::state::AppState;

/// What the query may say.
#[derive(Debug, Deserialize)]
pub(crate) struct Options {
    format: Option<String>,
}

/// Checks the request, lets the answerer answer, and passes the answer on as it comes.
pub(crate) async fn chat(
    State(state): State<AppState>,
    Extension(RequestId(id)): Extension<RequestId>,
    Query(options): Query<Options>,
    request: Request,
) -> Result<Response, ApiError> {
    let settings = state.settings();
    let asked = format(&options, request.headers())?;
    let chat: ChatRequest = json::read(request, settings.limits.max_body, settings.serving.body_patience()).await?;
    let limits = Limits { max_messages: settings.limits.max_messages, max_length: settings.limits.max_length };
    chat.check(limits).map_err(|invalid| ApiError::invalid(invalid.param(), invalid.message()))?;

    let format = if chat.stream == Some(false) { Format::Json } else { asked };
    let head = Head::new(&id, state.answerer().model());
    let conversation = resume::conversation(chat.id.as_deref())?;
    let events = state.life().within(state.answerer().answer(chat.messages));
    let reply = match conversation {
        Some(conversation) => state.replies().begin(conversation, head, events),
        None => Reply { head, events, after: None },
    };
    relay::answer(reply, format).await
}

/// The format the query names, or else the one the `Accept` header prefers.
pub(crate) fn format(options: &Options, headers: &HeaderMap) -> Result<Format, ApiError> {
    match options.format.as_deref() {
        Some(name) => Format::from_name(name)
            .ok_or_else(|| ApiError::invalid("format", "format must be ui-message, openai, text, ndjson or json")),
        None => {
            let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
            Ok(Format::from_accept(accept.unwrap_or_default()))
        }
    }
}
