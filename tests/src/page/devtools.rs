//! What WebDriver has no word for.

use serde_json::{Value, json};

use super::Page;
use crate::browser::Engine;
use crate::driver::post;

impl Page {
    /// A command of Chromium's own protocol, and what it answers.
    ///
    /// # Panics
    /// In other browsers, which do not speak it.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        let answer = post(&self.driver, "/goog/cdp/execute", json!({"cmd": command, "params": params})).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
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
