//! An answer that is one JSON document.

use super::{add_text, text_of, unknown_format, unreadable, usage};
use crate::error::Written;
use crate::event::{FinishReason, StreamError, StreamEvent};
use crate::json::{ParseError, Value};

/// Where endpoints put the answer, the least ambiguous first: `message` is also where some say "success".
const ANSWERS: [&str; 7] = ["output", "answer", "reply", "response", "text", "content", "message"];

/// Reads a complete document: `{"output": "…"}` and its like, a completion of OpenAI's (`{"choices": [{"message"}]}`), our
/// own `{id, role, content, finish_reason, usage}`, `{"error": …}`, a bare string, or a list whose first item is one of
/// these (n8n).
pub(super) fn read(bytes: &[u8], out: &mut Vec<StreamEvent>) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_ascii();
    if text.is_empty() {
        out.push(StreamEvent::Finish(FinishReason::Stop));
        return;
    }
    match Value::parse(text) {
        Ok(Value::Array(items)) if !items.is_empty() => read_answer(&items[0], out),
        Ok(value) => read_answer(&value, out),
        Err(ParseError::Eof) => out.push(StreamEvent::Error(StreamError::truncated())),
        Err(_) => out.push(unreadable("The chat endpoint answered with malformed JSON")),
    }
}

fn read_answer(value: &Value, out: &mut Vec<StreamEvent>) {
    if !value["error"].is_null() {
        let written = Written::read(value).unwrap_or_default();
        out.push(StreamEvent::Error(written.into_stream_error()));
        return;
    }
    let choice = &value["choices"][0];
    let Some(text) = find_text(value, choice) else {
        out.push(unknown_format());
        return;
    };
    if let Some(id) = value["id"].as_str() {
        out.push(StreamEvent::Start { message_id: Some(id.to_owned()) });
    }
    add_text(&choice["message"]["reasoning_content"], StreamEvent::ReasoningDelta, out);
    if !text.is_empty() {
        out.push(StreamEvent::TextDelta(text));
    }
    out.extend(usage(&value["usage"]).map(StreamEvent::Usage));
    let reason = value["finish_reason"].as_str().or(choice["finish_reason"].as_str());
    out.push(StreamEvent::Finish(reason.map_or(FinishReason::Stop, FinishReason::from_name)));
}

fn find_text(value: &Value, choice: &Value) -> Option<String> {
    value
        .as_str()
        .map(str::to_owned)
        .or_else(|| ANSWERS.iter().find_map(|key| text_of(&value[*key])))
        .or_else(|| text_of(&choice["message"]["content"]))
        .or_else(|| text_of(&value["message"]["content"]))
}
