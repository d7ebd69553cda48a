//! OpenAI's streamed chat completions (platform.openai.com, API reference, "chat.completion.chunk").
//!
//! Reasoning goes out as `reasoning_content`, the field DeepSeek, vLLM and others agree on; a source as a `url_citation`
//! annotation. Suggestions and status lines have no place in this format.

use serde::Serialize;

use super::{DONE, Encoded, Reply, write_event};
use crate::event::{Source, StreamError, StreamEvent};

#[derive(Debug, Default)]
pub(super) struct OpenAi {
    started: bool,
}

#[derive(Serialize)]
struct Chunk<'a> {
    id: &'a str,
    object: &'a str,
    created: u64,
    model: &'a str,
    choices: &'a [Choice<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Tokens>,
}

#[derive(Serialize)]
struct Choice<'a> {
    index: usize,
    delta: Delta<'a>,
    finish_reason: Option<&'a str>,
}

#[derive(Default, Serialize)]
struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<[Annotation<'a>; 1]>,
}

#[derive(Serialize)]
struct Annotation<'a> {
    r#type: &'a str,
    url_citation: Citation<'a>,
}

#[derive(Serialize)]
struct Citation<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
}

#[derive(Serialize)]
struct Tokens {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
}

#[derive(Serialize)]
struct Failure<'a> {
    error: FailureDetail<'a>,
}

#[derive(Serialize)]
struct FailureDetail<'a> {
    message: &'a str,
    r#type: &'a str,
    code: Option<&'a str>,
    retryable: bool,
}

impl OpenAi {
    pub(super) fn push(&mut self, reply: &Reply, event: &StreamEvent) -> Encoded {
        let mut out = String::new();
        if !self.started && !matches!(event, StreamEvent::Error(_)) {
            self.started = true;
            let role = Delta { role: Some("assistant"), content: Some(""), ..Delta::default() };
            write_delta(&mut out, reply, role, None);
        }
        match event {
            StreamEvent::TextDelta(text) => {
                write_delta(&mut out, reply, Delta { content: Some(text), ..Delta::default() }, None);
            }
            StreamEvent::ReasoningDelta(text) => {
                write_delta(&mut out, reply, Delta { reasoning_content: Some(text), ..Delta::default() }, None);
            }
            StreamEvent::Source(source) => {
                let annotations = Some([annotation(source)]);
                write_delta(&mut out, reply, Delta { annotations, ..Delta::default() }, None);
            }
            StreamEvent::Error(error) => {
                write_error(&mut out, error);
                return Encoded::End(out);
            }
            StreamEvent::Finish(reason) => {
                write_delta(&mut out, reply, Delta::default(), Some(reason.name()));
                if let Some(usage) = reply.usage {
                    let tokens = Tokens {
                        prompt_tokens: usage.input_tokens,
                        completion_tokens: usage.output_tokens,
                        total_tokens: usage.input_tokens.saturating_add(usage.output_tokens),
                    };
                    write_chunk(&mut out, reply, &[], Some(tokens));
                }
                out.push_str(DONE);
                return Encoded::End(out);
            }
            StreamEvent::Start { .. }
            | StreamEvent::Suggestion(_)
            | StreamEvent::Status(_)
            | StreamEvent::Usage(_)
            | StreamEvent::Skipped(_) => {}
        }
        Encoded::More(out)
    }
}

fn annotation(source: &Source) -> Annotation<'_> {
    Annotation { r#type: "url_citation", url_citation: Citation { url: &source.url, title: source.title.as_deref() } }
}

fn write_delta(out: &mut String, reply: &Reply, delta: Delta<'_>, finish_reason: Option<&str>) {
    write_chunk(out, reply, &[Choice { index: 0, delta, finish_reason }], None);
}

fn write_chunk(out: &mut String, reply: &Reply, choices: &[Choice<'_>], usage: Option<Tokens>) {
    let Reply { id, model, created, .. } = reply;
    write_event(out, &Chunk { id, object: "chat.completion.chunk", created: *created, model, choices, usage });
}

fn write_error(out: &mut String, error: &StreamError) {
    let code = Some(error.code.as_str()).filter(|code| !code.is_empty());
    let detail = FailureDetail { message: &error.message, r#type: "upstream", code, retryable: error.retryable };
    write_event(out, &Failure { error: detail });
    out.push_str(DONE);
}
