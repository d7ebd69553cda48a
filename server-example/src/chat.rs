//! `POST /api/chat`: the conversation in, the answer as a stream.

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use natter_protocol::encode::Format;
use natter_protocol::request::{ChatRequest, Message};

use crate::client::Client;
use crate::error::ApiError;
use crate::format::Options;
use crate::openapi;
use crate::query::Query;
use crate::relay;
use crate::replies::{Head, Reply};
use crate::resume;
use crate::state::AppState;
use crate::telemetry::RequestId;
use crate::{input, json};

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
    let asked = options.format(request.headers())?;
    let patience = settings.serving.body_patience();
    let mut chat: ChatRequest = json::read(request, settings.limits.max_body, patience).await?;
    input::check(&chat, &settings.limits)?;
    input::clean(&mut chat.messages, settings.limits.sanitizer)?;
    let conversation = resume::conversation(chat.id.as_deref())?;
    let admission = state.limits().admit(client, &chat.messages).await?;

    let format = if chat.stream == Some(false) { Format::Json } else { asked };
    let head = Head::new(&id, state.answerer().model());
    let logged = settings.serving.log_messages.then(|| chat.messages.last().map(Message::plain_text)).flatten();
    // From the inside out: what the server's end cuts off is counted as a failure, and every outcome is paid for.
    let events = state.life().within(state.answerer().answer(chat.messages));
    let events = admission.bill(state.metrics().watch(events, logged));
    let reply = match conversation {
        Some(conversation) => state.replies().begin(conversation, head, events),
        None => Reply { head, events, after: None },
    };
    relay::answer(reply, format).await
}
