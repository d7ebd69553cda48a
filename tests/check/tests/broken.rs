//! Endpoints with one defect each: it is found, the report says what to fix, and nothing else is blamed.

mod common;

use common::endpoint::{Defect, KEY, broken, sound};
use common::{Site, assert_sound, failed, fix};
use natter_check::{Report, Table};

/// The report on an endpoint that has this defect; these checks fail and no others.
#[track_caller]
fn assert_failed(report: &Report, expected: &[&str]) {
    assert_eq!(failed(report), expected, "{}", Table::new(report, false));
    assert_eq!(report.skipped, 0, "{}", Table::new(report, false));
}

async fn check(defect: Defect) -> Report {
    Site::start(broken(defect)).await.check(&[]).await
}

#[tokio::test]
async fn an_endpoint_without_a_defect_passes_everything() {
    assert_sound(&Site::start(sound()).await.check(&[]).await);
}

#[tokio::test]
async fn an_answer_held_back_until_it_is_complete_is_noticed() {
    let report = check(Defect::Buffers).await;
    assert_failed(&report, &["streaming.unbuffered"]);
    assert!(fix(&report, "streaming.unbuffered").contains("Flush each event"));
}

#[tokio::test]
async fn a_finish_after_an_error_is_noticed() {
    let report = check(Defect::EndsTwice).await;
    assert!(fix(&report, "formats.ui-message.terminal").contains("exactly one terminal part"));
    for sound in ["formats.ui-message.pairing", "formats.openai.finish", "errors.body", "rate.limit", "cors.foreign"] {
        assert!(!failed(&report).contains(&sound), "{sound}");
    }
}

#[tokio::test]
async fn a_delta_before_its_text_start_is_noticed() {
    let report = check(Defect::DeltaFirst).await;
    assert_failed(&report, &["formats.ui-message.pairing"]);
    assert!(fix(&report, "formats.ui-message.pairing").contains("text-start"));
}

#[tokio::test]
async fn trust_in_the_leftmost_forwarded_address_is_noticed() {
    let report = check(Defect::TrustsForwarded).await;
    assert_failed(&report, &["clients.x-forwarded-for"]);
    assert!(fix(&report, "clients.x-forwarded-for").contains("rightmost address"));
}

#[tokio::test]
async fn a_key_and_a_stack_trace_in_an_error_are_noticed_and_the_key_is_not_repeated() {
    let report = check(Defect::LeaksKey).await;
    assert!(fix(&report, "secrets.key").contains("take the key out of use"));
    assert!(fix(&report, "secrets.trace").contains("debug mode"));
    assert!(fix(&report, "secrets.path").contains("log"));
    assert!(fix(&report, "errors.malformed").contains("400"));
    let expected = [
        "errors.malformed",
        "errors.body",
        "errors.request-id",
        "errors.server",
        "secrets.key",
        "secrets.trace",
        "secrets.path",
    ];
    assert_failed(&report, &expected);
    assert!(!Table::new(&report, false).to_string().contains(KEY));
}

#[tokio::test]
async fn every_origin_with_cookies_is_noticed() {
    let report = check(Defect::AllowsAnyOrigin).await;
    assert_failed(&report, &["cors.preflight", "cors.foreign", "cors.credentials"]);
    assert!(fix(&report, "cors.preflight").contains("exact list"));
    assert!(fix(&report, "cors.credentials").contains("Access-Control-Allow-Credentials"));
}

#[tokio::test]
async fn a_system_prompt_from_a_client_is_noticed() {
    let report = check(Defect::TakesSystem).await;
    assert_failed(&report, &["errors.role-system"]);
    assert!(fix(&report, "errors.role-system").contains("system prompt"));
}

#[tokio::test]
async fn a_reply_that_cannot_be_stopped_is_noticed() {
    let report = check(Defect::NeverStops).await;
    assert_failed(&report, &["resume.stop"]);
    assert!(fix(&report, "resume.stop").contains("DELETE"));
}

#[tokio::test]
async fn a_reply_that_is_resumed_at_the_wrong_place_is_noticed() {
    let report = check(Defect::ForgetsPosition).await;
    assert_failed(&report, &["resume.position"]);
    assert!(fix(&report, "resume.position").contains("Last-Event-ID"));
}
