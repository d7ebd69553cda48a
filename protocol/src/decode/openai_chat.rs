//! OpenAI's streamed chat completions (platform.openai.com, API reference, "chat.completion.chunk"), and what Azure,
//! OpenRouter, DeepSeek, vLLM, Mistral and others make of them.
//!
//! - `choices` may be empty, first (Azure's filter results) and last (the chunk with `usage`), so a `finish_reason` is not
//!   the end yet: reading goes on until `[DONE]`, or the end of the body where a gateway leaves that out.
//! - Reasoning is `reasoning_content` or `reasoning`.
//! - Only the first choice is read.

use super::event_stream::Dialect;
use super::{add_text, usage};
use crate::event::{FinishReason, Source, StreamError, StreamEvent, Usage};
use crate::json::Value;

#[derive(Default)]
struct OpenAiChat {
    started: bool,
    usage: Option<Usage>,
    finish: Option<FinishReason>,
}

pub(super) fn matches(data: &Value) -> bool {
    data["choices"].is_array()
}

pub(super) fn begin() -> Box<dyn Dialect> {
    Box::new(OpenAiChat::default())
}

impl Dialect for OpenAiChat {
    fn read(&mut self, data: &Value, out: &mut Vec<StreamEvent>) {
        self.usage = usage(&data["usage"]).or(self.usage);
        let choice = &data["choices"][0];
        if choice.is_null() || choice["index"].as_u64().is_some_and(|index| index > 0) {
            return;
        }
        if !self.started {
            self.started = true;
            let message_id = data["id"].as_str().filter(|id| !id.is_empty()).map(str::to_owned);
            out.push(StreamEvent::Start { message_id });
        }
        let delta = &choice["delta"];
        add_text(&delta["reasoning_content"], StreamEvent::ReasoningDelta, out);
        add_text(&delta["reasoning"], StreamEvent::ReasoningDelta, out);
        add_text(&delta["content"], StreamEvent::TextDelta, out);
        add_text(&delta["refusal"], StreamEvent::TextDelta, out);
        add_text(&delta["tool_calls"][0]["function"]["name"], StreamEvent::Status, out);
        for annotation in delta["annotations"].as_array().into_iter().flatten() {
            let citation = &annotation["url_citation"];
            if let Some(url) = citation["url"].as_str() {
                let title = citation["title"].as_str().map(str::to_owned);
                out.push(StreamEvent::Source(Source { url: url.to_owned(), title }));
            }
        }
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.finish = Some(FinishReason::from_name(reason));
        }
    }

    fn end(&mut self, said_done: bool, out: &mut Vec<StreamEvent>) {
        if let Some(reason) = self.finish.or(said_done.then_some(FinishReason::Other)) {
            out.extend(self.usage.map(StreamEvent::Usage));
            out.push(StreamEvent::Finish(reason));
        } else {
            out.push(StreamEvent::Error(StreamError::truncated()));
        }
    }
}
