//! OpenAI's chat completion chunks.

use serde_json::Value;

use super::Rule;
use crate::reply::Reply;
use crate::report::{Objection, Verdict, fault};
use crate::sse;

pub(super) const RULES: &[Rule] = &[
    ("formats.openai.chunks", "OpenAI: every event is a chat.completion.chunk, all with one id", |reply| {
        shape(&chunks(reply)?)
    }),
    ("formats.openai.role", "OpenAI: the first delta says the role assistant, or is content already", |reply| {
        role(&chunks(reply)?)
    }),
    ("formats.openai.finish", "OpenAI: one finish_reason, and no content behind it", |reply| finish(&chunks(reply)?)),
    ("formats.openai.done", "OpenAI: [DONE] at the end and nothing behind it", |reply| {
        sse::done(&sse::events(&reply.text()?)?)
    }),
];

fn chunks(reply: &Reply) -> Result<Vec<Value>, Objection> {
    sse::json(&sse::events(&reply.text()?)?)
}

/// The choices of all chunks, in order; usage and filter chunks have none.
fn choices(chunks: &[Value]) -> impl Iterator<Item = &Value> {
    chunks.iter().filter_map(|chunk| chunk["choices"].get(0))
}

fn shape(chunks: &[Value]) -> Verdict {
    for chunk in chunks {
        let saw = |what: &str| format!("{what}: {}", sse::shortened(&chunk.to_string()));
        if chunk["object"] != "chat.completion.chunk" {
            return Err(fault(saw("another object"), "Set \"object\" to \"chat.completion.chunk\" in every chunk."));
        }
        if !chunk["choices"].is_array() {
            return Err(fault(saw("no choices"), "Give every chunk an array \"choices\"; it may be empty."));
        }
        if !chunk["id"].is_string() || chunk["id"] != chunks[0]["id"] {
            return Err(fault(saw("no id, or another one"), "Give all chunks of one reply the same \"id\"."));
        }
    }
    Ok(())
}

fn role(chunks: &[Value]) -> Verdict {
    let first = choices(chunks).next().map_or(&Value::Null, |choice| &choice["delta"]);
    let sound = match &first["role"] {
        Value::Null => first["content"].is_string(),
        role => role == "assistant",
    };
    if sound {
        return Ok(());
    }
    Err(fault(
        format!("the first delta is {}", sse::shortened(&first.to_string())),
        "Begin with {\"role\":\"assistant\",\"content\":\"\"} as the first delta.",
    ))
}

fn finish(chunks: &[Value]) -> Verdict {
    let ends: Vec<usize> = choices(chunks)
        .enumerate()
        .filter(|(_, choice)| choice["finish_reason"].is_string())
        .map(|(at, _)| at)
        .collect();
    let [end] = ends[..] else {
        return Err(fault(
            format!("{} chunks have a finish_reason", ends.len()),
            "Set \"finish_reason\" in one last chunk (\"stop\" as a rule) and to null in all others.",
        ));
    };
    let late =
        choices(chunks).skip(end + 1).any(|choice| choice["delta"]["content"].as_str().is_some_and(|c| !c.is_empty()));
    if late {
        return Err(fault("content comes after the finish_reason", "Send finish_reason after the last content."));
    }
    Ok(())
}

/// The content of all deltas.
pub(super) fn answer(reply: &Reply) -> Result<String, Objection> {
    let chunks = chunks(reply)?;
    if let Some(error) = chunks.iter().find_map(|chunk| chunk.get("error")) {
        return Err(fault(
            format!("{} ended with the error {}", reply.what, sse::shortened(&error.to_string())),
            "Make the endpoint answer questions before checking it; its log should tell why it could not.",
        ));
    }
    Ok(choices(&chunks).filter_map(|choice| choice["delta"]["content"].as_str()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chunk(delta: Value, reason: Value) -> Value {
        let choices = [json!({ "index": 0, "delta": delta, "finish_reason": reason })];
        json!({ "id": "1", "object": "chat.completion.chunk", "choices": choices })
    }

    #[test]
    fn a_whole_reply_is_in_order_and_each_disorder_is_noticed() {
        let text = || chunk(json!({ "content": "x" }), Value::Null);
        let role_chunk = || chunk(json!({ "role": "assistant" }), Value::Null);
        let end = || chunk(json!({}), json!("stop"));
        let usage = json!({ "id": "1", "object": "chat.completion.chunk", "choices": [] });
        let sound = [usage.clone(), role_chunk(), text(), end(), usage];
        assert_eq!(shape(&sound).and_then(|()| role(&sound)).and_then(|()| finish(&sound)), Ok(()));
        assert!(finish(&[text()]).is_err());
        assert!(finish(&[end(), end()]).is_err());
        assert!(finish(&[end(), text()]).is_err());
        assert!(role(&[end()]).is_err());
        assert!(role(&[chunk(json!({ "role": "user" }), Value::Null)]).is_err());
        let mut other = text();
        other["id"] = "2".into();
        assert!(shape(&[text(), other]).is_err());
        assert!(shape(&[json!({ "id": "1", "choices": [] })]).is_err());
    }
}
