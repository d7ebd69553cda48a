//! OpenAI's Responses API, streamed (platform.openai.com, API reference, "Streaming events").
//!
//! There is no `[DONE]`: `response.completed`, `.incomplete`, `.failed` or `.cancelled` ends the reply. What the `….done`
//! events repeat as a whole has been read from the deltas.

use super::reply::Reply;
use crate::event::FinishReason;
use crate::json::Value;

pub(super) fn read(kind: &str, data: &Value, reply: &mut Reply) {
    let response = &data["response"];
    match kind {
        "response.created" => reply.start(&response["id"]),
        "response.output_text.delta" | "response.refusal.delta" => reply.text(&data["delta"]),
        "response.reasoning_text.delta" | "response.reasoning_summary_text.delta" => reply.reasoning(&data["delta"]),
        "response.reasoning_summary_part.added" => reply.part_reasoning(),
        "response.output_text.annotation.added" => {
            let annotation = &data["annotation"];
            reply.source(&annotation["url"], &annotation["title"]);
        }
        "response.output_item.added" => {
            let item = &data["item"];
            match item["type"].as_str().unwrap_or_default() {
                "message" => reply.part_text(),
                // `function_call` and the like have a name, `web_search_call` is one.
                kind => {
                    if let Some(tool) = kind.strip_suffix("_call") {
                        let name = item["name"].as_str().unwrap_or(tool).to_owned();
                        reply.tool(&item["id"], &Value::String(name));
                    }
                }
            }
        }
        "response.completed" | "response.incomplete" | "response.cancelled" => {
            reply.count(&response["usage"]);
            reply.finish_with(&response["status"]);
            reply.finish_with(&response["incomplete_details"]["reason"]);
            reply.end(Some(FinishReason::Other));
        }
        "response.failed" => reply.fail(response),
        _ => {}
    }
}
