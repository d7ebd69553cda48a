//! Connections: how they are accepted, how long one may dawdle, how they end.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::app;
use crate::state::AppState;
use crate::taken::Taken;

/// How long to wait when the system has no more connections to give, such as for want of file handles.
const BREATH: Duration = Duration::from_millis(500);
/// About how many bytes a request's head may have: more than any browser and its cookies send, and little enough for every
/// connection to have at once.
const MAX_HEAD: usize = 64 * 1024;
/// How long the last words of answers that were cut off may take to leave.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves [`app`] until `stop` resolves, then lets what is under way end.
///
/// A connection whose request's head takes longer than [`header_timeout`](crate::ServingSettings::header_timeout) is
/// closed, and so is one that idles that long, or takes nothing of what is sent to it for
/// [`send_timeout`](crate::ServingSettings::send_timeout). Once `stop` resolves, new requests get a 503, and answers under way have
/// [`drain_seconds`](crate::ServingSettings::drain_seconds); those still running then end with an error. With nothing
/// under way it returns at once.
///
/// # Errors
/// None today: a listener that has nothing to give is asked again.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let door = Door::new(listener, &state);
    let mut open = JoinSet::new();
    tokio::select! {
        () = stop => {}
        never = door.admit(&mut open) => match never {},
    }

    state.life().drain();
    let patience = Duration::from_secs(state.settings().serving.drain_seconds);
    let mut late = JoinSet::new();
    let under_way = async {
        while open.join_next().await.is_some() {}
        state.replies().settled().await;
    };
    let mut under_way = pin!(under_way);
    let drained = async {
        if timeout(patience, &mut under_way).await.is_err() {
            state.life().end();
            let _ = timeout(LAST_WORDS, &mut under_way).await;
        }
    };
    tokio::select! {
        () = drained => Ok(()),
        never = door.admit(&mut late) => match never {},
    }
}

/// Where connections come in.
struct Door {
    listener: TcpListener,
    http: http1::Builder,
    app: Router,
    state: AppState,
}

impl Door {
    fn new(listener: TcpListener, state: &AppState) -> Self {
        let mut http = http1::Builder::new();
        let patience = Duration::from_secs(state.settings().serving.header_timeout);
        http.timer(TokioTimer::new()).header_read_timeout(patience).max_buf_size(MAX_HEAD);
        Self { listener, http, app: app(state.clone()), state: state.clone() }
    }

    /// Takes in connections and serves each in a task of `open`, for as long as it is polled.
    async fn admit(&self, open: &mut JoinSet<()>) -> Infallible {
        loop {
            tokio::select! {
                Some(_) = open.join_next() => {}
                accepted = self.listener.accept() => match accepted {
                    Ok((socket, peer)) => {
                        open.spawn(self.serve(socket, peer));
                    }
                    Err(error) if is_of_one_connection(&error) => {}
                    Err(error) => {
                        tracing::error!(%error, "no connection can be accepted");
                        sleep(BREATH).await;
                    }
                },
            }
        }
    }

    /// Serves one connection to its end.
    fn serve(&self, socket: TcpStream, peer: SocketAddr) -> impl Future<Output = ()> + Send + use<> {
        // A token is smaller than a packet; it must not wait for the next one.
        let _ = socket.set_nodelay(true);
        let app = TowerToHyperService::new(self.app.clone());
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            app.call(request)
        });
        // One that came to hear a refusal must not be closed before it could ask.
        let late = self.state.life().is_draining();
        let draining = self.state.life().draining();
        let patience = Duration::from_secs(self.state.settings().serving.send_timeout);
        let connection = self.http.serve_connection(TokioIo::new(Taken::new(socket, patience)), service);
        async move {
            let mut connection = pin!(connection);
            let result = tokio::select! {
                result = connection.as_mut() => result,
                () = draining, if !late => {
                    // Closes it at once when it is idle, else after the answer under way.
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = result {
                tracing::debug!(%error, "a connection broke");
            }
        }
    }
}

/// Whether the failure is of one connection, which is gone, and not of the listener.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
