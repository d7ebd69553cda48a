//! The contact form: one JSON line per note in a file of the owner's.

use std::io;
use std::path::PathBuf;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use natter_protocol::error::ErrorCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::json;
use crate::state::AppState;

/// Bytes of one note as JSON.
const MAX_BODY: usize = 32 * 1024;

/// What the form sends. Lengths are in characters.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
pub(crate) struct Note {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    message: String,
    /// The page it was written on.
    #[serde(default)]
    page: Option<String>,
    /// The visitor's clock, as the page wrote it.
    #[serde(default)]
    timestamp: Value,
}

/// A note and the server's own clock.
#[derive(Debug, Serialize)]
struct Line<'a> {
    received: String,
    #[serde(flatten)]
    note: &'a Note,
}

impl Note {
    fn check(&self) -> Result<(), ApiError> {
        within("name", &self.name, 100, "Please tell us your name")?;
        within("email", &self.email, 254, "Please give an email address we can answer to")?;
        if !looks_like_email(self.email.trim()) {
            return Err(ApiError::invalid("email", "That does not look like an email address"));
        }
        within("message", &self.message, 4000, "Please write a message")?;
        if self.page.as_ref().is_some_and(|page| page.chars().count() > 2000) {
            return Err(ApiError::invalid("page", "page can be at most 2000 characters long"));
        }
        match &self.timestamp {
            Value::Null | Value::Number(_) => Ok(()),
            Value::String(text) if text.len() <= 64 => Ok(()),
            _ => Err(ApiError::invalid("timestamp", "timestamp must be a number or a short text")),
        }
    }
}

fn within(param: &str, text: &str, limit: usize, missing: &str) -> Result<(), ApiError> {
    if text.trim().is_empty() {
        Err(ApiError::invalid(param, missing))
    } else if text.chars().count() > limit {
        Err(ApiError::invalid(param, format!("{param} can be at most {limit} characters long")))
    } else {
        Ok(())
    }
}

/// Only what is certainly wrong is refused; whether an address exists shows when one writes to it.
fn looks_like_email(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let shaped = text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
    });
    plain && shaped
}

/// Where notes are kept.
#[derive(Debug)]
pub(crate) struct Notes {
    file: PathBuf,
    /// One line is written at a time.
    turn: Mutex<()>,
}

impl Notes {
    pub(crate) fn new(file: PathBuf) -> Self {
        Self { file, turn: Mutex::new(()) }
    }

    async fn append(&self, note: &Note) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line { received: jiff::Timestamp::now().to_string(), note })?;
        line.push(b'\n');
        let _turn = self.turn.lock().await;
        let mut file = tokio::fs::OpenOptions::new().create(true).append(true).open(&self.file).await?;
        file.write_all(&line).await?;
        file.flush().await
    }
}

/// `POST /api/contact`: 201 once the note is in the file.
#[utoipa::path(post, path = "/api/contact", request_body = Note, responses((status = 201, description = "It is kept", body = Value), ApiError))]
pub(crate) async fn contact(
    State(state): State<AppState>,
    request: Request,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let note: Note = json::read(request, MAX_BODY, state.settings().serving.body_patience()).await?;
    note.check()?;
    state.notes().append(&note).await.map_err(|error| {
        tracing::error!(%error, "a contact note could not be kept");
        ApiError::new(ErrorCode::Internal, "Your message could not be kept. Please try again later.")
    })?;
    Ok((StatusCode::CREATED, Json(json!({ "status": "received" }))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_cannot_be_right_are_refused() {
        for right in ["a@b.example", "first.last+tag@sub.example.org", "jörg@müller.example"] {
            assert!(looks_like_email(right), "{right}");
        }
        for wrong in ["", "a", "a@", "@b.example", "a@b", "a@.example", "a@b.", "a b@c.example", "a@b.example\r\nx"] {
            assert!(!looks_like_email(wrong), "{wrong:?}");
        }
    }
}
