//! Requests to the owner's endpoints.

use js_sys::Reflect;
use natter_protocol::json::Object;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

use super::dom;

/// POSTs `body` (JSON). An error is a request that cannot be made, or that got no response.
///
/// What `fetch` is told goes over as one JSON text: a setter for each of its members costs more bytes.
pub(crate) async fn post(
    url: &str,
    body: &str,
    headers: &[(String, String)],
    credentials: &str,
    signal: Option<&AbortSignal>,
) -> Result<Response, JsValue> {
    let mut all = Object::new().text("Content-Type", "application/json");
    for (name, value) in headers {
        all = all.text(name, value);
    }
    let init = Object::new().text("method", "POST").text("credentials", credentials).text("body", body);
    let init = dom::to_js(&init.json("headers", &all.end()).end());
    if let Some(signal) = signal {
        Reflect::set(&init, &"signal".into(), signal)?;
    }
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response = JsFuture::from(window.fetch_with_str_and_init(url, init.unchecked_ref())).await?;
    Ok(response.unchecked_into())
}
