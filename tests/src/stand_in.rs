//! Answers in the place of the real ones: files that were tampered with, endpoints that are set up wrongly.

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};

/// What is answered to whoever asks for a path, by whatever method.
#[derive(Debug, Clone)]
pub struct StandIn {
    status: u16,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl StandIn {
    /// `body` with status 200, called `content_type`.
    pub fn new(content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { status: 200, headers: Vec::new(), body: body.into() }
            .header(header::CONTENT_TYPE.as_str(), content_type)
            .header(header::CACHE_CONTROL.as_str(), "no-store")
    }

    /// Another status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// One header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.parse().unwrap(), value.parse().unwrap()));
        self
    }

    pub(crate) fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        response.headers_mut().extend(self.headers.iter().cloned());
        response
    }
}
