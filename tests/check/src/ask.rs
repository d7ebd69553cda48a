//! One request, as the widget or somebody with worse intentions would send it.

use reqwest::Method;
use serde_json::{Value, json};

/// A request to the endpoint, and how a report calls it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// Reads on after "the endpoint was sent".
    pub(crate) what: String,
    pub(crate) method: Method,
    /// What is appended to the endpoint's path.
    pub(crate) below: String,
    pub(crate) format: Option<&'static str>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
    /// Wait and ask again when the quota is used up.
    pub(crate) waits: bool,
}

/// One message of the visitor.
pub(crate) fn question(text: &str) -> Value {
    json!({ "messages": [{ "role": "user", "content": text }] })
}

impl Ask {
    fn new(what: impl Into<String>, method: Method) -> Self {
        let (below, headers) = (String::new(), Vec::new());
        Self { what: what.into(), method, below, format: None, headers, body: None, waits: true }
    }

    /// A POST of this JSON.
    pub(crate) fn json(what: impl Into<String>, body: &Value) -> Self {
        Self::raw(what, body.to_string())
    }

    /// A POST of these bytes, declared as JSON.
    pub(crate) fn raw(what: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        let post = Self::new(what, Method::POST);
        Self { body: Some(body.into()), headers: vec![("content-type", "application/json".into())], ..post }
    }

    /// The cheapest thing to ask.
    pub(crate) fn hello(what: impl Into<String>) -> Self {
        Self::json(what, &question("Hi"))
    }

    /// A request without a body to `below` the endpoint.
    pub(crate) fn bare(what: impl Into<String>, method: Method, below: impl Into<String>) -> Self {
        Self { below: below.into(), ..Self::new(what, method) }
    }

    /// The same with `?format=`.
    pub(crate) fn format(self, name: &'static str) -> Self {
        Self { format: Some(name), ..self }
    }

    /// The same with this header, in the place of one of that name.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.into()));
        self
    }

    /// The same, taking a 429 for an answer.
    pub(crate) fn at_once(self) -> Self {
        Self { waits: false, ..self }
    }
}
