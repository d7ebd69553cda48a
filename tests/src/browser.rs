//! The browsers, and the sessions that tests share.
//!
//! Starting a browser costs about a second, so a finished test hands its session to the next one. Nothing leaks
//! between them: each test has a site on a port of its own, hence an origin of its own with empty storage.

use std::env;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};
use tokio::runtime::Runtime;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use crate::driver::{Driver, post};
use crate::page::Page;

/// The one runtime: a session outlives the test that opened it, and its connections live on a runtime.
pub static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// Where the tests live, in time: half an hour off every whole zone, so that a UTC clock is told from a local one.
pub const TIME_ZONE: &str = "Asia/Kolkata";

/// Browsers that run side by side.
const PARALLEL: usize = 2;

static PLACES: Semaphore = Semaphore::const_new(PARALLEL);
static DRIVER: OnceCell<Arc<Driver>> = OnceCell::const_new();
static IDLE: Mutex<Vec<Browser>> = Mutex::new(Vec::new());

/// Which browser the tests run in: `NATTER_BROWSER=chromium` (default), `firefox` or `webkit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, with chromedriver.
    Chromium,
    /// Firefox, with geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser, with WebKitWebDriver. It needs a screen, which Xvfb pretends to be.
    WebKit,
}

impl Engine {
    /// The engine the environment names.
    ///
    /// # Panics
    /// When it names one that is not known.
    #[must_use]
    pub fn current() -> Self {
        match env::var("NATTER_BROWSER").as_deref() {
            Err(_) | Ok("" | "chromium") => Self::Chromium,
            Ok("firefox") => Self::Firefox,
            Ok("webkit") => Self::WebKit,
            Ok(other) => panic!("NATTER_BROWSER={other} is not known; it can be chromium, firefox or webkit"),
        }
    }

    /// The driver's program.
    pub(crate) fn driver(self) -> String {
        let named = |variable, default: &str| env::var(variable).unwrap_or_else(|_| default.into());
        match self {
            Self::Chromium => named("CHROMEDRIVER", "chromedriver"),
            Self::Firefox => named("GECKODRIVER", "geckodriver"),
            Self::WebKit => named("WEBKITDRIVER", "WebKitWebDriver"),
        }
    }

    fn capabilities(self, wants: &Wants) -> Capabilities {
        let value = match self {
            Self::Chromium => chromium(),
            Self::Firefox => firefox(wants),
            Self::WebKit => webkit(),
        };
        serde_json::from_value(value).unwrap()
    }
}

fn chromium() -> Value {
    let mut options = json!({"args": [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--lang=en-US",
        format!("--window-size={},{}", DESKTOP.0, DESKTOP.1),
    ]});
    if let Ok(binary) = env::var("CHROMIUM") {
        options["binary"] = binary.into();
    }
    json!({
        "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": options,
        // An alert nobody expects is a failure, not something to click away.
        "unhandledPromptBehavior": "ignore",
    })
}

fn firefox(wants: &Wants) -> Value {
    let mut options = json!({
        "args": ["-headless", format!("--width={}", DESKTOP.0), format!("--height={}", DESKTOP.1)],
        "prefs": {
            "ui.prefersReducedMotion": i32::from(wants.reduced_motion),
            "ui.systemUsesDarkTheme": i32::from(wants.dark),
            "intl.accept_languages": wants.locale.as_deref().unwrap_or("en-US"),
            "intl.locale.requested": wants.locale.as_deref().unwrap_or("en-US"),
        },
    });
    if let Ok(binary) = env::var("FIREFOX") {
        options["binary"] = binary.into();
    }
    json!({"browserName": "firefox", "moz:firefoxOptions": options, "unhandledPromptBehavior": "ignore"})
}

/// What the visitor's system is set to, WebKitGTK reads from the environment of the driver, see `driver.rs`.
fn webkit() -> Value {
    let binary = env::var("MINIBROWSER").unwrap_or_else(|_| MINIBROWSER.into());
    json!({
        "browserName": "MiniBrowser", "unhandledPromptBehavior": "ignore",
        "webkitgtk:browserOptions": {"binary": binary, "args": ["--automation"]},
    })
}

/// Where Debian puts it.
const MINIBROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/// The desktop's window, in CSS pixels.
pub const DESKTOP: (u32, u32) = (1280, 800);
/// A phone's window, in CSS pixels.
pub const PHONE: (u32, u32) = (390, 844);

