//! Server-sent events, read strictly: what a tolerant reader forgives is a fault here.

use serde_json::Value;

use crate::report::{Objection, fault};

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) data: String,
    /// Of the `id:` line behind (or before) the data.
    pub(crate) id: Option<String>,
}

/// The last event of a stream.
pub(crate) const DONE: &str = "[DONE]";

/// Cuts a whole body into events; comments and events without data (heartbeats) are left out.
pub(crate) fn events(body: &str) -> Result<Vec<Event>, Objection> {
    let body = body.replace("\r\n", "\n");
    if !body.is_empty() && !body.ends_with("\n\n") {
        return Err(fault(
            format!("the stream ends with {:?}", tail(&body)),
            "End every event, the last one too, with an empty line: without it a reader drops the event.",
        ));
    }
    let blocks = body.split("\n\n").filter(|block| !block.trim_matches('\n').is_empty());
    Ok(blocks.map(event).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn event(block: &str) -> Result<Option<Event>, Objection> {
    let (mut data, mut id) = (Vec::new(), None);
    for line in block.split('\n').filter(|line| !line.is_empty()) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => data.push(value),
            "id" => id = Some(value.to_owned()),
            "" | "event" | "retry" => {}
            _ => {
                return Err(fault(
                    format!("a line of the stream is {:?}", shortened(line)),
                    "Begin every line with \"data: \" (or \"id: \", or \":\" for a comment) and put no line break into \
                     the JSON.",
                ));
            }
        }
    }
    Ok((!data.is_empty()).then(|| Event { data: data.join("\n"), id }))
}

/// The JSON of every event before `[DONE]`.
pub(crate) fn json(events: &[Event]) -> Result<Vec<Value>, Objection> {
    let read = |event: &Event| match serde_json::from_str::<Value>(&event.data) {
        Ok(value) if value.is_object() => Ok(value),
        _ => Err(fault(
            format!("an event's data is {:?}", shortened(&event.data)),
            "Write one JSON object into the data of every event but [DONE].",
        )),
    };
    events.iter().filter(|event| event.data != DONE).map(read).collect()
}

/// Whether `[DONE]` is there once and last.
pub(crate) fn done(events: &[Event]) -> Result<(), Objection> {
    let done = events.iter().position(|event| event.data == DONE);
    let fix = "Write `data: [DONE]` and an empty line once, as the last thing of the stream.";
    match done {
        Some(at) if at + 1 == events.len() => Ok(()),
        Some(at) => Err(fault(format!("{:?} comes after [DONE]", shortened(&events[at + 1].data)), fix)),
        None => Err(fault("there is no [DONE]", fix)),
    }
}

/// At most eighty characters of a text, for a report.
pub(crate) fn shortened(text: &str) -> String {
    let start: String = text.chars().take(80).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}

fn tail(text: &str) -> &str {
    let start = text.char_indices().rev().nth(39).map_or(0, |(at, _)| at);
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_data_and_id_and_comments_are_none() {
        let body = ": hello\n\ndata: {\"a\":1}\nid: 7\n\n: \n\ndata: [DONE]\r\n\r\n";
        let read = events(body).unwrap();
        assert_eq!(read[0], Event { data: "{\"a\":1}".into(), id: Some("7".into()) });
        assert_eq!(read.len(), 2);
        assert!(done(&read).is_ok());
        assert_eq!(json(&read).unwrap().len(), 1);
    }

    #[test]
    fn what_a_tolerant_reader_forgives_is_a_fault() {
        for wrong in ["data: {}", "data: {}\n", "data: {\n\"a\": 1}\n\n", "{\"a\":1}\n\n"] {
            assert!(events(wrong).is_err(), "{wrong:?}");
        }
        for wrong in ["data: {}\n\n", "data: [DONE]\n\ndata: {}\n\n", "data: [DONE]\n\ndata: [DONE]\n\n"] {
            assert!(done(&events(wrong).unwrap()).is_err(), "{wrong:?}");
        }
        assert!(json(&events("data: hello\n\n").unwrap()).is_err());
    }
}
