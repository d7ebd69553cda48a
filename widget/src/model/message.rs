//! One message of the conversation as the widget holds it.

use natter_protocol::json::{Object, Value};
use natter_protocol::request::Role;

use super::timestamp;

/// A message on the visitor's screen and in the stored history.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatMessage {
    /// Unique within the conversation.
    pub id: String,
    /// Who wrote it.
    pub role: Role,
    /// The text, as written.
    pub content: String,
    /// Milliseconds since 1970, UTC.
    pub timestamp: u64,
}

impl ChatMessage {
    /// The message as JSON: `{"id", "role", "content", "timestamp"}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        Object::new()
            .text("id", &self.id)
            .text("role", self.role.name())
            .text("content", &self.content)
            .number("timestamp", self.timestamp)
            .end()
    }

    /// Reads what [`ChatMessage::to_json`] wrote, or an older widget; `None` when something is missing or foreign.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: value["id"].as_str()?.to_owned(),
            role: Role::from_name(value["role"].as_str()?)?,
            content: value["content"].as_str()?.to_owned(),
            timestamp: timestamp::read(&value["timestamp"])?,
        })
    }
}
