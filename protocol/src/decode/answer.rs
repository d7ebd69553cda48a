//! An answer in an object of no known API: `{"output": "…"}` and its like, and our own
//! `{id, role, content, finish_reason, usage}`.
//!
//! A stream may consist of such objects too; it says nowhere that it is complete, so that its end is taken for that.

use super::reply::{Reply, text_of};
use crate::event::FinishReason;
use crate::json::Value;

/// Where endpoints put the answer, the least ambiguous first: `message` is also where some say "success".
const ANSWERS: [&str; 7] = ["output", "answer", "reply", "response", "text", "content", "message"];

pub(super) fn read(data: &Value, reply: &mut Reply) {
    let mut answers = ANSWERS.iter().map(|key| &data[*key]).chain([&data["message"]["content"]]);
    let Some(answer) = answers.find(|answer| text_of(answer).is_some()) else { return reply.wonder() };
    if data["id"].as_str().is_some() {
        reply.start(&data["id"]);
    }
    reply.text(answer);
    reply.count(&data["usage"]);
    reply.finish = Some(FinishReason::Stop);
    reply.finish_with(&data["finish_reason"]);
    reply.finish_with(&data["stop_reason"]);
}
