//! A chat endpoint for the Natter widget, and the demo site around it.
//!
//! | path | what |
//! |---|---|
//! | `POST /api/chat` | the conversation in, the answer as a stream ([`natter_protocol`] has the contract) |
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
mod health;
mod http;
mod input;
mod json;
mod limits;
mod listen;
mod log_error;
mod openapi;
mod origin;
mod redis;
mod relay;
mod settings;
mod state;
mod telemetry;
mod watched;

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use axum::serve::ListenerExt;
use natter_protocol::error::ErrorCode;
use tokio::net::TcpListener;

pub use limits::{Rate, RateError};
pub use listen::listen;
pub use settings::{
    ContextSettings, Dialect, LimitSettings, ModelSettings, Price, ProxyHeader, Sanitizer, Secret, ServingSettings,
    Settings, SettingsError,
};
pub use state::AppState;
pub use telemetry::start_log;

use error::ApiError;

/// How long answers under way may take to end once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// The whole server as a router.
///
/// Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, as [`serve`] does: without the peer's address
/// all visitors share one rate limit.
pub fn app(state: AppState) -> Router {
    let limited = |lane| from_fn_with_state((state.clone(), lane), limits::limit);
    let api = Router::new()
        .route("/chat", post(chat::chat).route_layer(limited(limits::Lane::Chat)))
        .route("/contact", post(contact::contact).route_layer(limited(limits::Lane::Forms)))
        .route("/log-error", post(log_error::log_error).route_layer(limited(limits::Lane::Forms)))
        .method_not_allowed_fallback(async |method: Method| {
            ApiError::new(ErrorCode::MethodNotAllowed, format!("This address takes POST, not {method}"))
        })
        .fallback(nothing)
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

/// Serves [`app`] until `stop` resolves, then lets answers under way end, for at most ten seconds.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // A token is smaller than a packet; it must not wait for the next one.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let stop = async move {
        stop.await;
        let _ = stopping.send(());
    };
    let service = app(state).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stop);
    let too_late = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(DRAIN).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        result = serving => result,
        () = too_late => Ok(()),
    }
}
