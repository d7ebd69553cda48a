//! Arriving on a slow phone: a page with the widget's tag, beside the same page without it.

use natter_e2e::browser::{Session, Wants};
use natter_e2e::{Fixture, Site};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::lab::GAUGE;

/// Slow 4G, as the browsers' own tools have it: bits per second down and up, ms there and back.
const DOWN: f64 = 1_600_000.0;
const UP: f64 = 750_000.0;
const LATENCY: f64 = 150.0;
/// How many times slower than this machine the phone is.
const SLOWDOWN: f64 = 4.0;

const TAG: &str = "<script src=\"/natter.js\" data-endpoint=\"/scripted/bench\" defer></script>";

/// What one arrival took, in ms of wall clock since the navigation where nothing else is said.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Load {
    /// Until the launcher is painted.
    pub(crate) launcher: f64,
    /// From a click on the launcher as soon as it is there until the composer is painted and takes text.
    pub(crate) usable: f64,
    /// Tasks beyond their first 50 ms, until the app is there and the page is idle, when the visitor only looks on.
    pub(crate) blocking: f64,
    /// The same when the visitor clicks at once.
    pub(crate) blocking_clicked: f64,
    /// Bytes of the widget's files as they were sent, until the window is usable.
    pub(crate) bytes: f64,
    /// Until the page shows something: with the tag, and without it.
    pub(crate) paint: f64,
    pub(crate) plain_paint: f64,
    /// `blocking` of the page without the tag.
    pub(crate) plain_blocking: f64,
}

/// One of them.
pub(crate) type Figure = fn(&Load) -> f64;

/// What the page saw, see `assets/bench/gauge.js`.
#[derive(Debug, Deserialize)]
struct Seen {
    launcher: f64,
    usable: f64,
    blocking: f64,
    paint: f64,
    bytes: f64,
}

/// A slow phone before an empty cache.
pub(crate) async fn measure() -> Load {
    let session = Session::open(&Wants { phone: true, ..Wants::default() }).await;
    let site = Site::start().await;
    let arrive = async |name: &str, tag: &str, watch: &str| {
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\"><meta name=\"viewport\" content=\"width=device-width\"><title>A shop</title>\
             <link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/files/page.css\">\
             <h1>A shop</h1><p>We sell lamps.</p>{tag}</html>"
        );
        visit(&session, &site.page(name, &Fixture::html(&page)), watch).await
    };
    let clicked = arrive("clicked", TAG, "gauge.arrives(true)").await;
    let looked_at = arrive("looked-at", TAG, "gauge.arrives(false)").await;
    let plain = arrive("plain", "", "gauge.idles()").await;
    session.discard().await;
    Load {
        launcher: looked_at.launcher,
        usable: clicked.usable,
        blocking: looked_at.blocking,
        blocking_clicked: clicked.blocking,
        bytes: clicked.bytes,
        paint: looked_at.paint,
        plain_paint: plain.paint,
        plain_blocking: plain.blocking,
    }
}

/// `watch` runs as the page begins, and gives what it has seen.
async fn visit(session: &Session, url: &str, watch: &str) -> Seen {
    let devtools = async |command: &str, params: Value| session.devtools(command, params).await;
    // Not a file of the page, which the phone would have to fetch.
    let source = format!("{GAUGE}\ngauge.seen = {watch};");
    let script = devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await;
    devtools("Network.enable", json!({})).await;
    devtools("Network.clearBrowserCache", json!({})).await;
    let per_second = |bits: f64| bits / 8.0;
    let slow = json!({
        "offline": false, "latency": LATENCY, "downloadThroughput": per_second(DOWN), "uploadThroughput": per_second(UP),
    });
    devtools("Network.emulateNetworkConditions", slow).await;
    devtools("Emulation.setCPUThrottlingRate", json!({"rate": SLOWDOWN})).await;

    let page = session.page();
    page.goes_to(url).await;
    let answer = page.driver().execute_async("gauge.seen.then(arguments[0]);", vec![]).await;
    let seen = answer.and_then(|answer| answer.convert()).unwrap_or_else(|error| panic!("{watch}: {error}"));

    devtools("Emulation.setCPUThrottlingRate", json!({"rate": 1})).await;
    devtools("Page.removeScriptToEvaluateOnNewDocument", json!({"identifier": script["identifier"]})).await;
    seen
}
