//! Small JSON messages to the owner's other endpoints.

use wasm_bindgen_futures::spawn_local;

use super::request;

/// POSTs `body` as JSON to `url` and tells whether it was accepted.
pub(crate) fn json(url: &str, body: String, done: impl FnOnce(bool) + 'static) {
    let url = url.to_owned();
    spawn_local(async move {
        done(request::post(&url, &body, &[], "same-origin", None).await.is_ok_and(|response| response.ok()));
    });
}
