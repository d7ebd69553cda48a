//! The replies that docs/endpoint.md shows, as an endpoint that gives them: the checker finds their grammar in order.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use axum::Router;
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use axum::routing::post;
use common::Site;
use natter_check::{Outcome, Table};

const PAGE: &str = include_str!("../../../docs/endpoint.md");

/// The first block of code below a heading.
fn block(heading: &str) -> &'static str {
    let (_, section) = PAGE.split_once(&format!("\n### {heading}\n")).unwrap();
    let (_, block) = section.split_once("\n```").unwrap();
    let (_, block) = block.split_once('\n').unwrap();
    block.split_once("```").unwrap().0
}

async fn documented(RawQuery(query): RawQuery, body: Bytes) -> impl IntoResponse {
    let at_once = body.windows(14).any(|piece| piece == b"\"stream\":false");
    let (heading, content_type) = match query.as_deref() {
        _ if at_once => ("`json`", "application/json"),
        Some("format=openai") => ("`openai`", "text/event-stream"),
        Some("format=text") => ("`text`", "text/plain; charset=utf-8"),
        Some("format=ndjson") => ("`ndjson`", "application/x-ndjson"),
        _ => ("UI message stream (the default)", "text/event-stream"),
    };
    ([("content-type", content_type)], block(heading))
}

#[tokio::test]
async fn every_reply_in_the_documentation_is_in_order() {
    let report = Site::start(Router::new().route("/chat", post(documented))).await.check(&[]).await;
    let formats: Vec<_> = report.checks.iter().filter(|check| check.group() == "formats").collect();
    // Which format Accept asks for is no matter of how one is written.
    let wrong = formats.iter().filter(|check| check.id != "formats.accept" && check.outcome != Outcome::Passed);
    assert_eq!(wrong.count(), 0, "{}", Table::new(&report, false));
    assert!(formats.len() > 10);
}

#[test]
fn every_reply_says_the_same() {
    for heading in ["`openai`", "`text`", "`json`"] {
        assert!(block(heading).contains("Hello there"), "{heading}");
    }
    for heading in ["UI message stream (the default)", "`ndjson`"] {
        assert!(block(heading).contains("\"Hello \"") && block(heading).contains("\"there\""), "{heading}");
    }
}
