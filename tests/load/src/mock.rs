//! A model that speaks OpenAI's chat completions and does what the last message says: `PACED 5000` sends a token every
//! so many microseconds until nobody listens, `ONE` sends one, `FLOOD` sends as fast as they are taken, `SILENT` none.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use axum::{Json, Router, routing::post};
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// One token: what an event is in every figure.
const TOKEN: &str = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"mock\",\"choices\":\
    [{\"index\":0,\"delta\":{\"content\":\" token\"},\"finish_reason\":null}]}\n\n";
const END: &str = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"mock\",\"choices\":\
    [{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// Runs in this process, so that it can say at what time a connection to it was gone.
#[derive(Debug, Clone)]
pub(crate) struct Mock {
    pub(crate) addr: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Bytes of `FLOOD` that were taken.
    taken: AtomicU64,
    arrived: mpsc::UnboundedSender<()>,
    gone: mpsc::UnboundedSender<Instant>,
    watch: tokio::sync::Mutex<(mpsc::UnboundedReceiver<()>, mpsc::UnboundedReceiver<Instant>)>,
}

/// Says when a `PACED` or `SILENT` answer is dropped.
struct Guard(Arc<Shared>);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.gone.send(Instant::now());
    }
}

impl Mock {
    pub(crate) async fn start() -> Result<Self> {
        let ((arrived, arrivals), (gone, departures)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
        let watch = tokio::sync::Mutex::new((arrivals, departures));
        let shared = Arc::new(Shared { taken: AtomicU64::new(0), arrived, gone, watch });
        let app = Router::new().route("/v1/chat/completions", post(complete)).with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { addr, shared })
    }

    /// Bytes of floods that were taken so far.
    pub(crate) fn taken(&self) -> u64 {
        self.shared.taken.load(Ordering::Relaxed)
    }

    /// Forgets all that came and went.
    pub(crate) async fn forget(&self) {
        let mut watch = self.shared.watch.lock().await;
        while watch.0.try_recv().is_ok() || watch.1.try_recv().is_ok() {}
    }

    /// Waits until a request has arrived.
    pub(crate) async fn arrival(&self) {
        self.shared.watch.lock().await.0.recv().await;
    }

    /// Waits until an answer is dropped; when that was.
    pub(crate) async fn departure(&self) -> Option<Instant> {
        self.shared.watch.lock().await.1.recv().await
    }
}

async fn complete(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let asked = body["messages"].as_array().and_then(|all| all.last()).and_then(|last| last["content"].as_str());
    let mut words = asked.unwrap_or_default().split_whitespace();
    let _ = shared.arrived.send(());
    match words.next() {
        Some("PACED") => {
            let pause = Duration::from_micros(words.next().and_then(|word| word.parse().ok()).unwrap_or(1000));
            let mut ticks = tokio::time::interval(pause);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            respond(stream::unfold((ticks, Guard(shared)), async |(mut ticks, guard)| {
                ticks.tick().await;
                Some((Bytes::from_static(TOKEN.as_bytes()), (ticks, guard)))
            }))
        }
        Some("FLOOD") => respond(stream::repeat_with(move || {
            shared.taken.fetch_add(TOKEN.len() as u64, Ordering::Relaxed);
            Bytes::from_static(TOKEN.as_bytes())
        })),
        Some("SILENT") => {
            let guard = Guard(shared);
            respond(stream::once(async move {
                let _guard = guard;
                std::future::pending().await
            }))
        }
        _ => respond(stream::iter([TOKEN, END].map(|text| Bytes::from_static(text.as_bytes())))),
    }
}

fn respond(chunks: impl Stream<Item = Bytes> + Send + 'static) -> Response {
    let body = Body::from_stream(chunks.map(Ok::<_, Infallible>));
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}
