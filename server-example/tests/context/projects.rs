//! The projects of an address: fetched in the background, never waited for.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::common::{Server, soon, with};

/// What the address answers with.
#[derive(Clone, PartialEq)]
enum Page {
    Json(&'static str),
    Failure,
    Elsewhere,
    Endless,
    Silence,
}

type Shared = (Arc<Mutex<Page>>, mpsc::UnboundedSender<Page>);

/// An address with a page that a test can change, and what says which it gave.
async fn site(page: Page) -> (String, Arc<Mutex<Page>>, mpsc::UnboundedReceiver<Page>) {
    let (asked, receiver) = mpsc::unbounded_channel();
    let page = Arc::new(Mutex::new(page));
    let app = Router::new().fallback(serve).with_state((Arc::clone(&page), asked));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/projects.json?token=t0ken", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, page, receiver)
}

async fn serve(State((page, asked)): State<Shared>) -> Response {
    let page = page.lock().unwrap().clone();
    let _ = asked.send(page.clone());
    match page {
        Page::Json(json) => json.into_response(),
        Page::Failure => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Page::Elsewhere => (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response(),
        Page::Endless => {
            let spaces = stream::repeat(Ok::<_, Infallible>(Bytes::from_static(&[b' '; 4096])));
            Body::from_stream(spaces.boxed()).into_response()
        }
        Page::Silence => std::future::pending().await,
    }
}

async fn server(url: &str) -> Server {
    Server::start(with(|s| {
        s.context.projects_url = Some(url.into());
        s.context.projects_refresh = 1;
    }))
    .await
}

/// Asks until the answer is as expected.
async fn until(server: &Server, expected: &str) {
    soon(async {
        while !server.answer(&["What are your recent projects?"]).await.contains(expected) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn new_projects_are_known_without_a_restart() {
    let (url, page, _asked) = site(Page::Json(r#"[{"name": "Bridge", "summary": "a bridge"}]"#)).await;
    let server = server(&url).await;
    until(&server, "**Bridge**: a bridge").await;
    *page.lock().unwrap() = Page::Json(r#"[{"name": "Tunnel", "summary": "a tunnel"}]"#);
    until(&server, "**Tunnel**: a tunnel").await;
}

#[tokio::test]
async fn what_fails_leaves_the_last_good_list() {
    let (url, page, mut asked) = site(Page::Json(r#"[{"name": "Bridge", "summary": "a bridge"}]"#)).await;
    let server = server(&url).await;
    until(&server, "Bridge").await;
    for wrong in [Page::Failure, Page::Elsewhere, Page::Endless, Page::Json("[{"), Page::Json("<html>")] {
        *page.lock().unwrap() = wrong.clone();
        // When the next is given, this one has been dealt with.
        while soon(asked.recv()).await.unwrap() != wrong {}
        assert!(server.answer(&["What are your recent projects?"]).await.contains("Bridge"));
    }
    *page.lock().unwrap() = Page::Json(r#"[{"name": "Tunnel", "summary": "a tunnel"}]"#);
    until(&server, "Tunnel").await;
}

#[tokio::test]
async fn an_address_that_says_nothing_keeps_no_visitor_waiting() {
    let (url, _page, mut asked) = site(Page::Silence).await;
    let server = server(&url).await;
    soon(asked.recv()).await.unwrap();
    let start = Instant::now();
    assert!(server.answer(&["How do I install it?"]).await.contains("data-endpoint"));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
