//! The server of this repository, as it comes.

mod common;

use std::future::pending;

use natter_server_example::{AppState, Settings, serve};
use tokio::net::TcpListener;

#[tokio::test]
async fn our_server_passes_with_its_defaults_and_nothing_is_skipped() {
    let settings = Settings { contact_file: "/nowhere/contact.jsonl".into(), ..Settings::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/api/chat", listener.local_addr().unwrap());
    let server = tokio::spawn(serve(listener, AppState::new(settings).unwrap(), pending()));
    common::assert_sound(&common::check(&endpoint, &[]).await);
    server.abort();
}

#[tokio::test]
async fn a_site_that_our_server_allows_may_ask() {
    const FRIEND: &str = "https://friend.example";
    let mut settings = Settings { contact_file: "/nowhere/contact.jsonl".into(), ..Settings::default() };
    settings.limits.allowed_origins = vec![FRIEND.into()];
    settings.limits.rate_limit = "100/60".parse().unwrap();
    settings.context.word_delay = 5;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/api/chat", listener.local_addr().unwrap());
    let server = tokio::spawn(serve(listener, AppState::new(settings).unwrap(), pending()));
    common::assert_sound(&common::check(&endpoint, &["--allowed-origin", FRIEND]).await);
    server.abort();
}
