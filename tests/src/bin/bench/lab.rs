//! A browser, a site, and what is done the same way for every measurement.

use std::time::Duration;

use natter_e2e::browser::{Session, Wants};
use natter_e2e::{Chat, Fixture, Page, Site};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::metrics::Cpu;

/// The script that watches from inside the page.
pub(crate) const GAUGE: &str = include_str!("../../../assets/bench/gauge.js");
const PLAIN_PAGE: &str = include_str!("../../../assets/bench/plain.html");
const PLAIN_SCRIPT: &str = include_str!("../../../assets/bench/plain.js");
const PLAIN_STYLE: &str = include_str!("../../../assets/bench/plain.css");

/// Frames per second below which a window does not count as drawing: nobody would measure what a visitor sees.
const LEAST_RATE: f64 = 50.0;
/// How long the thread is kept waiting to see whether its clock stands still meanwhile.
const WAIT: Duration = Duration::from_millis(300);

/// Which page is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The widget in dist/.
    Widget,
    /// Plain JavaScript that appends plain text.
    Plain,
}

pub(crate) struct Lab {
    session: Session,
    site: Site,
    pub(crate) page: Page,
    pub(crate) chat: Chat,
}

impl Lab {
    pub(crate) async fn open() -> Self {
        let session = Session::open(&Wants::default()).await;
        session.devtools("Performance.enable", json!({"timeDomain": "threadTicks"})).await;
        let site = Site::start().await;
        site.page("plain", &Fixture::html(PLAIN_PAGE));
        site.page("empty", &Fixture::html("<!DOCTYPE html><title>Empty</title>"));
        for (path, text) in
            [("/files/gauge.js", GAUGE), ("/files/plain.js", PLAIN_SCRIPT), ("/files/plain.css", PLAIN_STYLE)]
        {
            site.file(path, text);
        }
        let (page, chat) = (session.page(), site.chat("bench"));
        Self { session, site, page, chat }
    }

    pub(crate) async fn close(self) {
        self.session.discard().await;
    }

    /// Loads a fresh page with `stored` as the browser's history, in the state it has before a visitor does anything.
    pub(crate) async fn visit(&self, subject: Subject, open: bool, stored: Option<&Value>) {
        let origin = self.site.origin();
        let all = json!({"origin": origin, "storageTypes": "all"});
        self.session.devtools("Storage.clearDataForOrigin", all).await;
        if let Some(stored) = stored {
            self.page.goes_to(&format!("{origin}/page/empty")).await;
            let code = "localStorage.setItem('chat-history', arguments[0]); return null;";
            let _: Value = self.page.script(code, vec![json!(stored.to_string())]).await;
        }
        match subject {
            Subject::Widget => {
                let fixture = Fixture::new()
                    .before("gauge.js", GAUGE)
                    .attr("endpoint", self.chat.path())
                    .attr("preload", "eager")
                    .attr("max-messages", "500")
                    .attr("open", if open { "true" } else { "false" });
                self.page.goes_to(&self.site.page("widget", &fixture)).await;
                self.asks_for::<Value>("await Natter.ready; return null;").await;
            }
            Subject::Plain => {
                self.page.goes_to(&format!("{origin}/page/plain")).await;
                if open {
                    self.does("document.querySelector('button').click();").await;
                }
            }
        }
        if open {
            // The widget has its greeting.
            let messages = u32::from(subject == Subject::Widget);
            self.page
                .waits("an open window at rest", async || {
                    let code = "return gauge.rests(arguments[0]);";
                    self.page.script::<bool>(code, vec![json!(messages)]).await.then_some(())
                })
                .await;
        }
        let rate: f64 = self.asks_for("return await gauge.rate();").await;
        assert!(rate >= LEAST_RATE, "the window draws only {rate:.0} frames per second");
    }

    /// Runs a statement in the page, and nothing else: what goes with it is measured too.
    pub(crate) async fn does(&self, code: &str) {
        self.page.driver().execute(code, vec![]).await.unwrap_or_else(|error| panic!("{code}: {error}"));
    }

    /// Runs the body of an async function in the page and waits for what it returns.
    pub(crate) async fn asks_for<T: DeserializeOwned>(&self, code: &str) -> T {
        let code = format!("const done = arguments[0]; (async () => {{ {code} }})().then(done);");
        let answer = self.page.driver().execute_async(&code, vec![]).await;
        answer.and_then(|answer| answer.convert()).unwrap_or_else(|error| panic!("{code}: {error}"))
    }

    /// What the main thread has done so far.
    pub(crate) async fn cpu(&self) -> Cpu {
        Cpu::read(&self.devtools("Performance.getMetrics", json!({})).await)
    }

    pub(crate) async fn devtools(&self, command: &str, params: Value) -> Value {
        self.session.devtools(command, params).await
    }

    /// Makes sure that the metrics are CPU time: a thread that waits must not be charged for it.
    pub(crate) async fn checks_its_clock(&self) {
        self.visit(Subject::Plain, true, None).await;
        let before = self.cpu().await;
        let code = format!("gauge.block({});", json!(self.chat.path()));
        let answer = async {
            let exchange = self.chat.next().await;
            tokio::time::sleep(WAIT).await;
            exchange.refuses(200, "text/plain", "");
        };
        tokio::join!(self.does(&code), answer);
        let charged = (self.cpu().await - before).total;
        assert!(charged < WAIT.as_secs_f64() * 500.0, "{charged:.0} ms of waiting were measured as CPU time");
        eprintln!("clock: {charged:.1} ms of CPU charged for a wait of {} ms", WAIT.as_millis());
    }
}
