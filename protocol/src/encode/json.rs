//! One JSON answer: `{id, role, content, finish_reason, usage}`.

use serde::Serialize;

use super::{Encoded, Reply, write_json};
use crate::event::{StreamEvent, Usage};

/// Collects the answer.
#[derive(Debug, Default)]
pub(super) struct Json {
    content: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    role: &'a str,
    content: &'a str,
    finish_reason: &'a str,
    usage: Option<Tokens>,
}

#[derive(Serialize)]
struct Tokens {
    input_tokens: u64,
    output_tokens: u64,
}

impl Json {
    pub(super) fn push(&mut self, reply: &Reply, event: &StreamEvent) -> Encoded {
        let mut out = String::new();
        match event {
            StreamEvent::TextDelta(text) => self.content.push_str(text),
            StreamEvent::Finish(reason) => {
                let usage =
                    reply.usage.map(|Usage { input_tokens, output_tokens }| Tokens { input_tokens, output_tokens });
                let content = &self.content;
                write_json(
                    &mut out,
                    &Answer { id: &reply.id, role: "assistant", content, finish_reason: reason.name(), usage },
                );
                return Encoded::End(out);
            }
            StreamEvent::Error(_) => return Encoded::Break,
            _ => {}
        }
        Encoded::More(out)
    }
}
