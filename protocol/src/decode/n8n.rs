//! n8n's streamed answers (`StructuredChunk` of n8n-workflow): `{"type": "begin"|"item"|"end"|"error", "content"}` per line,
//! as `application/json`.
//!
//! Every node that answers writes its own `begin` and `end`, and how many will is not said: the reply is complete when the
//! body ends and each has ended. A line that is not JSON is text, as n8n's own chat has it.

use super::reply::Reply;
use crate::event::FinishReason;
use crate::json::Value;

pub(super) fn read(kind: &str, data: &Value, reply: &mut Reply) {
    match kind {
        "begin" => {
            reply.open += 1;
            reply.part_text();
        }
        "item" => reply.text(&data["content"]),
        "end" => {
            reply.open = reply.open.saturating_sub(1);
            if reply.open == 0 {
                reply.part_text();
            }
        }
        _ => {}
    }
    reply.finish = (reply.open == 0).then_some(FinishReason::Stop);
}

pub(super) fn text_line(text: &str, reply: &mut Reply) {
    reply.text(&Value::String([text, "\n"].concat()));
    reply.finish = (reply.open == 0).then_some(FinishReason::Stop);
}
