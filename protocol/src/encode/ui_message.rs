//! The AI SDK's UI message stream v1 (ai-sdk.dev, "Stream Protocols"; the schema is `uiMessageChunkSchema`).
//!
//! Clients of versions 5 and 6 check every part against a strict schema and give up at an unknown type or field. So what
//! the protocol has no part for goes into `data-*` parts, which are free: `data-suggestion`, `data-status` (transient),
//! and `data-error` (transient), which precedes an `error` part because that one has room for a text only. The reason of
//! the end and the token counts go into `messageMetadata`, since `finishReason` is unknown to the first versions.

use serde::Serialize;

use super::{DONE, Encoded, Reply, write_event};
use crate::event::{FinishReason, StreamError, StreamEvent};

/// Which parts are open. The text part stays open until the end: were it closed for a thought in between, the answer
/// would be two paragraphs where the model wrote one.
#[derive(Debug, Default)]
pub(super) struct UiMessage {
    started: bool,
    text_open: bool,
    reasoning_open: bool,
    reasonings: usize,
    sources: usize,
}

/// Every part there is, as one set of optional fields.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_metadata: Option<Metadata<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    finish_reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Tokens>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tokens {
    input_tokens: u64,
    output_tokens: u64,
}

#[derive(Serialize)]
struct Data<'a, T> {
    r#type: &'a str,
    data: T,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    transient: bool,
}

#[derive(Serialize)]
struct ErrorData<'a> {
    code: &'a str,
    retryable: bool,
}

const TEXT_ID: &str = "text-1";

fn part(r#type: &str) -> Part<'_> {
    Part { r#type, ..Part::default() }
}

impl UiMessage {
    pub(super) fn push(&mut self, reply: &Reply, event: &StreamEvent) -> Encoded {
        let mut out = String::new();
        if !self.started {
            self.started = true;
            write_event(&mut out, &Part { message_id: Some(&reply.id), ..part("start") });
        }
        match event {
            StreamEvent::Start { .. } | StreamEvent::Usage(_) | StreamEvent::Skipped(_) => {}
            StreamEvent::TextDelta(text) => self.text(&mut out, text),
            StreamEvent::ReasoningDelta(text) => self.reasoning(&mut out, text),
            StreamEvent::Source(source) => {
                self.sources += 1;
                let id = format!("source-{}", self.sources);
                let (url, title) = (Some(source.url.as_str()), source.title.as_deref());
                write_event(&mut out, &Part { source_id: Some(&id), url, title, ..part("source-url") });
            }
            StreamEvent::Suggestion(data) => {
                write_event(&mut out, &Data { r#type: "data-suggestion", data, transient: false });
            }
            StreamEvent::Status(data) => {
                write_event(&mut out, &Data { r#type: "data-status", data, transient: true });
            }
            StreamEvent::Error(error) => return self.fail(out, error),
            StreamEvent::Finish(reason) => return self.finish(out, reply, *reason),
        }
        Encoded::More(out)
    }

    fn text(&mut self, out: &mut String, delta: &str) {
        self.close_reasoning(out);
        if !self.text_open {
            self.text_open = true;
            write_event(out, &Part { id: Some(TEXT_ID), ..part("text-start") });
        }
        write_event(out, &Part { id: Some(TEXT_ID), delta: Some(delta), ..part("text-delta") });
    }

    fn reasoning(&mut self, out: &mut String, delta: &str) {
        let opens = !self.reasoning_open;
        if opens {
            self.reasoning_open = true;
            self.reasonings += 1;
        }
        let id = self.reasoning_id();
        if opens {
            write_event(out, &Part { id: Some(&id), ..part("reasoning-start") });
        }
        write_event(out, &Part { id: Some(&id), delta: Some(delta), ..part("reasoning-delta") });
    }

    fn reasoning_id(&self) -> String {
        format!("reasoning-{}", self.reasonings)
    }

    fn close_reasoning(&mut self, out: &mut String) {
        if std::mem::take(&mut self.reasoning_open) {
            write_event(out, &Part { id: Some(&self.reasoning_id()), ..part("reasoning-end") });
        }
    }

    fn close_all(&mut self, out: &mut String) {
        self.close_reasoning(out);
        if std::mem::take(&mut self.text_open) {
            write_event(out, &Part { id: Some(TEXT_ID), ..part("text-end") });
        }
    }

    fn fail(&mut self, mut out: String, error: &StreamError) -> Encoded {
        self.close_all(&mut out);
        if !error.code.is_empty() || !error.retryable {
            let data = ErrorData { code: &error.code, retryable: error.retryable };
            write_event(&mut out, &Data { r#type: "data-error", data, transient: true });
        }
        write_event(&mut out, &Part { error_text: Some(&error.message), ..part("error") });
        out.push_str(DONE);
        Encoded::End(out)
    }

    fn finish(&mut self, mut out: String, reply: &Reply, reason: FinishReason) -> Encoded {
        self.close_all(&mut out);
        if reason == FinishReason::Abort {
            write_event(&mut out, &part("abort"));
        } else {
            let usage = reply
                .usage
                .map(|usage| Tokens { input_tokens: usage.input_tokens, output_tokens: usage.output_tokens });
            let metadata = (reason != FinishReason::Stop || usage.is_some())
                .then(|| Metadata { finish_reason: reason.name(), usage });
            write_event(&mut out, &Part { message_metadata: metadata, ..part("finish") });
        }
        out.push_str(DONE);
        Encoded::End(out)
    }
}
