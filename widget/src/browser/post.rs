//! Small JSON messages to the owner's other endpoints.

use super::ongoing::handed_over;
use super::request::{self, Head, Request};

/// POSTs `body` as JSON to `url` and tells whether it was accepted.
pub(crate) fn json(url: &str, body: &str, done: impl FnOnce(bool) + 'static) {
    let (body, credentials) = (Some(body), "same-origin");
    let request = Request { method: "POST", url, body, credentials, ..Request::default() };
    request::make(std::iter::once(request.to_json()), &handed_over(move |response| done(Head(&response).ok())), None);
}
