//! The AI SDK's UI message stream v1, part by part.

use serde_json::Value;

use super::Rule;
use crate::reply::Reply;
use crate::report::{Objection, Verdict, fault};
use crate::sse;

pub(super) const RULES: &[Rule] = &[
    ("formats.ui-message.events", "UI message stream: every event is one JSON object with a type", |reply| {
        parts(reply).map(drop)
    }),
    ("formats.ui-message.start", "UI message stream: a start part comes first, and once", |reply| {
        start(&parts(reply)?)
    }),
    ("formats.ui-message.parts", "UI message stream: no part that clients do not know, except data-*", |reply| {
        parts(reply)?.iter().try_for_each(known)
    }),
    (
        "formats.ui-message.pairing",
        "UI message stream: start, delta and end of a text in this order, same id",
        |reply| pairing(&parts(reply)?),
    ),
    ("formats.ui-message.terminal", "UI message stream: exactly one finish or error, as the last part", |reply| {
        terminal(&parts(reply)?)
    }),
    ("formats.ui-message.done", "UI message stream: [DONE] at the end and nothing behind it", |reply| {
        sse::done(&sse::events(&reply.text()?)?)
    }),
];

/// What each type of part must have as a text.
const KNOWN: &[(&str, &[&str])] = &[
    ("start", &[]),
    ("text-start", &["id"]),
    ("text-delta", &["id", "delta"]),
    ("text-end", &["id"]),
    ("reasoning-start", &["id"]),
    ("reasoning-delta", &["id", "delta"]),
    ("reasoning-end", &["id"]),
    ("source-url", &["sourceId", "url"]),
    ("source-document", &["sourceId", "mediaType", "title"]),
    ("file", &["url", "mediaType"]),
    ("tool-input-start", &["toolCallId", "toolName"]),
    ("tool-input-delta", &["toolCallId", "inputTextDelta"]),
    ("tool-input-available", &["toolCallId", "toolName"]),
    ("tool-input-error", &["toolCallId", "toolName", "errorText"]),
    ("tool-output-available", &["toolCallId"]),
    ("tool-output-error", &["toolCallId", "errorText"]),
    ("start-step", &[]),
    ("finish-step", &[]),
    ("message-metadata", &[]),
    ("finish", &[]),
    ("abort", &[]),
    ("error", &["errorText"]),
];
const TERMINAL: [&str; 3] = ["finish", "error", "abort"];

fn parts(reply: &Reply) -> Result<Vec<Value>, Objection> {
    let parts = sse::json(&sse::events(&reply.text()?)?)?;
    match parts.iter().find(|part| !part["type"].is_string()) {
        None => Ok(parts),
        Some(part) => Err(fault(
            format!("a part without a type: {}", sse::shortened(&part.to_string())),
            "Give every part a type, such as {\"type\":\"text-delta\",\"id\":\"…\",\"delta\":\"…\"}.",
        )),
    }
}

fn kind(part: &Value) -> &str {
    part["type"].as_str().unwrap_or_default()
}

fn start(parts: &[Value]) -> Verdict {
    let fix = "Write {\"type\":\"start\"} before every other part, and only once.";
    let first = parts.first().map(kind).unwrap_or("nothing at all");
    if first != "start" {
        return Err(fault(format!("the first part is {first}"), fix));
    }
    match parts.iter().filter(|part| kind(part) == "start").count() {
        1 => Ok(()),
        count => Err(fault(format!("there are {count} start parts"), fix)),
    }
}

fn known(part: &Value) -> Verdict {
    let kind = kind(part);
    if kind.starts_with("data-") {
        return if part.get("data").is_some() {
            Ok(())
        } else {
            Err(fault(format!("{kind} has no data"), format!("Put what {kind} carries into its field \"data\".")))
        };
    }
    let Some((_, fields)) = KNOWN.iter().find(|(name, _)| *name == kind) else {
        return Err(fault(
            format!("a part of the type {kind:?}"),
            "Send what the protocol has no part for as \"data-NAME\": an unknown type ends the stream in AI SDK clients.",
        ));
    };
    match fields.iter().find(|field| !part[**field].is_string()) {
        None => Ok(()),
        Some(field) => Err(fault(
            format!("{kind} without {field}: {}", sse::shortened(&part.to_string())),
            format!("Give every {kind} part a {field}, as a string."),
        )),
    }
}

