//! Requests to the owner's endpoints.

use js_sys::Reflect;
use natter_protocol::json::Object;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

use super::dom::{self, Extra};

/// A request that is not made yet.
#[derive(Debug, Default)]
pub(crate) struct Request<'a> {
    /// `GET` and the like. A `DELETE` outlives the page.
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    /// JSON; `None` when nothing is sent.
    pub(crate) body: Option<&'a str>,
    pub(crate) headers: &'a [(String, String)],
    /// As `fetch` takes them.
    pub(crate) credentials: &'a str,
    pub(crate) signal: Option<&'a AbortSignal>,
    /// The id of the answer that comes of it; empty when none does.
    pub(crate) reply_id: &'a str,
    /// What makes the request in the browser's place, if anything does, so that other tabs hear the answer as well.
    pub(crate) via: Option<&'a Extra>,
}

impl Request<'_> {
    /// Makes the request. An error is one that cannot be made, or that got no response.
    ///
    /// What `fetch` is told goes over as one JSON text: a setter for each of its members costs more bytes.
    pub(crate) async fn send(&self) -> Result<Response, JsValue> {
        let mut headers = Object::new();
        let mut init = Object::new().text("method", self.method).text("credentials", self.credentials);
        if let Some(body) = self.body {
            headers = headers.text("Content-Type", "application/json");
            init = init.text("body", body);
        }
        for (name, value) in self.headers {
            headers = headers.text(name, value);
        }
        if self.via.is_some() {
            init = init.text("url", self.url).text("reply", self.reply_id);
        }
        let init = init.json("headers", &headers.end()).bool("keepalive", self.method == "DELETE");
        let init = dom::to_js(&init.end());
        if let Some(signal) = self.signal {
            Reflect::set(&init, &"signal".into(), signal)?;
        }
        let response = match self.via {
            Some(via) => via.call("ask", &init)?.unchecked_into(),
            None => web_sys::window().ok_or(JsValue::NULL)?.fetch_with_str_and_init(self.url, init.unchecked_ref()),
        };
        Ok(JsFuture::from(response).await?.unchecked_into())
    }
}
