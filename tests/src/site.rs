//! The real server on a free port, with pages and endpoints the test adds.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::{self, Next};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use natter_server_example::{AppState, Settings};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::chat::Chat;
use crate::fixture::{FILES, Fixture, Served};
use crate::stand_in::StandIn;
use crate::wait;

/// The server with the test's own routes, on an origin of its own.
#[derive(Debug)]
pub struct Site {
    address: SocketAddr,
    routes: Arc<Routes>,
    server: JoinHandle<()>,
}

/// What the test added, and what was asked for.
#[derive(Debug, Default)]
struct Routes {
    files: Mutex<HashMap<String, Served>>,
    chats: Mutex<HashMap<String, Chat>>,
    boxes: Mutex<HashMap<String, PostBox>>,
    stand_ins: Mutex<HashMap<String, StandIn>>,
    gates: Mutex<HashMap<String, watch::Receiver<bool>>>,
    asked: Mutex<Vec<Asked>>,
}

/// A request the server got.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The path and the query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
}

impl Site {
    /// Starts the server with its default settings.
    pub async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    /// Starts the server.
    pub async fn with(settings: Settings) -> Self {
        let state = AppState::new(settings).unwrap_or_else(|error| panic!("the server does not start: {error}"));
        let routes: Arc<Routes> = Arc::default();
        let added = Router::new()
            .route("/page/{name}", get(file))
            .route("/files/{name}", get(file))
            .route("/built/{*path}", get(file))
            .route("/box/{name}", post(post_box))
            .with_state(routes.clone());
        let app = added
            .fallback_service(natter_server_example::app(state))
            .layer(middleware::from_fn_with_state(routes.clone(), record));
        let listener = TcpListener::bind((own_address(), 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            // As servers that stream do: an event is not held back until the one before it is acknowledged.
            let listener = listener.tap_io(|connection| connection.set_nodelay(true).unwrap());
            axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await.unwrap();
        });
        let site = Self { address, routes, server };
        for (path, text) in FILES {
            site.file(path, text);
        }
        site
    }

    /// `http://127.X.Y.Z:PORT`, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Puts up a page and gives its address.
    pub fn page(&self, name: &str, fixture: &Fixture) -> String {
        let path = format!("/page/{name}");
        for (path, text) in fixture.files() {
            self.file(path, text);
        }
        self.serve(&path, fixture.served());
        self.origin() + path.as_str()
    }

    /// Puts up a file under `/files/`; its type follows from its name.
    pub fn file(&self, path: &str, text: &str) {
        self.serve(path, Served { content_type: kind(path), csp: None, cache: "no-store", body: text.into() });
    }

    pub(crate) fn serve(&self, path: &str, served: Served) {
        self.routes.files.lock().unwrap().insert(path.into(), served);
    }

    /// Answers everybody who asks for `path` like this, and no longer as the server would.
    pub fn stands_in(&self, path: &str, stand_in: StandIn) {
        self.routes.stand_ins.lock().unwrap().insert(path.into(), stand_in);
    }

    /// Answers as the server does again.
    pub fn stands_back(&self, path: &str) {
        self.routes.stand_ins.lock().unwrap().remove(path);
    }

    /// A chat endpoint that the test answers.
    pub fn chat(&self, name: &str) -> Chat {
        self.chat_at(&format!("/scripted/{name}"))
    }

    /// A chat endpoint that the test answers, at a path of its choice; the server's own does not see the requests.
    pub fn chat_at(&self, path: &str) -> Chat {
        let chat = Chat::new(path.into());
        self.routes.chats.lock().unwrap().insert(path.into(), chat.clone());
        chat
    }

    /// Keeps everybody who asks for `path` waiting until the gate is opened.
    #[must_use]
    pub fn holds(&self, path: &str) -> Gate {
        let (gate, closed) = watch::channel(false);
        self.routes.gates.lock().unwrap().insert(path.into(), closed);
        Gate(gate)
    }

    /// An endpoint that keeps what is posted to it, and answers 204.
    pub fn post_box(&self, name: &str) -> PostBox {
        let path = format!("/box/{name}");
        let post_box = PostBox::new(path.clone());
        self.routes.boxes.lock().unwrap().insert(path, post_box.clone());
        post_box
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.routes.asked.lock().unwrap().clone()
    }

    /// Whether something whose path ends with `suffix` was asked for.
    #[must_use]
    pub fn was_asked_for(&self, suffix: &str) -> bool {
        self.asked().iter().any(|asked| asked.path.split('?').next().unwrap_or_default().ends_with(suffix))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A file's type, by its name.
pub(crate) fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.') {
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "json")) => "application/json",
        Some((_, "svg")) => "image/svg+xml",
        Some((_, "wasm")) => "application/wasm",
        _ => "text/plain; charset=utf-8",
    }
}

