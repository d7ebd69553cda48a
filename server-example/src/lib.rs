//! A chat endpoint for the Natter widget, and the demo site around it.
//!
//! | path | what |
//! |---|---|
//! | `POST /api/chat` | the conversation in, the answer as a stream ([`natter_protocol`] has the contract) |
//! | `GET /api/chat/{id}/stream` | that answer again, from where the reader left off; `DELETE` stops it |
//! | `POST /api/contact` | a visitor's note, appended to a JSON-lines file |
//! | `POST /api/log-error` | an error report of the widget, written to the log |
//! | `GET /healthz`, `GET /readyz` | whether it is alive, whether it takes requests |
//! | `GET /openapi.json` | all of this as OpenAPI; `/api-docs` shows it |
//! | `GET /metrics` | figures for Prometheus, for the own network only |
//! | everything else | the demo site, the examples and dist/, embedded in the binary |
//!
//! One idea per file. To build an endpoint of your own, start with `chat.rs` (the handler), `answer/` (who answers)
//! and `relay.rs` (events to bytes), and leave the rest.
//!
//! ```
//! use natter_server_example::{AppState, Settings, app};
//!
//! let mut settings = Settings::default();
//! settings.limits.rate_limit = "100/60".parse()?;
//! let router = app(AppState::new(settings)?);
//! # let _: axum::Router = router;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod assets;
mod chat;
mod client;
mod contact;
mod context;
mod error;
mod format;
mod health;
mod http;
mod input;
mod json;
mod life;
mod limits;
mod listen;
mod log_error;
mod openapi;
mod origin;
mod query;
mod redis;
mod relay;
mod replies;
mod resume;
mod serve;
mod settings;
mod state;
mod taken;
mod telemetry;
mod watched;

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use natter_protocol::error::ErrorCode;

pub use limits::{Rate, RateError};
pub use listen::listen;
pub use serve::serve;
pub use settings::{
    ContextSettings, Dialect, LimitSettings, ModelSettings, Price, ProxyHeader, Sanitizer, Secret, ServingSettings,
    Settings, SettingsError,
};
pub use state::AppState;
pub use telemetry::start_log;

use error::ApiError;

/// The whole server as a router.
///
/// Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, as [`serve`] does: without the peer's address
/// all visitors share one rate limit.
pub fn app(state: AppState) -> Router {
    let limited = |lane| from_fn_with_state((state.clone(), lane), limits::limit);
    let api = Router::new()
        .route("/chat", post(chat::chat).route_layer(limited(limits::Lane::Chat)))
        .route("/chat/{id}/stream", get(resume::resume).route_layer(limited(limits::Lane::Resume)).delete(resume::stop))
        .route("/contact", post(contact::contact).route_layer(limited(limits::Lane::Forms)))
        .route("/log-error", post(log_error::log_error).route_layer(limited(limits::Lane::Forms)))
        .method_not_allowed_fallback(async |method: Method| {
            ApiError::new(ErrorCode::MethodNotAllowed, format!("This address does not take {method}"))
        })
        .fallback(nothing)
        .layer(from_fn_with_state(state.clone(), life::refuse_while_draining))
        .layer(from_fn_with_state(state.clone(), origin::check))
        .layer(from_fn_with_state(state.clone(), telemetry::request_id));
    // A nested router does not see its own root with a slash.
    let root = any(nothing).layer(from_fn_with_state(state.clone(), telemetry::request_id));
    Router::new()
        .nest("/api", api)
        .route("/api/", root)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/openapi.json", get(openapi::describe))
        .route("/metrics", get(telemetry::scrape))
        .fallback(assets::serve)
        .with_state(state)
}

async fn nothing() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "There is nothing at this address")
}
