//! A visitor, a site and a page; and what is checked after every test.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;

use futures_util::FutureExt;
use natter_server_example::Settings;
use serde::Deserialize;
use serde_json::Value;

use crate::browser::{RUNTIME, Session, Wants};
use crate::engine::{Ability, Engine};
use crate::fixture::Fixture;
use crate::page::Page;
use crate::site::Site;

/// Who comes to the site. One visitor makes one test.
#[derive(Debug, Default)]
#[must_use]
pub struct Visitor {
    wants: Wants,
    settings: Option<Settings>,
    needs: Vec<Ability>,
}

impl Visitor {
    /// Somebody at a desktop with a light theme, American English and no wish for less motion.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a phone.
    pub fn with_phone(mut self) -> Self {
        self.wants.phone = true;
        self
    }

    /// Whose system asks for less motion.
    pub fn with_less_motion(mut self) -> Self {
        self.wants.reduced_motion = true;
        self
    }

    /// Whose system is dark.
    pub fn in_the_dark(mut self) -> Self {
        self.wants.dark = true;
        self
    }

    /// Whose browser composes its window of layers: WebKitGTK needs that for pictures and transitions between views, and
    /// takes twice as long. The others do so in any case.
    pub fn with_graphics(mut self) -> Self {
        self.wants.graphics = true;
        self
    }

    /// Whose browser speaks that language, as a BCP 47 tag.
    pub fn speaking(mut self, locale: &str) -> Self {
        self.wants.locale = Some(locale.into());
        self
    }

    /// To a site whose server is set up like that.
    pub fn to(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// In whose browser that is possible; where it is not, the test is left out, and says why.
    pub fn needing(mut self, ability: Ability) -> Self {
        self.needs.push(ability);
        self
    }

    /// Runs a test, then checks that the browser had nothing to complain about.
    ///
    /// # Panics
    /// When the test does, or when there was an uncaught error, an error on the console, a breach of the page's
    /// policy or a request to an origin the page does not know. A failed test leaves a picture of the window.
    pub fn visits(self, test: impl AsyncFnOnce(&Visit)) {
        let engine = Engine::current();
        if let Some(reason) = self.needs.iter().find_map(|ability| engine.lacks(*ability)) {
            println!("left out in {engine:?}: {reason}");
            return;
        }
        RUNTIME.block_on(async {
            let session = Session::open(&self.wants).await;
            let site = Site::with(self.settings.unwrap_or_default()).await;
            let page = session.page();
            let visit = Visit { site, page, expected: RefCell::default(), origins: RefCell::default() };
            let checked = async {
                test(&visit).await;
                visit.has_no_complaints().await;
            };
            match AssertUnwindSafe(checked).catch_unwind().await {
                Ok(()) => session.release().await,
                Err(panic) => {
                    if engine.gives_pictures(&self.wants) {
                        leave_picture(&visit.page).await;
                    }
                    session.discard().await;
                    resume_unwind(panic);
                }
            }
        });
    }
}

/// A visitor on a site.
#[derive(Debug)]
pub struct Visit {
    /// The site.
    pub site: Site,
    /// What the visitor's window shows.
    pub page: Page,
    expected: RefCell<Vec<String>>,
    origins: RefCell<Vec<String>>,
}

/// What `assets/probe.js` kept since the page was loaded.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Probe {
    /// Uncaught errors, unhandled rejections and `console.error`.
    pub errors: Vec<String>,
    /// `console.warn`.
    pub warnings: Vec<String>,
    /// Breaches of the page's policy.
    pub violations: Vec<String>,
    /// The widget's own events.
    pub events: Vec<Event>,
}

/// A `natter:…` event.
#[derive(Debug, Clone, Deserialize, PartialEq)]
pub struct Event {
    /// Its name without `natter:`.
    pub name: String,
    /// Its detail.
    pub detail: Value,
    /// The element it came from.
    pub host: String,
}

impl Visit {
    /// Puts up a page and goes there.
    pub async fn opens(&self, fixture: &Fixture) {
        let url = self.site.page("shop", fixture);
        self.page.goes_to(&url).await;
    }

