//! What the widget POSTs to a chat endpoint.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who wrote a message.
///
/// Only these two cross the wire: any other role (`system`, `developer`, `tool`) is how a foreign system prompt is
/// smuggled in, so it fails to parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    /// The visitor.
    User,
    /// The answering side.
    Assistant,
}

impl Role {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::User, Self::Assistant].into_iter().find(|role| role.name() == name)
    }
}

/// One message of the conversation as it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// The sender's id of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Who wrote it.
    pub role: Role,
    /// The text, when it is sent as one string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The text, when it is sent in parts (AI SDK clients do).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A part of a message; only `text` parts carry something an endpoint reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// The kind of part.
    pub r#type: String,
    /// The text of a `text` part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Message {
    /// A message with one string of text and no id.
    #[must_use]
    pub fn text(role: Role, content: impl Into<String>) -> Self {
        Self { id: None, role, content: Some(content.into()), parts: Vec::new() }
    }

    /// The whole text: `content`, or else the `text` parts in order.
    #[must_use]
    pub fn plain_text(&self) -> String {
        match &self.content {
            Some(content) => content.clone(),
            None => self.parts.iter().filter(|p| p.r#type == "text").filter_map(|p| p.text.as_deref()).collect(),
        }
    }
}

/// The body of `POST /api/chat`. Fields it does not name are ignored, `model` and token limits among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatRequest {
    /// The conversation's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The conversation, oldest first; the last is the question.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// `submit-message` or `regenerate-message` (AI SDK clients).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// The message to regenerate.
    #[serde(default, rename = "messageId", skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// `false` asks for one JSON answer instead of a stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// Whatever the page wants the endpoint to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
}

/// What a server accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages in one request.
    pub max_messages: usize,
    /// Unicode scalar values in one message.
    pub max_length: usize,
    /// Unicode scalar values in all messages together.
    pub max_total_length: usize,
}

/// Why a request is refused (all are answered with 400).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    /// There is no message.
    NoMessages,
    /// There are more messages than the limit allows.
    TooManyMessages {
        /// The limit.
        limit: usize,
    },
    /// A message of the visitor is longer than the limit allows.
    TooLong {
        /// Which message.
        index: usize,
        /// The limit.
        limit: usize,
    },
    /// All messages together are longer than the limit allows.
    TooLongInAll {
        /// The limit.
        limit: usize,
    },
    /// A message of the visitor holds nothing but white space.
    Blank {
        /// Which message.
        index: usize,
    },
    /// The last message is not the visitor's.
    NoQuestion,
}

impl Invalid {
    /// What to tell the client.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::NoMessages => "Messages are required".into(),
            Self::TooManyMessages { limit } => format!("At most {limit} messages can be sent at once"),
            Self::TooLong { limit, .. } => format!("A message can be at most {limit} characters long"),
            Self::TooLongInAll { limit } => format!("All messages together can be at most {limit} characters long"),
            Self::Blank { .. } => "A message must not be blank".into(),
            Self::NoQuestion => "The last message must be the user's".into(),
        }
    }

    /// Which part of the body is at fault, as a JSON path.
    #[must_use]
    pub fn param(&self) -> String {
        match self {
            Self::TooLong { index, .. } | Self::Blank { index } => format!("messages[{index}].content"),
            _ => "messages".into(),
        }
    }
}

impl ChatRequest {
    /// Checks the conversation, and the length of what the visitor wrote, against `limits`.
    ///
    /// # Errors
    /// The first rule it breaks, see [`Invalid`].
    pub fn check(&self, limits: Limits) -> Result<(), Invalid> {
        if self.messages.is_empty() {
            return Err(Invalid::NoMessages);
        }
        if self.messages.len() > limits.max_messages {
            return Err(Invalid::TooManyMessages { limit: limits.max_messages });
        }
        let mut total: usize = 0;
        for (index, message) in self.messages.iter().enumerate() {
            let text = message.plain_text();
            let length = text.chars().count();
            total += length;
            // What the endpoint wrote itself may be longer, or empty when it was stopped at once.
            if message.role == Role::Assistant {
                continue;
            }
            if text.trim().is_empty() {
                return Err(Invalid::Blank { index });
            }
            if length > limits.max_length {
                return Err(Invalid::TooLong { index, limit: limits.max_length });
            }
        }
        if total > limits.max_total_length {
            return Err(Invalid::TooLongInAll { limit: limits.max_total_length });
        }
        match self.messages.last() {
            Some(last) if last.role == Role::User => Ok(()),
            _ => Err(Invalid::NoQuestion),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { max_messages: 3, max_length: 5, max_total_length: 15 };

    fn parse(json: &str) -> Result<ChatRequest, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn reads_strings_and_parts_and_ignores_the_rest() {
        let request = parse(
            r#"{"model":"x","messages":[{"role":"user","content":"a"},
               {"role":"user","parts":[{"type":"text","text":"b"},{"type":"file","url":"u"},{"type":"text","text":"c"}]}]}"#,
        )
        .unwrap();
        let texts: Vec<_> = request.messages.iter().map(Message::plain_text).collect();
        assert_eq!(texts, ["a", "bc"]);
    }

    #[test]
    fn refuses_every_other_role() {
        for role in ["system", "developer", "tool", "User", ""] {
            assert!(parse(&format!(r#"{{"messages":[{{"role":"{role}","content":"a"}}]}}"#)).is_err(), "{role}");
        }
    }

    #[test]
    fn each_rule_has_its_own_refusal() {
        let check = |messages: &[(Role, &str)]| {
            let messages = messages.iter().map(|(role, text)| Message::text(*role, *text)).collect();
            ChatRequest { id: None, messages, trigger: None, message_id: None, stream: None, metadata: None }
                .check(LIMITS)
        };
        use Role::{Assistant, User};
        assert_eq!(check(&[]), Err(Invalid::NoMessages));
        assert_eq!(check(&[(User, "a"); 4]), Err(Invalid::TooManyMessages { limit: 3 }));
        assert_eq!(check(&[(User, "äöüß€")]), Ok(()));
        assert_eq!(check(&[(User, "123456")]), Err(Invalid::TooLong { index: 0, limit: 5 }));
        assert_eq!(check(&[(User, "a"), (User, " \n")]), Err(Invalid::Blank { index: 1 }));
        assert_eq!(check(&[(Assistant, "a long answer"), (Assistant, ""), (User, "b")]), Ok(()));
        assert_eq!(check(&[(Assistant, "some answer"), (User, "four")]), Ok(()));
        assert_eq!(check(&[(Assistant, "some answer"), (User, "fours")]), Err(Invalid::TooLongInAll { limit: 15 }));
        assert_eq!(check(&[(User, "a"), (Assistant, "b")]), Err(Invalid::NoQuestion));
    }
}
