//! `GET /healthz` and `GET /readyz`: for whoever starts, restarts and feeds the server.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::state::AppState;

/// The process is alive.
pub(crate) async fn alive() -> &'static str {
    "ok"
}

/// Whether it takes requests. A lost Redis is no reason not to: each replica then counts for itself.
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let redis = state.redis().map_or("none", |redis| if redis.is_up() { "up" } else { "lost" });
    let (status, word) = match state.life().is_draining() {
        true => (StatusCode::SERVICE_UNAVAILABLE, "draining"),
        false => (StatusCode::OK, "ready"),
    };
    (status, Json(json!({ "status": word, "redis": redis })))
}
