//! The browsers, and the sessions that tests share.
//!
//! Starting a browser costs about a second, so a finished test hands its session to the next one. Nothing leaks
//! between them: each test has a site on a port of its own, hence an origin of its own with empty storage.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::WebDriver;
use thirtyfour::error::WebDriverError;
use tokio::runtime::Runtime;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use crate::driver::{Driver, post};
use crate::engine::Engine;
use crate::page::Page;

/// The one runtime: a session outlives the test that opened it, and its connections live on a runtime.
pub static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// Where the tests live, in time: half an hour off every whole zone, so that a UTC clock is told from a local one.
pub const TIME_ZONE: &str = "Asia/Kolkata";

/// Browsers that run side by side.
const PARALLEL: usize = 3;

static PLACES: Semaphore = Semaphore::const_new(PARALLEL);
static DRIVER: OnceCell<Arc<Driver>> = OnceCell::const_new();
static IDLE: Mutex<Vec<Browser>> = Mutex::new(Vec::new());

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
    /// The window is composed of layers, see [`Visitor::with_graphics`](crate::Visitor::with_graphics).
    pub graphics: bool,
    /// The visitor's language, when it is not American English.
    pub locale: Option<String>,
}

/// A browser session, and the place it takes among those that run side by side.
#[derive(Debug)]
pub struct Session {
    browser: Browser,
    _place: SemaphorePermit<'static>,
}

impl Session {
    /// Takes an idle session or starts one, and sets it up as the visitor wants.
    pub async fn open(wants: &Wants) -> Self {
        let place = PLACES.acquire().await.unwrap();
        let browser = match take_idle(wants) {
            Some(mut browser) if Engine::current().is_set_up_while_it_runs() => {
                browser.wants = wants.clone();
                browser
            }
            Some(browser) if browser.wants == *wants => browser,
            // There are never more browsers than places.
            Some(browser) => {
                let _ = browser.client.quit().await;
                start(wants).await
            }
            None => start(wants).await,
        };
        let session = Self { browser, _place: place };
        if Engine::current().is_set_up_while_it_runs() {
            session.emulate().await;
        } else {
            let (width, height) = if wants.phone { PHONE } else { DESKTOP };
            session.page().is_sized(width, height).await;
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
        let client = &self.browser.client;
        if client.goto("about:blank").await.is_err() {
            return self.discard().await;
        }
        if Engine::current().keeps_log() {
            let _ = client.browser_log().await;
        }
        IDLE.lock().unwrap().push(self.browser);
    }

    /// Ends the browser: after a failure nobody knows what state it is in.
    pub async fn discard(self) {
        let _ = self.browser.client.quit().await;
    }

    /// What a visitor's settings do in Chromium, where the driver reaches them over its own protocol.
    async fn emulate(&self) {
        let wants = &self.browser.wants;
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

/// An idle browser, one that is set up like that if there is one.
fn take_idle(wants: &Wants) -> Option<Browser> {
    let mut idle = IDLE.lock().unwrap();
    let fitting = idle.iter().position(|browser| browser.wants == *wants);
    fitting.map(|index| idle.remove(index)).or_else(|| idle.pop())
}

async fn start(wants: &Wants) -> Browser {
    let engine = Engine::current();
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
    if engine == Engine::Firefox {
        let narrow = lets_be_narrow(&client).await;
        narrow.unwrap_or_else(|error| panic!("Firefox's window cannot be made narrow: {error}"));
    }
    Browser { client, wants: wants.clone(), _driver: driver }
}

/// Firefox's window would be 500 pixels wide or more; a phone's is not.
async fn lets_be_narrow(client: &WebDriver) -> Result<(), WebDriverError> {
    post(client, "/moz/context", json!({"context": "chrome"})).await?;
    let code = "document.documentElement.style.setProperty('min-width', '0', 'important'); return null;";
    client.execute(code, vec![]).await?;
    post(client, "/moz/context", json!({"context": "content"})).await?;
    Ok(())
}

/// A browser, and the driver process that it lives in.
#[derive(Debug)]
struct Browser {
    client: WebDriver,
    /// What it is set up for.
    wants: Wants,
    _driver: Arc<Driver>,
}