/// An address on this machine where nobody listens.
///
/// The port was free a moment ago, and the system gives out free ports in turn, so nobody has it now.
pub async fn refusing_origin() -> String {
    let listener = TcpListener::bind((own_address(), 0)).await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Holds answers back, see [`Site::holds`].
#[derive(Debug)]
pub struct Gate(watch::Sender<bool>);

impl Gate {
    /// Lets everybody through.
    pub fn opens(self) {
        let _ = self.0.send(true);
    }
}

/// An endpoint that keeps what is posted to it.
#[derive(Debug, Clone)]
pub struct PostBox {
    path: String,
    inner: Arc<Letters>,
}

#[derive(Debug)]
struct Letters {
    bodies: Mutex<Vec<Value>>,
    status: Mutex<u16>,
    arrived: Notify,
}

impl PostBox {
    fn new(path: String) -> Self {
        let inner = Letters { bodies: Mutex::default(), status: Mutex::new(204), arrived: Notify::new() };
        Self { path, inner: Arc::new(inner) }
    }

    /// The endpoint, for a page's attribute.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is answered from now on.
    pub fn answers_with(&self, status: u16) {
        *self.inner.status.lock().unwrap() = status;
    }

    /// Everything posted so far.
    #[must_use]
    pub fn letters(&self) -> Vec<Value> {
        self.inner.bodies.lock().unwrap().clone()
    }

    /// Waits until `count` bodies were posted, and gives them all.
    pub async fn has(&self, count: usize) -> Vec<Value> {
        let enough = async {
            loop {
                let arrived = self.inner.arrived.notified();
                let letters = self.letters();
                if letters.len() >= count {
                    return letters;
                }
                arrived.await;
            }
        };
        wait::event(&format!("{count} posts to {}", self.path), enough).await
    }
}

async fn record(State(routes): State<Arc<Routes>>, request: Request, next: Next) -> Response<Body> {
    let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let asked = Asked { method: request.method().clone(), path, headers: request.headers().clone() };
    routes.asked.lock().unwrap().push(asked);
    let path = request.uri().path().to_owned();
    let gate = routes.gates.lock().unwrap().get(&path).cloned();
    if let Some(mut gate) = gate {
        let _ = gate.wait_for(|open| *open).await;
    }
    if let Some(stand_in) = routes.stand_ins.lock().unwrap().get(&path) {
        return stand_in.response();
    }
    let chat = chat_for(&routes.chats.lock().unwrap(), &path);
    match chat {
        Some(chat) => {
            let (head, body) = request.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
            chat.serve(head, body).await
        }
        None => next.run(request).await,
    }
}

/// The endpoint at this path, or the one whose reply is to be said again or stopped: `{endpoint}/{id}/stream`.
fn chat_for(chats: &HashMap<String, Chat>, path: &str) -> Option<Chat> {
    let endpoint = || path.strip_suffix("/stream")?.rsplit_once('/').map(|(endpoint, _)| endpoint);
    let stream = || endpoint().and_then(|it| chats.get(it).or_else(|| chats.get(&[it, "/"].concat())));
    chats.get(path).or_else(stream).cloned()
}

async fn file(State(routes): State<Arc<Routes>>, request: Request) -> Response<Body> {
    let served = routes.files.lock().unwrap().get(request.uri().path()).cloned();
    let Some(served) = served else { return status(StatusCode::NOT_FOUND) };
    let mut response = Response::new(Body::from(served.body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(served.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(served.cache));
    if let Some(csp) = served.csp {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&csp).unwrap());
    }
    response
}

async fn post_box(State(routes): State<Arc<Routes>>, Path(name): Path<String>, body: Bytes) -> Response<Body> {
    let post_box = routes.boxes.lock().unwrap().get(&format!("/box/{name}")).cloned();
    let Some(post_box) = post_box else { return status(StatusCode::NOT_FOUND) };
    let body = serde_json::from_slice(&body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into()));
    let inner = &post_box.inner;
    inner.bodies.lock().unwrap().push(body);
    inner.arrived.notify_one();
    status(StatusCode::from_u16(*inner.status.lock().unwrap()).unwrap())
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A loopback address that no other site of this run has had. Ports come round again, and a browser that serves several
/// tests one after the other keeps what an origin has stored.
fn own_address() -> Ipv4Addr {
    static COUNT: AtomicU16 = AtomicU16::new(1);
    let [high, low] = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    Ipv4Addr::new(127, 1, high, low)
}
