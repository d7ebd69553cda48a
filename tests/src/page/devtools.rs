//! What WebDriver has no word for.

use serde_json::{Value, json};

use super::Page;
use crate::driver::{SCREEN, post};
use crate::engine::Engine;
use crate::wait;

impl Page {
    /// A command of Chromium's own protocol, and what it answers.
    ///
    /// # Panics
    /// In other browsers, which do not speak it.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        let answer = post(&self.driver, "/goog/cdp/execute", json!({"cmd": command, "params": params})).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Gives the page a window of that size inside, in CSS pixels; it is that of a browser at 400 % as well.
    pub async fn is_sized(&self, width: u32, height: u32) {
        if Engine::current() == Engine::Chromium {
            let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
            self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
            return;
        }
        let inside = async || self.script::<(u32, u32)>("return [innerWidth, innerHeight];", vec![]).await;
        // The driver sizes the window with its bars, and the page follows in its own time.
        let sized = wait::until(async || {
            let (inner_width, inner_height) = inside().await;
            if (inner_width, inner_height) == (width, height) {
                return Some(());
            }
            let outer = self.driver.get_window_rect().await.unwrap();
            let grown =
                |outer: i64, inner: u32, wanted: u32| u32::try_from(outer - i64::from(inner) + i64::from(wanted));
            let (outer_width, outer_height) =
                (grown(outer.width, inner_width, width).unwrap(), grown(outer.height, inner_height, height).unwrap());
            // Around the middle: without a window manager the window below the pointer has the keyboard, and that is there.
            let margin = |whole: u32, part: u32| i64::from(whole.saturating_sub(part) / 2);
            let (left, top) = (margin(SCREEN.0, outer_width), margin(SCREEN.1, outer_height));
            self.driver.set_window_rect(left, top, outer_width, outer_height).await.unwrap();
            None
        });
        if sized.await.is_none() {
            panic!("the page is {:?} pixels large, not {width} × {height}", inside().await);
        }
    }

    /// Gives the visitor's system colours of its own to everything (`true`), as Windows' contrast themes do. In Chromium
    /// only; the next visitor has the usual ones.
    pub async fn has_system_colours(&self, on: bool) {
        let value = if on { "active" } else { "none" };
        let features =
            json!([{"name": "forced-colors", "value": value}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Pulls the plug out of the visitor's browser (`true`), or puts it back.
    ///
    /// Only Chromium can really be cut off. Elsewhere the page is told so, as in `navigator.onLine` and its events,
    /// until it is left.
    pub async fn is_cut_off(&self, offline: bool) {
        if Engine::current() == Engine::Chromium {
            let conditions =
                json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
            self.devtools("Network.enable", json!({})).await;
            self.devtools("Network.emulateNetworkConditions", conditions).await;
        } else {
            let code = "Object.defineProperty(navigator, 'onLine', { value: !arguments[0], configurable: true }); \
                dispatchEvent(new Event(arguments[0] ? 'offline' : 'online')); return null;";
            self.script::<Option<bool>>(code, vec![json!(offline)]).await;
        }
    }
}
