//! Requests to the owner's endpoints.

use js_sys::Uint8Array;
use natter_protocol::json::{Object, array};
use wasm_bindgen::prelude::*;

use super::dom::Extra;

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    fn ask(requests: &str, told: &JsValue, via: &JsValue) -> JsValue;
    fn status(response: &JsValue) -> u16;
    fn header(response: &JsValue, name: &str) -> Option<String>;
}

/// A request that is not made yet.
#[derive(Debug, Default)]
pub(crate) struct Request<'a> {
    /// `GET` and the like. A `DELETE` outlives the page, and nothing is told of it.
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    /// JSON; `None` when nothing is sent.
    pub(crate) body: Option<&'a str>,
    pub(crate) headers: &'a [(String, String)],
    /// As `fetch` takes them.
    pub(crate) credentials: &'a str,
    /// The id of the answer that comes of it; empty when none does.
    pub(crate) reply_id: &'a str,
}

impl Request<'_> {
    /// What `fetch` is told goes over as JSON: a setter for each of its members costs more bytes.
    pub(super) fn to_json(&self) -> String {
        let mut headers = Object::new();
        let mut init = Object::new().text("url", self.url).text("method", self.method);
        if let Some(body) = self.body {
            headers = headers.text("Content-Type", "application/json");
            init = init.text("body", body);
        }
        for (name, value) in self.headers {
            headers = headers.text(name, value);
        }
        let init = init.text("credentials", self.credentials).text("reply", self.reply_id);
        init.json("headers", &headers.end()).bool("keepalive", self.method == "DELETE").end()
    }
}

/// Makes `requests`, in JSON, one after the other. `told` is a function that gets a response, the pieces of its body, and
/// `null` at the end, until it returns false; `undefined` in the place of what failed. What comes back ends it all. Of a
/// `DELETE` nothing is told, and it does not end. Any other goes through `via`, if it is there.
pub(super) fn make(requests: impl Iterator<Item = String>, told: &JsValue, via: Option<&Extra>) -> JsValue {
    ask(&array(requests), told, via.map_or(&JsValue::UNDEFINED, Extra::function))
}

/// The beginning of a response.
#[derive(Debug)]
pub(super) struct Head<'a>(pub(super) &'a JsValue);

impl Head<'_> {
    /// The HTTP status; 0 when there is no response.
    pub(super) fn status(&self) -> u16 {
        status(self.0)
    }

    /// Whether the request was accepted.
    pub(super) fn ok(&self) -> bool {
        matches!(self.status(), 200..=299)
    }

    pub(super) fn header(&self, name: &str) -> Option<String> {
        header(self.0, name)
    }
}

/// The rest of a body did not come.
pub(super) struct Broken;

/// What was told after the response: a piece of the body, or that it was the last.
pub(super) fn piece(told: &JsValue) -> Result<Option<Vec<u8>>, Broken> {
    if told.is_undefined() {
        return Err(Broken);
    }
    Ok((!told.is_null()).then(|| told.unchecked_ref::<Uint8Array>().to_vec()))
}
