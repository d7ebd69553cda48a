//! The data stream of the AI SDK 4 (v4.ai-sdk.dev, "Stream Protocols"): a code of one character, a colon and JSON per line.
//!
//! | code | |
//! |---|---|
//! | `0`, `g` | text, reasoning |
//! | `3` | error |
//! | `h` | source |
//! | `9`, `b` | tool call, or its beginning |
//! | `f` | start of a step, with the message's id |
//! | `e`, `d` | end of a step, of the message: why, and token counts |
//!
//! The others say nothing a visitor sees: data (`2`), annotations (`8`), tool results (`a`), arguments (`c`), redacted or
//! signed reasoning (`i`, `j`), files (`k`). `d` ends the reply; servers that leave it out end with an `e` that no further
//! step follows.

use super::reply::Reply;
use crate::event::FinishReason;
use crate::json::Value;

/// The code of a line and its JSON; no code when it has none.
pub(super) fn split(line: &str) -> (&str, &str) {
    match line.split_at_checked(2) {
        Some((code, json)) if code.ends_with(':') => (&code[..1], json),
        _ => ("", line),
    }
}

pub(super) fn read(code: &str, data: &Value, reply: &mut Reply) {
    match code {
        "0" => reply.text(data),
        "g" => reply.reasoning(data),
        "3" => reply.fail(data),
        "h" => reply.source(&data["url"], &data["title"]),
        "9" | "b" => reply.tool(&data["toolCallId"], &data["toolName"]),
        "f" => {
            reply.start(&data["messageId"]);
            reply.finish = None;
            reply.part_text();
            reply.part_reasoning();
        }
        "e" | "d" => {
            reply.count(&data["usage"]);
            let goes_on =
                data["isContinued"].as_bool() == Some(true) || data["finishReason"].as_str() == Some("tool-calls");
            if code == "d" || !goes_on {
                reply.finish_with(&data["finishReason"]);
            }
            if code == "d" {
                reply.end(Some(FinishReason::Other));
            }
        }
        _ => {}
    }
}
