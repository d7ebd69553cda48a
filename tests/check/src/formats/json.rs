//! One JSON answer when the reply is complete.

use serde_json::Value;

use super::Rule;
use crate::reply::Reply;
use crate::report::{Objection, Verdict, fault};
use crate::sse::shortened;

pub(super) const RULES: &[Rule] =
    &[("formats.json", "stream: false gives one JSON {id, role, content, finish_reason, usage}", |reply| {
        shape(&read(reply)?)
    })];

fn read(reply: &Reply) -> Result<Value, Objection> {
    reply.ended()?;
    reply.json().ok_or_else(|| fault(reply.summary(), "Answer stream: false with one JSON object."))
}

fn shape(answer: &Value) -> Verdict {
    let wrong = ["id", "content", "finish_reason"].into_iter().find(|field| !answer[*field].is_string());
    let wrong = wrong.or((answer["role"] != "assistant").then_some("role"));
    let wrong = wrong.or(answer.get("usage").is_none().then_some("usage"));
    match wrong {
        None => Ok(()),
        Some(field) => Err(fault(
            format!("{field} is missing or wrong in {}", shortened(&answer.to_string())),
            "Answer {\"id\":\"…\",\"role\":\"assistant\",\"content\":\"…\",\"finish_reason\":\"stop\",\"usage\":null}; \
             usage may be null when the tokens are unknown.",
        )),
    }
}

/// The answer's content.
pub(super) fn answer(reply: &Reply) -> Result<String, Objection> {
    Ok(read(reply)?["content"].as_str().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_is_needed() {
        let sound = json!({"id": "1", "role": "assistant", "content": "x", "finish_reason": "stop", "usage": null});
        assert_eq!(shape(&sound), Ok(()));
        for field in ["id", "role", "content", "finish_reason", "usage"] {
            let mut wrong = sound.clone();
            wrong.as_object_mut().unwrap().remove(field);
            assert!(shape(&wrong).is_err(), "{field}");
        }
    }
}
