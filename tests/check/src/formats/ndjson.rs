//! n8n's chunks, one JSON object per line.

use serde_json::Value;

use super::Rule;
use crate::reply::Reply;
use crate::report::{Objection, Verdict, fault};
use crate::sse::shortened;

pub(super) const RULES: &[Rule] = &[
    ("formats.ndjson.lines", "ndjson: every line is one JSON object with a type", |reply| lines(reply).map(drop)),
    ("formats.ndjson.pairs", "ndjson: begin, items, and an end or error for every begin", |reply| {
        pairs(&lines(reply)?)
    }),
];

fn lines(reply: &Reply) -> Result<Vec<Value>, Objection> {
    let text = reply.text()?;
    if !text.ends_with('\n') {
        return Err(fault("the last line has no line break", "End every line with a line break, the last one too."));
    }
    let read = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(value) if value["type"].is_string() => Ok(value),
        _ => Err(fault(
            format!("a line is {:?}", shortened(line)),
            "Write {\"type\":\"begin\"}, {\"type\":\"item\",\"content\":\"…\"} or {\"type\":\"end\"} on each line.",
        )),
    };
    text.lines().map(read).collect()
}

fn pairs(lines: &[Value]) -> Verdict {
    let fix = "Write begin, then the items, then one end (or one error when it failed).";
    let mut open = 0_usize;
    for line in lines {
        match (line["type"].as_str().unwrap_or_default(), open) {
            ("begin", _) => open += 1,
            ("item" | "end" | "error", 0) => return Err(fault(format!("{} outside begin and end", line["type"]), fix)),
            ("item", _) if line["content"].is_string() => {}
            ("item", _) => return Err(fault("an item without content", "Give every item its text as \"content\".")),
            ("end" | "error", _) => open -= 1,
            (other, _) => return Err(fault(format!("a line of the type {other:?}"), fix)),
        }
    }
    match (open, lines.is_empty()) {
        (0, false) => Ok(()),
        (0, true) => Err(fault("no line at all", fix)),
        _ => Err(fault("a begin without its end", fix)),
    }
}

/// The content of all items.
pub(super) fn answer(reply: &Reply) -> Result<String, Objection> {
    let lines = lines(reply)?;
    Ok(lines.iter().filter(|line| line["type"] == "item").filter_map(|line| line["content"].as_str()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_begin_has_its_end() {
        let line = |kind: &str| json!({ "type": kind, "content": "x" });
        let judge = |kinds: &[&str]| pairs(&kinds.iter().map(|kind| line(kind)).collect::<Vec<_>>());
        assert_eq!(judge(&["begin", "item", "end", "begin", "error"]), Ok(()));
        for wrong in [&[][..], &["item"], &["begin", "item"], &["begin", "end", "end"], &["begin", "done", "end"]] {
            assert!(judge(wrong).is_err(), "{wrong:?}");
        }
    }
}
