//! The WebDriver process, and the endpoints of it that the client has no method for.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::Arc;

use axum::http::Method;
use serde_json::Value;
use thirtyfour::WebDriver;
use thirtyfour::common::command::{Command as Standard, ExtensionCommand};

use crate::browser::{Engine, TIME_ZONE};

/// A WebDriver process of our own, ended when this is dropped or the test process ends.
#[derive(Debug)]
pub(crate) struct Driver {
    /// Where it listens.
    pub(crate) url: String,
    /// The warden holds the other end, see [`WARDEN`].
    _lifeline: ChildStdin,
}

/// Runs the driver and ends it, its browsers and their profiles as soon as its own input closes: that happens when
/// the test process ends, however it ends. Only what this shell started is in its process group.
const WARDEN: &str = r#"
    dir=$(mktemp -d "${TMPDIR:-/tmp}/natter-e2e.XXXXXX") || exit 1
    TMPDIR=$dir "$@" </dev/null &
    driver=$!
    while read -r _; do :; done
    trap '' TERM
    kill "$driver" 2>/dev/null
    wait "$driver"
    kill -- -$$ 2>/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        rm -rf "$dir"
        sleep 0.2
        [ -e "$dir" ] || break # a browser on its way out still wrote
    done
"#;

impl Driver {
    /// Starts the program that drives `engine`.
    pub(crate) fn start(engine: Engine) -> Self {
        // The server's HTTP client is built without a default provider of cryptography; the WebDriver client shares
        // the crate and only speaks plain HTTP, but wants one all the same. Whoever is first wins.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (program, args) = engine.driver();
        let mut warden = Command::new("sh")
            .args(["-c", WARDEN, "warden", &program])
            .args(args)
            .env("TZ", TIME_ZONE)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("sh does not start: {error}"));
        let lifeline = warden.stdin.take().unwrap();
        let mut lines = BufReader::new(warden.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines
            .find_map(|line| port(&line))
            .unwrap_or_else(|| panic!("{program} does not start; is it installed? `cargo xtask setup` does that"));
        // Whatever else it prints is read, or it would block on a full pipe.
        std::thread::spawn(move || {
            lines.for_each(drop);
            let _ = warden.wait();
        });
        Self { url: format!("http://127.0.0.1:{port}"), _lifeline: lifeline }
    }
}

/// The port in `… started successfully on port 12345.` (chromedriver) or `… Listening on 127.0.0.1:12345` (geckodriver).
fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("successfully on port ").or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
    rest.trim_end_matches('.').trim().parse().ok()
}

/// An endpoint that the client has no method for.
#[derive(Debug)]
struct Raw {
    method: Method,
    path: Arc<str>,
    body: Option<Value>,
}

impl ExtensionCommand for Raw {
    fn parameters_json(&self) -> Option<Value> {
        self.body.clone()
    }

    fn method(&self) -> Method {
        self.method.clone()
    }

    fn endpoint(&self) -> Arc<str> {
        self.path.clone()
    }
}

pub(crate) async fn get(driver: &WebDriver, path: String) -> Result<Value, thirtyfour::error::WebDriverError> {
    send(driver, Raw { method: Method::GET, path: path.into(), body: None }).await
}

pub(crate) async fn post(
    driver: &WebDriver,
    path: &str,
    body: Value,
) -> Result<Value, thirtyfour::error::WebDriverError> {
    send(driver, Raw { method: Method::POST, path: path.into(), body: Some(body) }).await
}

async fn send(driver: &WebDriver, raw: Raw) -> Result<Value, thirtyfour::error::WebDriverError> {
    driver.cmd(Standard::ExtensionCommand(Box::new(raw))).await?.value_json()
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn reads_the_port_of_either_driver() {
        assert_eq!(port("ChromeDriver was started successfully on port 40123."), Some(40123));
        assert_eq!(port("1790000000000\tgeckodriver\tINFO\tListening on 127.0.0.1:39999"), Some(39999));
        assert_eq!(port("Starting ChromeDriver 156.0 on port 0"), None);
    }
}