/// What a visitor's browser is set to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// A phone: small, touched, dense.
    pub phone: bool,
    /// The system asks for less motion.
    pub reduced_motion: bool,
    /// The system is dark.
    pub dark: bool,
    /// The visitor's language, when it is not American English.
    pub locale: Option<String>,
}

/// A browser session, and the place it takes among those that run side by side.
#[derive(Debug)]
pub struct Session {
    browser: Browser,
    wants: Wants,
    _place: SemaphorePermit<'static>,
}

impl Session {
    /// Takes an idle session or starts one, and sets it up as the visitor wants.
    pub async fn open(wants: &Wants) -> Self {
        let place = PLACES.acquire().await.unwrap();
        let engine = Engine::current();
        // Chromium can be set up while it runs; the others are told when they start.
        let idle = if engine == Engine::Chromium || *wants == Wants::default() { take_idle() } else { None };
        let browser = match idle {
            Some(browser) => browser,
            None => start(engine, wants).await,
        };
        let session = Self { browser, wants: wants.clone(), _place: place };
        if engine == Engine::Chromium {
            session.emulate().await;
        } else {
            let (width, height) = if wants.phone { PHONE } else { DESKTOP };
            session.browser.client.set_window_rect(0, 0, width, height).await.unwrap();
        }
        session
    }

    /// What its window shows.
    #[must_use]
    pub fn page(&self) -> Page {
        Page::new(self.browser.client.clone())
    }

    /// Gives the browser back for the next test.
    pub async fn release(self) {
        let plain = Engine::current() == Engine::Chromium || self.wants == Wants::default();
        let client = &self.browser.client;
        if plain && client.goto("about:blank").await.is_ok() {
            if Engine::current() == Engine::Chromium {
                let _ = client.browser_log().await;
            }
            IDLE.lock().unwrap().push(self.browser);
        } else {
            self.discard().await;
        }
    }

    /// Ends the browser: after a failure nobody knows what state it is in.
    pub async fn discard(self) {
        let _ = self.browser.client.quit().await;
    }

    /// What a visitor's settings do in Chromium, where the driver reaches them over its own protocol.
    async fn emulate(&self) {
        let wants = &self.wants;
        let value = |on: bool, yes: &'static str, no: &'static str| if on { yes } else { no };
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({"features": [
                {"name": "prefers-reduced-motion", "value": value(wants.reduced_motion, "reduce", "no-preference")},
                {"name": "prefers-color-scheme", "value": value(wants.dark, "dark", "light")},
            ]}),
        )
        .await;
        if wants.phone {
            let (width, height) = PHONE;
            let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 2, "mobile": true});
            self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        } else {
            let (width, height) = DESKTOP;
            let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
            self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        }
        self.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": wants.phone})).await;
        let locale = wants.locale.as_deref().unwrap_or("en-US");
        self.devtools("Emulation.setLocaleOverride", json!({"locale": locale})).await;
        let agent = self.browser.client.execute("return navigator.userAgent", vec![]).await.unwrap();
        let agent = json!({"userAgent": agent.json(), "acceptLanguage": locale});
        self.devtools("Emulation.setUserAgentOverride", agent).await;
    }

    /// A command of Chromium's own protocol, and what it answers.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        let body = json!({"cmd": command, "params": params});
        let answer = post(&self.browser.client, "/goog/cdp/execute", body).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

fn take_idle() -> Option<Browser> {
    IDLE.lock().unwrap().pop()
}

async fn start(engine: Engine, wants: &Wants) -> Browser {
    let driver = match engine {
        Engine::Chromium => DRIVER.get_or_init(async || Arc::new(Driver::start(engine, wants))).await.clone(),
        // Theirs have one session and no more.
        Engine::Firefox | Engine::WebKit => Arc::new(Driver::start(engine, wants)),
    };
    let client = WebDriver::builder(&driver.url, engine.capabilities(wants))
        .request_timeout(Duration::from_secs(60))
        .connect()
        .await
        .unwrap_or_else(|error| panic!("no browser session: {error}"));
    Browser { client, _driver: driver }
}

/// A browser, and the driver process that it lives in.
#[derive(Debug)]
struct Browser {
    client: WebDriver,
    _driver: Arc<Driver>,
}