/// Texts and reasonings alike: opened, written to, closed.
fn pairing(parts: &[Value]) -> Verdict {
    let mut open: Vec<(&str, &str)> = Vec::new();
    for part in parts {
        let Some((family, step)) =
            kind(part).split_once('-').filter(|(family, _)| matches!(*family, "text" | "reasoning"))
        else {
            continue;
        };
        let id = part["id"].as_str().unwrap_or_default();
        let at = open.iter().position(|one| *one == (family, id));
        match (step, at) {
            ("start", None) => open.push((family, id)),
            ("start", Some(_)) => {
                return Err(fault(
                    format!("a second {family}-start with the id {id:?} while the first is open"),
                    format!("Open each {family} once; give another one another id."),
                ));
            }
            (_, None) => {
                return Err(fault(
                    format!("{family}-{step} with the id {id:?} before its {family}-start"),
                    format!("Write {family}-start with the same id before the first {family}-delta."),
                ));
            }
            ("end", Some(at)) => drop(open.remove(at)),
            _ => {}
        }
    }
    match open.first() {
        None => Ok(()),
        Some((family, id)) => Err(fault(
            format!("the {family} with the id {id:?} is never closed"),
            format!("Write {family}-end with the same id before the end of the reply."),
        )),
    }
}

fn terminal(parts: &[Value]) -> Verdict {
    let ends: Vec<&str> = parts.iter().map(kind).filter(|kind| TERMINAL.contains(kind)).collect();
    let last = parts.last().map(kind).unwrap_or_default();
    match ends.as_slice() {
        [] => Err(fault(
            format!("no finish and no error; the last part is {last}"),
            "End a reply with one finish part, a failed one with one error part: otherwise it counts as cut off.",
        )),
        [end] if *end == last => Ok(()),
        [end] => Err(fault(format!("{last} comes after {end}"), format!("Write nothing but [DONE] after {end}."))),
        ends => Err(fault(
            format!("{} terminal parts: {}", ends.len(), ends.join(", ")),
            "Write exactly one terminal part: finish when the reply is complete, or error (and no finish) when it failed.",
        )),
    }
}

/// The text of all deltas.
pub(super) fn answer(reply: &Reply) -> Result<String, Objection> {
    let parts = parts(reply)?;
    if let Some(error) = parts.iter().find(|part| kind(part) == "error") {
        return Err(fault(
            format!("{} ended with the error {}", reply.what, sse::shortened(&error["errorText"].to_string())),
            "Make the endpoint answer questions before checking it; its log should tell why it could not.",
        ));
    }
    Ok(parts.iter().filter(|part| kind(part) == "text-delta").filter_map(|part| part["delta"].as_str()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Parts by their types; text and reasoning parts have the id 1.
    fn parts(kinds: &[&str]) -> Vec<Value> {
        kinds.iter().map(|kind| json!({ "type": kind, "id": "1", "delta": "x", "errorText": "x" })).collect()
    }

    #[test]
    fn a_whole_reply_is_in_order() {
        let reply =
            parts(&["start", "reasoning-start", "reasoning-end", "text-start", "text-delta", "text-end", "finish"]);
        assert_eq!(start(&reply), Ok(()));
        assert_eq!(reply.iter().try_for_each(known), Ok(()));
        assert_eq!(pairing(&reply), Ok(()));
        assert_eq!(terminal(&reply), Ok(()));
    }

    #[test]
    fn each_disorder_is_noticed() {
        assert!(start(&parts(&["text-start", "start"])).is_err());
        assert!(start(&parts(&["start", "start"])).is_err());
        assert!(start(&[]).is_err());
        for wrong in [["text-delta", "text-start"], ["text-start", "text-start"], ["text-start", "reasoning-end"]] {
            assert!(pairing(&parts(&wrong)).is_err(), "{wrong:?}");
        }
        assert!(pairing(&parts(&["text-start"])).is_err());
        for wrong in [&["start"][..], &["error", "finish"], &["finish", "finish"], &["finish", "text-delta"]] {
            assert!(terminal(&parts(wrong)).is_err(), "{wrong:?}");
        }
        for wrong in [json!({"type": "suggestion"}), json!({"type": "data-x"}), json!({"type": "text-delta", "id": 1})]
        {
            assert!(known(&wrong).is_err(), "{wrong}");
        }
    }
}
