//! Which API's JSON is being read.

use super::reply::Reply;
use super::{anthropic, data_stream, n8n, ollama, openai_chat, openai_responses, ui_message};
use crate::json::Value;

/// The dialects whose replies are many pieces of JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) enum Dialect {
    UiMessage,
    DataStream,
    OpenAiChat,
    OpenAiResponses,
    Anthropic,
    Ollama,
    N8n,
}

/// How the `type` of a piece begins, where that tells the dialect.
const TYPES: [(&str, Dialect); 13] = [
    ("response.", Dialect::OpenAiResponses),
    ("message_", Dialect::Anthropic),
    ("content_block_", Dialect::Anthropic),
    ("start", Dialect::UiMessage),
    ("text-", Dialect::UiMessage),
    ("reasoning-", Dialect::UiMessage),
    ("tool-", Dialect::UiMessage),
    ("source-", Dialect::UiMessage),
    ("data-", Dialect::UiMessage),
    ("message-metadata", Dialect::UiMessage),
    ("error", Dialect::UiMessage),
    ("abort", Dialect::UiMessage),
    ("finish", Dialect::UiMessage),
];

impl Dialect {
    /// The dialect of which `data` is a piece.
    pub(super) fn of(data: &Value) -> Option<Self> {
        let kind = data["type"].as_str().unwrap_or_default();
        if data["choices"].is_array() {
            Some(Self::OpenAiChat)
        } else if data["done"].as_bool().is_some() && data["model"].as_str().is_some() {
            Some(Self::Ollama)
        } else if matches!(kind, "begin" | "item" | "end") {
            Some(Self::N8n)
        } else {
            TYPES.iter().find(|(start, _)| kind.starts_with(start)).map(|(_, dialect)| *dialect)
        }
    }

    /// Reads a piece; `kind` is its `type`, or the code before it.
    pub(super) fn read(self, kind: &str, data: &Value, reply: &mut Reply) {
        match self {
            Self::UiMessage => ui_message::read(kind, data, reply),
            Self::DataStream => data_stream::read(kind, data, reply),
            Self::OpenAiChat => openai_chat::read(data, reply),
            Self::OpenAiResponses => openai_responses::read(kind, data, reply),
            Self::Anthropic => anthropic::read(kind, data, reply),
            Self::Ollama => ollama::read(data, reply),
            Self::N8n => n8n::read(kind, data, reply),
        }
    }
}
