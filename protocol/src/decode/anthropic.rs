//! Anthropic's Messages API, streamed (platform.claude.com, "Streaming messages").
//!
//! `message_stop` ends the reply; why is said before, in `message_delta`, with token counts that grow. An answer that cites
//! is cut into a block of text for each citation in mid-sentence, so that only what a tool stood between is set apart.

use super::reply::Reply;
use crate::event::FinishReason;
use crate::json::Value;

pub(super) fn read(kind: &str, data: &Value, reply: &mut Reply) {
    match kind {
        "message_start" => {
            reply.start(&data["message"]["id"]);
            reply.count(&data["message"]["usage"]);
        }
        "content_block_start" => {
            let block = &data["content_block"];
            reply.text(&block["text"]);
            if block["name"].as_str().is_some() {
                reply.tool(&block["id"], &block["name"]);
                reply.part_text();
                reply.part_reasoning();
            }
        }
        "content_block_delta" => {
            let delta = &data["delta"];
            reply.text(&delta["text"]);
            reply.reasoning(&delta["thinking"]);
            let citation = &delta["citation"];
            let title = if citation["title"].is_null() { &citation["document_title"] } else { &citation["title"] };
            reply.source(&citation["url"], title);
        }
        "message_delta" => {
            reply.count(&data["usage"]);
            reply.finish_with(&data["delta"]["stop_reason"]);
        }
        "message_stop" => reply.end(Some(FinishReason::Other)),
        _ => {}
    }
}