    /// Goes to a page of the origin that has no widget, to look at its storage.
    pub async fn waits_outside(&self) {
        let url = self.site.page("outside", &Fixture::html("<!DOCTYPE html><title>Outside</title><p>Outside</p>"));
        self.page.goes_to(&url).await;
    }

    /// What the page's probe kept; empty on pages without one.
    pub async fn probe(&self) -> Probe {
        let kept: Option<Probe> = self.page.script("return window.natterProbe ?? null;", vec![]).await;
        kept.unwrap_or_default()
    }

    /// The widget's events of one name so far.
    pub async fn events(&self, name: &str) -> Vec<Value> {
        let events = self.probe().await.events;
        events.into_iter().filter(|event| event.name == name).map(|event| event.detail).collect()
    }

    /// Waits for an event of the widget and gives its detail.
    pub async fn hears(&self, name: &str) -> Value {
        let what = format!("the event natter:{name}");
        self.page.waits(&what, async || self.events(name).await.pop()).await
    }

    /// A complaint that holds `text` is part of this test.
    pub fn expects_complaint(&self, text: &str) {
        self.expected.borrow_mut().push(text.into());
    }

    /// Requests to `origin` are part of this test.
    pub fn expects_origin(&self, origin: &str) {
        self.origins.borrow_mut().push(origin.into());
    }

    /// What every test ends with.
    async fn has_no_complaints(&self) {
        let mut complaints = Vec::new();
        let probe = self.probe().await;
        complaints.extend(probe.errors);
        complaints.extend(probe.violations.into_iter().map(|breach| format!("policy: {breach}")));
        complaints.extend(self.logged().await);
        let is_expected = |complaint: &String| self.expected.borrow().iter().any(|text| complaint.contains(text));
        complaints.retain(|complaint| !is_expected(complaint));
        assert!(complaints.is_empty(), "the browser's console complains:\n{}", complaints.join("\n"));

        let foreign = self.foreign_requests().await;
        assert!(foreign.is_empty(), "the page asked other origins for: {foreign:?}");
    }

    /// The browser's own log since the last look, from every page of the visit; Chromium keeps one.
    ///
    /// That a request failed is not the page's fault but often the test's intention, so `network` is left out.
    async fn logged(&self) -> Vec<String> {
        if !Engine::current().keeps_log() {
            return Vec::new();
        }
        let entries = self.page.driver().browser_log().await.unwrap_or_default();
        let serious = entries
            .into_iter()
            .filter(|entry| entry.level == "SEVERE" && !matches!(entry.source.as_deref(), Some("network")));
        serious.map(|entry| format!("{}: {}", entry.source.unwrap_or_default(), entry.message)).collect()
    }

    /// Requests of the last page to other origins than its own and the expected ones.
    pub async fn foreign_requests(&self) -> Vec<String> {
        let code = "return performance.getEntriesByType('resource').map((entry) => entry.name);";
        let asked: Vec<String> = self.page.script(code, vec![]).await;
        let own = self.site.origin();
        let expected = self.origins.borrow();
        let known = |url: &String| {
            url.starts_with(&own)
                || url.starts_with("data:")
                || url.starts_with("blob:")
                || expected.iter().any(|origin| url.starts_with(origin.as_str()))
        };
        asked.into_iter().filter(|url| !known(url)).collect()
    }
}

/// Keeps a picture of a failed test in `target/e2e-failures/`, beside the test binary.
async fn leave_picture(page: &Page) {
    let Ok(binary) = std::env::current_exe() else { return };
    let Some(target) = binary.ancestors().nth(3) else { return };
    let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
    let path: PathBuf = target.join("e2e-failures").join(name + ".png");
    let Ok(picture) = page.driver().screenshot_as_png().await else { return };
    let kept = path.parent().map(std::fs::create_dir_all).is_some_and(|made| made.is_ok())
        && std::fs::write(&path, picture).is_ok();
    if kept {
        eprintln!("what the window showed: {}", path.display());
    }
}
