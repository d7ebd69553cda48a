//! n8n's streaming chunks, one per line (n8n's `StructuredChunk`, without its `metadata`).

use serde::Serialize;

use super::{Encoded, write_json};
use crate::event::StreamEvent;

#[derive(Debug, Default)]
pub(super) struct Ndjson {
    begun: bool,
}

#[derive(Serialize)]
struct Chunk<'a> {
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
}

impl Ndjson {
    pub(super) fn push(&mut self, event: &StreamEvent) -> Encoded {
        let mut out = String::new();
        if !self.begun {
            self.begun = true;
            write_line(&mut out, "begin", None);
        }
        match event {
            StreamEvent::TextDelta(text) => write_line(&mut out, "item", Some(text)),
            StreamEvent::Finish(_) => {
                write_line(&mut out, "end", None);
                return Encoded::End(out);
            }
            StreamEvent::Error(error) => {
                write_line(&mut out, "error", Some(&error.message));
                return Encoded::End(out);
            }
            _ => {}
        }
        Encoded::More(out)
    }
}

fn write_line(out: &mut String, r#type: &str, content: Option<&str>) {
    write_json(out, &Chunk { r#type, content });
    out.push('\n');
}
