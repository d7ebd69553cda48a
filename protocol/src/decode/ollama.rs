//! Ollama's own API (github.com/ollama/ollama, docs/api.md): `/api/chat`, with a `message` in every line, and
//! `/api/generate`, with a `response`. The last line is `done`. An error is a line of its own under status 200.

use super::reply::Reply;
use crate::event::FinishReason;
use crate::json::Value;

pub(super) fn read(data: &Value, reply: &mut Reply) {
    let message = &data["message"];
    reply.reasoning(&message["thinking"]);
    reply.reasoning(&data["thinking"]);
    reply.text(&message["content"]);
    reply.text(&data["response"]);
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        reply.tool(&call["id"], &call["function"]["name"]);
    }
    if data["done"].as_bool() == Some(true) {
        reply.count(data);
        reply.finish_with(&data["done_reason"]);
        reply.end(Some(FinishReason::Stop));
    }
}
