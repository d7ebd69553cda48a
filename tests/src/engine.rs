//! The engines, how each is started, and what not each of them can do.

use std::env;

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use crate::browser::{DESKTOP, Wants};

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

    /// Why a test that needs this ability cannot run in this engine; nothing when it can.
    #[must_use]
    pub const fn lacks(self, ability: Ability) -> Option<&'static str> {
        match (ability, self) {
            (_, Self::Chromium) => None,
            (Ability::KeptPages | Ability::KeptRequests, Self::Firefox) => {
                Some("it keeps no page while a driver steers it")
            }
            (Ability::KeptRequests, Self::WebKit) => Some("it ends the requests of a page that it keeps"),
            (Ability::Devtools, Self::Firefox | Self::WebKit) => Some("its driver has no command for it"),
            (Ability::Touch, Self::WebKit) => Some("it has a mouse"),
            (Ability::KeptPages, Self::WebKit) | (Ability::Touch, Self::Firefox) => None,
        }
    }

    /// Whether a visitor's settings can be changed in a session; the others are told when they start.
    pub(crate) fn is_set_up_while_it_runs(self) -> bool {
        self == Self::Chromium
    }

    /// Whether the driver gives out what was written to the console.
    pub(crate) fn keeps_log(self) -> bool {
        self == Self::Chromium
    }

    /// Whether the driver can take a picture of such a visitor's window.
    pub(crate) fn gives_pictures(self, wants: &Wants) -> bool {
        self != Self::WebKit || wants.graphics
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

    /// What a session with `wants` is asked for.
    pub(crate) fn capabilities(self, wants: &Wants) -> Capabilities {
        let value = match self {
            Self::Chromium => chromium(),
            Self::Firefox => firefox(wants),
            Self::WebKit => webkit(wants),
        };
        serde_json::from_value(value).unwrap()
    }
}

/// What a test needs that not every engine has, or lets a driver use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    /// To show a page as it is printed or with system colours, to count what is in memory: by Chromium's own protocol.
    Devtools,
    /// To keep a page as it is when the visitor leaves it, for when they come back.
    KeptPages,
    /// To go on with the requests of such a page.
    KeptRequests,
    /// To be steered with fingers.
    Touch,
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
            // It would lie over the window, and take the keys.
            "browser.download.alwaysOpenPanel": false,
            "ui.prefersReducedMotion": i32::from(wants.reduced_motion),
            "ui.systemUsesDarkTheme": i32::from(wants.dark),
            // A finger and scroll bars above the page, or a mouse that can hover.
            "ui.useOverlayScrollbars": i32::from(wants.phone),
            "ui.primaryPointerCapabilities": if wants.phone { 1 } else { 6 },
            "ui.allPointerCapabilities": if wants.phone { 1 } else { 6 },
            "intl.accept_languages": wants.locale.as_deref().unwrap_or("en-US"),
            "intl.locale.requested": wants.locale.as_deref().unwrap_or("en-US"),
        },
    });
    if let Ok(binary) = env::var("FIREFOX") {
        options["binary"] = binary.into();
    }
    json!({"browserName": "firefox", "moz:firefoxOptions": options, "unhandledPromptBehavior": "ignore"})
}

/// The rest of what the visitor's system is set to, WebKitGTK reads from the environment of the driver, see `driver.rs`.
fn webkit(wants: &Wants) -> Value {
    let binary = env::var("MINIBROWSER").unwrap_or_else(|_| MINIBROWSER.into());
    let dark = wants.dark.then_some("--dark-mode");
    let args: Vec<&str> = ["--automation"].into_iter().chain(dark).collect();
    json!({
        "browserName": "MiniBrowser", "unhandledPromptBehavior": "ignore",
        "webkitgtk:browserOptions": {"binary": binary, "args": args},
    })
}

/// Where Debian puts it.
const MINIBROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
