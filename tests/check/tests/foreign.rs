//! Small endpoints that others wrote: they get a table they can use, whatever they speak.

mod common;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use common::wire::{Format, write};
use common::{Site, failed, fix};
use futures_util::stream;
use natter_check::{Outcome, Report};

/// An endpoint that answers everybody the same, in its one format, and checks nothing.
fn speaking(format: Format) -> Router {
    Router::new().route(
        "/chat",
        post(async move || {
            let words: Vec<String> = (1..=30).map(|nth| format!("word{nth} ")).collect();
            let events = write(format, "1", &words).into_iter();
            let body = stream::unfold(events, async |mut events| {
                let event = events.next()?;
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                Some((Ok::<_, std::io::Error>(event), events))
            });
            ([("content-type", format.content_type())], Body::from_stream(body)).into_response()
        }),
    )
}

fn skipped(report: &Report, id: &str) -> bool {
    matches!(report.check(id), Some(check) if matches!(check.outcome, Outcome::Skipped { .. }))
}

fn passed(report: &Report) -> Vec<&'static str> {
    let passed = report.checks.iter().filter(|check| check.outcome == Outcome::Passed);
    passed.map(|check| check.id).collect()
}

/// Its own format is judged, the others are skipped, and what is missing is told.
async fn judge(format: Format, group: &str) {
    let report = Site::start(speaking(format)).await.check(&[]).await;
    for check in report.checks.iter().filter(|check| check.id.starts_with("formats.")) {
        let own = check.id.starts_with(group) || matches!(check.id, "formats.answers" | "formats.accept");
        match &check.outcome {
            Outcome::Passed => assert!(own, "{} passed", check.id),
            Outcome::Skipped { why } => {
                assert!(why.contains("offer"), "{why}")
            }
            Outcome::Failed { saw, .. } => panic!("{}: {saw}", check.id),
        }
    }
    for sound in ["reply.answer", "requests.parts", "streaming.encoding", "secrets.key", "cors.preflight"] {
        assert!(passed(&report).contains(&sound), "{sound}");
    }
    for missing in ["errors.role-system", "limits.length", "limits.body", "rate.limit", "head.request-id"] {
        assert!(failed(&report).contains(&missing), "{missing}");
        assert!(fix(&report, missing).len() > 20, "{missing}");
    }
    assert!(skipped(&report, "resume.stop"));
    assert!(skipped(&report, "clients.forwarded"));
}

#[tokio::test]
async fn an_endpoint_that_speaks_the_ui_message_stream_only() {
    judge(Format::UiMessage, "formats.ui-message").await;
}

#[tokio::test]
async fn an_endpoint_that_speaks_openai_only() {
    judge(Format::OpenAi, "formats.openai").await;
}

#[tokio::test]
async fn an_endpoint_that_speaks_plain_text_only() {
    judge(Format::Text, "formats.text").await;
}

#[tokio::test]
async fn an_endpoint_that_wants_a_key_is_answered_with_how_to_hand_it_over() {
    let keyed = async |headers: HeaderMap| {
        let known = headers.get("x-key").is_some_and(|key| key == "1234");
        if known { (StatusCode::OK, "yes") } else { (StatusCode::UNAUTHORIZED, "who are you?") }
    };
    let site = Site::start(Router::new().route("/chat", post(keyed))).await;
    let report = site.check(&[]).await;
    assert!(fix(&report, "reply.answer").contains("--header"));
    let report = site.check(&["--header", "X-Key: 1234"]).await;
    assert!(passed(&report).contains(&"reply.answer"));
}
