//! The server of this repository, as it comes.

mod common;

use std::future::pending;

use common::{assert_sound, check};
use natter_server_example::{AppState, Settings, serve};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server with these settings, until it is aborted, and its endpoint.
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
async fn start(settings: Settings) -> (JoinHandle<std::io::Result<()>>, String) {
    let settings = Settings { contact_file: "/nowhere/contact.jsonl".into(), ..settings };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/api/chat", listener.local_addr().unwrap());
    (tokio::spawn(serve(listener, AppState::new(settings).unwrap(), pending())), endpoint)
}

#[tokio::test]
async fn our_server_passes_with_its_defaults_and_nothing_is_skipped() {
    let (server, endpoint) = start(Settings::default()).await;
    assert_sound(&check(&endpoint, &[]).await);
    server.abort();
}

#[tokio::test]
async fn a_site_that_our_server_allows_may_ask() {
    const FRIEND: &str = "https://friend.example";
    let mut settings = Settings::default();
    settings.limits.allowed_origins = vec![FRIEND.into()];
    settings.limits.rate_limit = "100/60".parse().unwrap();
    settings.context.word_delay = 5;
    let (server, endpoint) = start(settings).await;
    assert_sound(&check(&endpoint, &["--allowed-origin", FRIEND]).await);
    server.abort();
}
