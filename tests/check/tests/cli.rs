//! The command: what it prints and how it exits.

mod common;

use std::net::TcpListener;
use std::process::Output;

use common::Site;
use common::endpoint::{Defect, broken, sound};
use serde_json::Value;
use tokio::process::Command;

#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
async fn natter_check(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_natter-check")).args(args).output().await.unwrap()
}

#[tokio::test]
async fn a_sound_endpoint_gets_a_plain_table_and_the_exit_code_0() {
    let site = Site::start(sound()).await;
    let output = natter_check(&[&site.endpoint()]).await;
    let table = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{table}");
    assert!(table.lines().last().unwrap().ends_with(" passed, 0 failed, 0 skipped"), "{table}");
    assert!(!table.contains('\u{1b}'), "no colours where there is no terminal");
}

#[tokio::test]
async fn a_broken_endpoint_gets_the_exit_code_1_and_json_has_every_check() {
    let site = Site::start(broken(Defect::TakesSystem)).await;
    let output = natter_check(&[&site.endpoint(), "--json"]).await;
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["failed"], &report["endpoint"]), (&1.into(), &site.endpoint().into()));
    let checks = report["checks"].as_array().unwrap();
    let failed = checks.iter().find(|check| check["outcome"] == "failed").unwrap();
    assert_eq!(failed["id"], "errors.role-system");
    assert!(failed["saw"].is_string() && failed["fix"].is_string() && failed["title"].is_string());
    assert_eq!(Some(checks.len() as u64 - 1), report["passed"].as_u64());
}

#[tokio::test]
async fn nobody_there_and_arguments_that_make_no_sense_give_the_exit_code_2() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = natter_check(&[&format!("http://{free}/chat")]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be reached"));
    for wrong in [
        &["ftp://a/chat"][..],
        &[],
        &["http://a/chat", "--header", "nonsense"],
        &["http://a/chat", "--max-length", "0"],
        &["http://a/chat", "--allowed-origin", "https://a.example/"],
    ] {
        assert_eq!(natter_check(wrong).await.status.code(), Some(2), "{wrong:?}");
    }
}
