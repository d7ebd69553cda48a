//! Holds the server against its own description: schemathesis makes requests of openapi.json and judges the answers.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{setup, sh, tools};

/// Known to work; a new one may know new complaints.
const VERSION: &str = "4.32.5";
/// How long it may go on making up requests, in seconds.
const SECONDS: &str = "30";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method";

/// Installs it from PyPI into a folder of its own, unless it is there.
pub(crate) fn install() -> Result<()> {
    let runs = sh::cmd(program()).arg("--version").output();
    if runs.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(VERSION)) {
        return Ok(());
    }
    let folder = folder();
    fs::remove_dir_all(&folder).ok();
    if make_folder(&folder).is_err() {
        // Debian's Python comes without the module that makes such folders.
        setup::apt_update()?;
        setup::apt(&["python3", "python3-venv"])?;
        make_folder(&folder)?;
    }
    let package = format!("schemathesis=={VERSION}");
    sh::run(sh::cmd(folder.join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check", &package]))
        .with_context(|| format!("get it with `pip install {package}`"))
}

fn make_folder(folder: &PathBuf) -> Result<()> {
    sh::run(sh::cmd("python3").args(["-m", "venv"]).arg(folder))
}

fn folder() -> PathBuf {
    tools::dir().join("schemathesis")
}

fn program() -> PathBuf {
    folder().join("bin/st")
}

/// No answer is a server error, or has a status, a type or a body that the description does not name.
pub(crate) fn check() -> Result<()> {
    sh::run(sh::cmd("cargo").args(["build", "--package", "natter-server-example"]))?;
    let server = Server::start()?;
    let work = tools::dir().join("schemathesis/work");
    fs::create_dir_all(&work)?;
    let mut command = sh::cmd(program());
    command.args(["run", &format!("{}/openapi.json", server.url), "--checks", CHECKS, "--max-time", SECONDS]);
    // It leaves a folder of what it tried where it runs.
    sh::run(command.args(["--max-examples", "50", "--suppress-health-check", "all", "--no-color"]).current_dir(work))
}

/// The server on a free port, until this is dropped.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Result<Self> {
        let mut command: Command = sh::cmd(sh::target_dir().join("debug/natter-server-example"));
        let notes = tools::dir().join("schemathesis/contact.jsonl");
        // No limit to run into, no pause between words, and nobody else's settings.
        command.env_clear().args(["--addr", "127.0.0.1:0", "--rate-limit", "1000000/1", "--word-delay", "0"]);
        command.arg("--contact-file").arg(notes).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().context("the server does not start")?;
        let mut line = String::new();
        if let Some(out) = process.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let url = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        let server = Self { process, url };
        if !server.url.starts_with("http") {
            bail!("the server did not say where it is; `cargo run -p natter-server-example` shows why");
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().and_then(|()| self.process.wait()).ok();
    }
}
