//! Bodies of server-sent events.

use super::reply::Reply;
use super::too_long;
use crate::event::FinishReason;
use crate::json::Value;
use crate::sse::{Event, Parser};

pub(super) fn push(parser: &mut Parser, bytes: &[u8], reply: &mut Reply) {
    let mut events = Vec::new();
    let result = parser.push(bytes, &mut events);
    for event in &events {
        read(event, reply);
    }
    if result.is_err() {
        reply.out.push(too_long());
    }
}

fn read(event: &Event, reply: &mut Reply) {
    let text = event.data.trim_ascii();
    if text == "[DONE]" {
        return reply.end(Some(FinishReason::Other));
    }
    let is_error = event.event == "error";
    match Value::parse(text) {
        Ok(data) if is_error => reply.fail(&data),
        Ok(data) => reply.read(&data),
        Err(_) if is_error => reply.fail(&Value::String(text.to_owned())),
        Err(_) if event.event == "message" => reply.skip(),
        // Other names are addressed to other listeners: `event: ping` and the like need not be JSON.
        Err(_) => {}
    }
}
