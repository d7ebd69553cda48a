//! OpenAI's chat completions (platform.openai.com, API reference, "chat.completion.chunk" and "chat.completion"), and what
//! Azure, OpenRouter, DeepSeek, vLLM, Mistral and others make of them.
//!
//! - `choices` may be empty, first (Azure's filter results) and last (the chunk with `usage`), so a `finish_reason` is not
//!   the end yet: reading goes on until `[DONE]`, or the end of the body where a gateway leaves that out.
//! - Reasoning is `reasoning_content` or `reasoning`.
//! - Only the first choice is read. An answer that is not streamed has its `message` in place of `delta`.

use super::reply::Reply;
use crate::json::Value;

pub(super) fn read(data: &Value, reply: &mut Reply) {
    reply.count(&data["usage"]);
    let choice = &data["choices"][0];
    if choice.is_null() || choice["index"].as_u64().is_some_and(|index| index > 0) {
        return;
    }
    reply.start(&data["id"]);
    let delta = if choice["message"].is_object() { &choice["message"] } else { &choice["delta"] };
    reply.reasoning(&delta["reasoning_content"]);
    reply.reasoning(&delta["reasoning"]);
    reply.text(&delta["content"]);
    reply.text(&delta["refusal"]);
    for call in delta["tool_calls"].as_array().into_iter().flatten() {
        reply.tool(&call["id"], &call["function"]["name"]);
    }
    for annotation in delta["annotations"].as_array().into_iter().flatten() {
        let citation = &annotation["url_citation"];
        reply.source(&citation["url"], &citation["title"]);
    }
    reply.finish_with(&choice["finish_reason"]);
}
