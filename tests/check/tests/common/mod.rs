//! A sound endpoint on a free port, the same with one defect, and a run of the checker over it.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    missing_debug_implementations,
    reason = "each test file uses a part"
)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

pub mod endpoint;
pub mod refusals;
pub mod wire;

use std::net::SocketAddr;

use axum::Router;
use clap::Parser;
use natter_check::{Options, Outcome, Report, Table, run};
use tokio::net::TcpListener;

/// Something that listens until the test ends.
pub struct Site {
    pub addr: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Site {
    pub async fn start(app: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { addr, task }
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}/chat", self.addr)
    }

    /// What the checker finds, run with these further arguments.
    pub async fn check(&self, args: &[&str]) -> Report {
        check(&self.endpoint(), args).await
    }
}

pub async fn check(endpoint: &str, args: &[&str]) -> Report {
    let all = ["natter-check", endpoint].into_iter().chain(args.iter().copied());
    run(&Options::try_parse_from(all).unwrap()).await.unwrap()
}

/// The ids of the checks that failed.
pub fn failed(report: &Report) -> Vec<&'static str> {
    let failed = report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Failed { .. }));
    failed.map(|check| check.id).collect()
}

/// What to fix, as a failed check says it.
#[track_caller]
pub fn fix<'a>(report: &'a Report, id: &str) -> &'a str {
    match &report.check(id).unwrap().outcome {
        Outcome::Failed { fix, .. } => fix,
        other => panic!("{id} did not fail but {other:?}:\n{}", Table::new(report, false)),
    }
}

/// Nothing failed and nothing was skipped; otherwise the table tells why not.
#[track_caller]
pub fn assert_sound(report: &Report) {
    assert!(report.failed == 0 && report.skipped == 0, "{}", Table::new(report, false));
}
