//! Small JSON messages to the owner's other endpoints.

use wasm_bindgen_futures::spawn_local;

use super::request::Request;

/// POSTs `body` as JSON to `url` and tells whether it was accepted.
pub(crate) fn json(url: &str, body: String, done: impl FnOnce(bool) + 'static) {
    let url = url.to_owned();
    spawn_local(async move {
        let (body, credentials) = (Some(body.as_str()), "same-origin");
        let request = Request { method: "POST", url: &url, body, credentials, ..Request::default() };
        done(request.send().await.is_ok_and(|response| response.ok()));
    });
}
