//! `POST /api/chat`: the conversation in, the answer as a stream.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use natter_protocol::encode::Format;
use natter_protocol::request::{ChatRequest, Message};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::client::Client;
use crate::error::ApiError;
use crate::openapi;
use crate::query::Query;
use crate::relay;
use crate::replies::{Head, Reply};
use crate::resume;
use crate::state::AppState;
use crate::telemetry::RequestId;
use crate::{input, json};

/// What the query may say.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Options {
    /// `ui-message` (the default), `openai`, `text`, `ndjson` or `json`; it goes before the `Accept` header.
    format: Option<String>,
}

/// Checks the request, lets the answerer answer, and passes the answer on as it comes.
#[utoipa::path(post, path = "/api/chat", params(Options), request_body = ChatRequest, responses(openapi::Reply, ApiError))]
pub(crate) async fn chat(
    State(state): State<AppState>,
    client: Client,
    Extension(RequestId(id)): Extension<RequestId>,
    Query(options): Query<Options>,
    request: Request,
) -> Result<Response, ApiError> {
    let settings = state.settings();
    let asked = format(&options, request.headers())?;
    let patience = settings.serving.body_patience();
    let mut chat: ChatRequest = json::read(request, settings.limits.max_body, patience).await?;
    input::check(&chat, &settings.limits)?;
    input::clean(&mut chat.messages, settings.limits.sanitizer)?;
    let conversation = resume::conversation(chat.id.as_deref())?;
    let admission = state.limits().admit(client, &chat.messages).await?;

    let format = if chat.stream == Some(false) { Format::Json } else { asked };
    let head = Head::new(&id, state.answerer().model());
    let logged = settings.serving.log_messages.then(|| chat.messages.last().map(Message::plain_text)).flatten();
    let events = state.life().within(state.answerer().answer(chat.messages));
    let events = admission.watch(state.metrics().watch(events, logged));
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
