//! What the endpoint knows a conversation by.

use natter_protocol::json::{Object, Value};

/// A conversation as its endpoint knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    /// Random, and the same until the conversation is cleared. Who knows it may read the reply, so it cannot be guessed.
    /// Empty where nothing could make one.
    pub id: String,
    /// Whether the endpoint has shown that it can say a reply again.
    pub resumable: bool,
    /// As stored: the id of the answer that was not whole yet; empty when all were.
    pub unfinished: String,
}

impl Thread {
    /// Where the reply can be had again or stopped, at an endpoint that is asked at `endpoint`. What `query` says is added
    /// to what the endpoint's own says.
    #[must_use]
    pub fn stream(&self, endpoint: &str, query: &str) -> String {
        let (path, own) = endpoint.split_at(endpoint.find('?').unwrap_or(endpoint.len()));
        let path = path.strip_suffix('/').unwrap_or(path);
        let mark = match query {
            "" => "",
            _ if own.is_empty() => "?",
            _ => "&",
        };
        [path, "/", &self.id, "/stream", own, mark, query].concat()
    }

    /// Adds to the stored conversation what there is.
    #[must_use]
    pub fn store(&self, mut json: Object) -> Object {
        for (name, text) in [("id", &self.id), ("unfinished", &self.unfinished)] {
            if !text.is_empty() {
                json = json.text(name, text);
            }
        }
        if self.resumable { json.bool("resumable", true) } else { json }
    }

    /// Reads what [`Thread::store`] wrote; what is not there, as in what older widgets stored, is as in a new thread. So is
    /// an id that is none of ours: it becomes part of an address, and must not lead out of the endpoint's.
    #[must_use]
    pub fn read(stored: &Value) -> Self {
        let text = |name: &str| stored[name].as_str().unwrap_or_default().to_owned();
        let mut id = text("id");
        if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            id.clear();
        }
        let resumable = stored["resumable"].as_bool().unwrap_or_default();
        Self { id, resumable, unfinished: text("unfinished") }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn the_reply_has_an_address_below_its_endpoint() {
        let thread = Thread { id: "c1".into(), ..Thread::default() };
        for (endpoint, query, address) in [
            ("/api/chat", "", "/api/chat/c1/stream"),
            ("/api/chat/", "a=0", "/api/chat/c1/stream?a=0"),
            ("https://example.com/chat?key=1", "", "https://example.com/chat/c1/stream?key=1"),
            ("https://example.com/chat/?key=1", "a=0", "https://example.com/chat/c1/stream?key=1&a=0"),
        ] {
            assert_eq!(thread.stream(endpoint, query), address);
        }
    }

    #[test]
    fn an_id_that_would_lead_elsewhere_is_none() {
        for id in ["../../admin", "a/b", "a?b=", "a#", "%2e%2e", "..", "a\\b", "é"] {
            let json = Object::new().text("id", id).bool("resumable", true).end();
            assert_eq!(Thread::read(&Value::parse(&json).unwrap()).id, "", "{id}");
        }
    }

    #[test]
    fn what_is_stored_is_read_again() {
        let thread = Thread { id: "c1".into(), resumable: true, unfinished: "a1".into() };
        for thread in [thread, Thread::default()] {
            let json = thread.store(Object::new()).end();
            assert_eq!(Thread::read(&Value::parse(&json).unwrap()), thread, "{json}");
        }
    }
}
