//! The WebDriver process, and the endpoints of it that the client has no method for.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use axum::http::Method;
use serde_json::Value;
use thirtyfour::WebDriver;
use thirtyfour::common::command::{Command as Standard, ExtensionCommand};

use crate::browser::{TIME_ZONE, Wants};
use crate::engine::Engine;
use crate::wait::PATIENCE;

/// A WebDriver process of our own, ended when this is dropped or the test process ends.
#[derive(Debug)]
pub(crate) struct Driver {
    /// Where it listens.
    pub(crate) url: String,
    /// The wardens hold the other ends, see [`WARDEN`]: of the driver, and of its screen if it has one.
    _lifelines: Vec<ChildStdin>,
}

/// Runs the driver and ends it, its browsers and their profiles as soon as its own input closes: that happens when
/// the test process ends, however it ends. Only what this shell started is in its process group.
const WARDEN: &str = r#"
    command -v "$1" >/dev/null || exit 1
    dir=$(mktemp -d "${TMPDIR:-/tmp}/natter-e2e.XXXXXX") || exit 1
    mkdir "$dir/gtk-3.0"
    printf '%s' "$GTK_SETTINGS" > "$dir/gtk-3.0/settings.ini"
    printf '%s' "$GTK_STYLE" > "$dir/gtk-3.0/gtk.css"
    TMPDIR=$dir XDG_CONFIG_HOME=$dir "$@" </dev/null &
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

/// Lets MiniBrowser's window be as narrow as a phone, which its bars are too wide for.
const NARROW: &str = "* { min-width: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px; }";

impl Driver {
    /// Starts the program that drives `engine`, for a visitor who `wants` that.
    pub(crate) fn start(engine: Engine, wants: &Wants) -> Self {
        // The server's HTTP client is built without a default provider of cryptography; the WebDriver client shares
        // the crate and only speaks plain HTTP, but wants one all the same. Whoever is first wins.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut warden = Command::new("sh");
        warden.args(["-c", WARDEN, "warden", &engine.driver()]).env("TZ", TIME_ZONE);
        if engine == Engine::WebKit {
            return Self::without_a_word(warden, wants);
        }
        warden.arg("--port=0");
        if engine == Engine::Firefox {
            warden.arg("--allow-system-access");
        }
        let (lifeline, port) = watch(warden, &engine.driver(), port);
        Self { url: format!("http://127.0.0.1:{port}"), _lifelines: vec![lifeline] }
    }

    /// WebKitGTK's driver takes no port 0, and says nothing when it listens.
    fn without_a_word(mut warden: Command, wants: &Wants) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
        let (screen, number) = screen();
        let (folder, locale) = locale(wants.locale.as_deref().unwrap_or("en-US"));
        let settings = format!("[Settings]\ngtk-enable-animations={}\n", u8::from(!wants.reduced_motion));
        warden
            .arg(format!("--port={}", free.port()))
            .env("DISPLAY", format!(":{number}"))
            .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
            .env("GTK_SETTINGS", settings)
            .env("GTK_STYLE", NARROW)
            .env("LOCPATH", folder)
            .env("LC_ALL", locale)
            .stdout(Stdio::null());
        if !wants.graphics {
            // Half of the time where there is no hardware for it; but pictures never come, and view transitions crash it.
            warden.env("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
        }
        let mut child = spawn(&mut warden);
        let lifeline = child.stdin.take().unwrap();
        thread::spawn(move || child.wait());
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(free).is_err() {
            assert!(Instant::now() < deadline, "WebKitWebDriver does not start; is it installed?");
            thread::sleep(Duration::from_millis(20));
        }
        Self { url: format!("http://{free}"), _lifelines: vec![lifeline, screen] }
    }
}

/// The system's locale for a language, as a machine has it whose owner speaks that: the folder it is in, and its name.
fn locale(tag: &str) -> (PathBuf, String) {
    static MADE: Mutex<()> = Mutex::new(());
    let folder = env::current_exe().unwrap().with_file_name("locales");
    let system = tag.replace('-', "_");
    let name = format!("{system}.UTF-8");
    let _alone = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if !folder.join(&name).exists() {
        fs::create_dir_all(&folder).unwrap();
        let mut make = Command::new("localedef");
        let made = make.args(["-f", "UTF-8", "-i", &system]).arg(folder.join(&name)).output();
        assert!(made.is_ok_and(|made| made.status.success()), "localedef cannot make {name}: run `cargo xtask setup`");
    }
    (folder, name)
}

/// The size of a browser's screen, in pixels: a desktop's window with its bars has room.
pub(crate) const SCREEN: (u32, u32) = (1400, 1000);

/// A screen that nobody sees, and its number. Each browser has one of its
/// own: of the windows on a screen only one has the keyboard.
fn screen() -> (ChildStdin, u16) {
    let mut warden = Command::new("sh");
    warden.args(["-c", WARDEN, "warden", "Xvfb", "-displayfd", "1", "-screen", "0"]);
    warden.arg(format!("{}x{}x24", SCREEN.0, SCREEN.1));
    watch(warden, "Xvfb", |line| line.trim().parse().ok())
}

/// Runs a warden until what `program` prints has a number, and keeps it running.
fn watch(mut warden: Command, program: &str, number: fn(&str) -> Option<u16>) -> (ChildStdin, u16) {
    let mut child = spawn(warden.stdout(Stdio::piped()));
    let lifeline = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let number = lines
        .find_map(|line| number(&line))
        .unwrap_or_else(|| panic!("{program} does not start; is it installed? `cargo xtask setup` does that"));
    // Whatever else it prints is read, or it would block on a full pipe.
    thread::spawn(move || {
        lines.for_each(drop);
        let _ = child.wait();
    });
    (lifeline, number)
}

fn spawn(warden: &mut Command) -> Child {
    let warden = warden.process_group(0).stdin(Stdio::piped()).stderr(Stdio::null());
    warden.spawn().unwrap_or_else(|error| panic!("sh does not start: {error}"))
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
