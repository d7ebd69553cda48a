//! `/api/chat/{id}/stream`: `GET` reads a reply again, from where one left off or from the beginning; `DELETE` stops it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::ApiError;
use crate::format::Options;
use crate::openapi;
use crate::query::Query;
use crate::relay;
use crate::state::AppState;

/// Bytes of a conversation's id.
const MAX_ID: usize = 128;

/// Where the reader stands, when its client cannot set a header.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Position {
    /// The number of the last event that the reader has; 0 for none. The header `Last-Event-ID` says the same.
    #[serde(rename = "last-event-id")]
    last_event_id: Option<String>,
}

/// The reply's events after the last one the reader has, then those to come; 204 when there are none.
#[utoipa::path(get, path = "/api/chat/{id}/stream", params(("id" = String, Path, description = "The conversation's"), Options, Position),
    responses(openapi::Reply, (status = 204, description = "There is no reply to read"), ApiError))]
pub(crate) async fn resume(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    Query(options): Query<Options>,
    Query(position): Query<Position>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let format = options.format(&headers)?;
    let after = after(&position, &headers)?;
    match state.replies().attach(&in_path(id)?, after).await {
        Some(mut reply) => {
            reply.events = state.life().within(reply.events);
            relay::answer(reply, format).await
        }
        None => Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response()),
    }
}

/// Ends the reply, and what is asked of the model with it; there need not be one.
#[utoipa::path(delete, path = "/api/chat/{id}/stream", params(("id" = String, Path, description = "The conversation's")),
    responses((status = 204, description = "There is no reply any more"), ApiError))]
pub(crate) async fn stop(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    state.replies().stop(&in_path(id)?).await;
    Ok(StatusCode::NO_CONTENT)
}

fn in_path(id: Result<Path<String>, PathRejection>) -> Result<String, ApiError> {
    let id = id.map_or_else(|_| String::new(), |Path(id)| id);
    conversation(Some(&id))?.map(str::to_owned).ok_or_else(refused)
}

/// The conversation's id, if the request has one.
///
/// # Errors
/// It is longer than 128 characters, or has some that are not visible ASCII.
pub(crate) fn conversation(id: Option<&str>) -> Result<Option<&str>, ApiError> {
    let id = id.filter(|id| !id.is_empty());
    if id.is_some_and(|id| id.len() > MAX_ID || !id.bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(refused());
    }
    Ok(id)
}

fn refused() -> ApiError {
    ApiError::invalid("id", format!("id must be at most {MAX_ID} visible ASCII characters"))
}

/// How many events the reader has, if it says so. What an `EventSource` sends by itself counts before the query.
fn after(position: &Position, headers: &HeaderMap) -> Result<Option<u64>, ApiError> {
    let sent = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?"));
    let said = sent.or(position.last_event_id.as_deref()).filter(|text| !text.is_empty());
    let number = said.map(str::parse).transpose();
    number.map_err(|_| ApiError::invalid("last-event-id", "last-event-id must be the number of an event, such as 7"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_and_visible() {
        let long = "x".repeat(MAX_ID);
        for right in ["c", "conv_1-2.3~", "a/b?c", &long] {
            assert_eq!(conversation(Some(right)), Ok(Some(right)));
        }
        assert_eq!((conversation(None), conversation(Some(""))), (Ok(None), Ok(None)));
        for wrong in ["a b", "ü", "a\n", &format!("{long}x")] {
            assert_eq!(conversation(Some(wrong)), Err(refused()), "{wrong}");
        }
    }

    #[test]
    fn the_header_counts_before_the_query() {
        let after = |header: Option<&'static str>, query: Option<&str>| {
            let headers = header.map(|value| ("last-event-id".parse().unwrap(), value.parse().unwrap()));
            let position = Position { last_event_id: query.map(str::to_owned) };
            super::after(&position, &headers.into_iter().collect())
        };
        assert_eq!(after(None, None), Ok(None));
        assert_eq!(after(Some(""), None), Ok(None));
        assert_eq!(after(None, Some("0")), Ok(Some(0)));
        assert_eq!(after(Some("7"), Some("3")), Ok(Some(7)));
        for wrong in ["x", "-1", "1.5"] {
            assert!(after(Some(wrong), None).is_err() && after(None, Some(wrong)).is_err());
        }
    }
}
