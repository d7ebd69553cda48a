//! The AI SDK's UI message stream v1 (ai-sdk.dev, "Stream Protocols"; the schema is `uiMessageChunkSchema`).
//!
//! Parts that carry nothing a visitor sees (steps, files, tool results) and parts of later versions are passed over. Of the
//! free `data-*` parts these are understood: `data-suggestion` and `data-suggestions` (a text, an object with `text`, or a
//! list of either), `data-status` (a text), and `data-error` (`{code, retryable}`, about the `error` part that follows; our
//! own server writes it).

use super::reply::Reply;
use crate::event::{FinishReason, StreamEvent};
use crate::json::Value;

pub(super) fn read(kind: &str, data: &Value, reply: &mut Reply) {
    let free = &data["data"];
    let metadata = &data["messageMetadata"];
    reply.count(&metadata["usage"]);
    reply.count(&metadata["totalUsage"]);
    match kind {
        "start" => reply.start(&data["messageId"]),
        "text-start" => reply.part_text(),
        "text-delta" => reply.text(&data["delta"]),
        "reasoning-start" => reply.part_reasoning(),
        "reasoning-delta" => reply.reasoning(&data["delta"]),
        "source-url" | "source-document" => reply.source(&data["url"], &data["title"]),
        "data-suggestion" | "data-suggestions" => add_suggestions(free, reply),
        "data-status" => reply.status(free),
        "data-error" => {
            reply.error_code = free["code"].as_str().map(str::to_owned);
            reply.error_retryable = free["retryable"].as_bool();
        }
        "abort" => reply.close(FinishReason::Abort),
        "finish" => {
            reply.finish_with(&metadata["finishReason"]);
            reply.finish_with(&data["finishReason"]);
            reply.end(Some(FinishReason::Stop));
        }
        _ if kind.starts_with("tool-") => {
            let name = if data["title"].is_null() { &data["toolName"] } else { &data["title"] };
            reply.tool(&data["toolCallId"], name);
        }
        _ => {}
    }
}

fn add_suggestions(data: &Value, reply: &mut Reply) {
    let items = data.as_array().unwrap_or(std::slice::from_ref(data));
    let texts = items.iter().filter_map(|item| item.as_str().or(item["text"].as_str()));
    reply.out.extend(
        texts.filter(|text| !text.trim_ascii().is_empty()).map(|text| StreamEvent::Suggestion(text.to_owned())),
    );
}
