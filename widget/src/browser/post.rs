//! Small JSON messages to the owner's other endpoints.

use gloo_net::http::Request;
use wasm_bindgen_futures::spawn_local;

/// POSTs `body` as JSON to `url` and tells whether it was accepted.
pub(crate) fn json(url: &str, body: String, done: impl FnOnce(bool) + 'static) {
    let request = Request::post(url).header("Content-Type", "application/json").body(body);
    spawn_local(async move {
        let accepted = match request {
            Ok(request) => request.send().await.is_ok_and(|response| response.ok()),
            Err(_) => false,
        };
        done(accepted);
    });
}
