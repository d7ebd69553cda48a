//! The endpoints of examples/endpoints, each as its own program, as somebody who copies it would run it.
//!
//! One whose interpreter is not on PATH is printed as not run.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::fs::{self, File};
use std::io::{Write, stderr};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::check;
use natter_check::{Outcome, Report, Table};

/// Questions a minute: enough for a whole run without waiting, few enough to be used up soon.
const RATE_LIMIT: &str = "80";
/// How long a program may take to listen, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a program that found its port taken is started on another.
const TRIES: usize = 3;
/// What a minimal endpoint may leave out.
const OPTIONAL: [&str; 5] = ["formats.openai", "formats.text", "formats.ndjson", "formats.json", "formats.accept"];

fn endpoints() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/endpoints").canonicalize().unwrap()
}

/// A file of this test alone.
fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// A program that listens; it is ended with the test, by its own id.
struct Running {
    child: Child,
    addr: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// Starts what `command` makes for a port, and waits until somebody listens there.
    fn start(name: &str, command: impl Fn(u16) -> Command) -> Self {
        let log = scratch(&format!("{name}.log"));
        for _ in 0..TRIES {
            let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            let output = File::create(&log).unwrap();
            let mut command = command(addr.port());
            command.env("PORT", addr.port().to_string()).env("RATE_LIMIT", RATE_LIMIT);
            command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
            let mut running = Self { child: command.spawn().unwrap(), addr };
            if running.listens() {
                return running;
            }
        }
        panic!("{name} did not start: {}", fs::read_to_string(&log).unwrap());
    }

    /// Whether it came to listen before it ended.
    fn listens(&mut self) -> bool {
        let started = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            if TcpStream::connect(self.addr).is_ok() {
                return true;
            }
            assert!(started.elapsed() < PATIENCE, "nobody listens at {}", self.addr);
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    async fn passes(&self) {
        let report = check(&format!("http://{}/api/chat", self.addr), &[]).await;
        assert!(report.failed == 0 && unexpected(&report).is_empty(), "{}", Table::new(&report, false));
    }
}

/// What was skipped though no endpoint may leave it out.
fn unexpected(report: &Report) -> Vec<&str> {
    let skipped = report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Skipped { .. }));
    let optional = |id: &str| id.starts_with("resume.") || OPTIONAL.iter().any(|group| id.starts_with(group));
    skipped.map(|check| check.id).filter(|id| !optional(id)).collect()
}

/// Whether there is an interpreter of this name, which tells its version when asked with `flag`.
fn interpreter(name: &str, flag: &str) -> bool {
    let found = Command::new(name).arg(flag).output().is_ok_and(|output| output.status.success());
    if !found {
        let note = format!("examples/endpoints: {name} is not on PATH, so its endpoint was not run\n");
        // Past the test harness, which keeps what a passing test prints to itself.
        stderr().write_all(note.as_bytes()).unwrap();
    }
    found
}

#[tokio::test]
async fn the_endpoint_in_rust_keeps_the_contract() {
    // Beside the folder of this test's own binary, where Cargo puts examples.
    let program = std::env::current_exe().unwrap().parent().unwrap().with_file_name("examples").join("endpoint");
    assert!(program.exists(), "it is not built: `cargo build -p natter-check --example endpoint` builds it");
    Running::start("rust", |_| Command::new(&program)).passes().await;
}

#[tokio::test]
async fn the_endpoint_in_node_keeps_the_contract() {
    if interpreter("node", "--version") {
        let command = |_| {
            let mut node = Command::new("node");
            node.arg(endpoints().join("node/server.mjs"));
            node
        };
        Running::start("node", command).passes().await;
    }
}

#[tokio::test]
async fn the_endpoint_in_python_keeps_the_contract() {
    if interpreter("python3", "--version") {
        let command = |_| {
            let mut python = Command::new("python3");
            python.arg(endpoints().join("python/server.py"));
            python
        };
        Running::start("python", command).passes().await;
    }
}

#[tokio::test]
async fn the_endpoint_in_php_keeps_the_contract() {
    if interpreter("php", "--version") {
        let counts = scratch("php-rate-limit.json");
        let _ = fs::remove_file(&counts);
        let command = |port| {
            let mut php = Command::new("php");
            php.arg("-S").arg(format!("127.0.0.1:{port}")).arg(endpoints().join("php/index.php"));
            php.env("RATE_FILE", &counts);
            php
        };
        Running::start("php", command).passes().await;
    }
}

#[tokio::test]
async fn the_endpoint_in_go_keeps_the_contract() {
    if interpreter("go", "version") {
        // Not `go run`: the program would be a child of it, with an id of its own.
        let program = scratch("endpoint-go");
        let build =
            Command::new("go").arg("build").arg("-o").arg(&program).arg(endpoints().join("go/main.go")).output();
        let build = build.unwrap();
        assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
        Running::start("go", |_| Command::new(&program)).passes().await;
    }
}
