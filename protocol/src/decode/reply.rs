//! What a reply has said so far, whatever its dialect, and the events that follow from it.

use super::dialect::Dialect;
use super::{answer, unknown_format, unreadable};
use crate::error::Written;
use crate::event::{FinishReason, Source, StreamError, StreamEvent, Usage};
use crate::json::Value;

/// The most sources given; some models cite one document with every sentence, so that each is given once.
const MAX_SOURCES: usize = 64;

/// A dialect reads a piece of JSON by calling the methods of this, which keep the events in order.
#[derive(Default)]
pub(super) struct Reply {
    /// What has not been handed out yet.
    pub(super) out: Vec<StreamEvent>,
    pub(super) dialect: Option<Dialect>,
    /// Why the reply ends, in dialects that say so before they are at their end.
    pub(super) finish: Option<FinishReason>,
    /// The code and the hope that an error to come will have.
    pub(super) error_code: Option<String>,
    pub(super) error_retryable: Option<bool>,
    /// How many of the parts that have an end of their own are without it.
    pub(super) open: u32,
    /// Something came that says nothing in any dialect.
    strange: bool,
    started: bool,
    text: Block,
    reasoning: Block,
    /// The tool call that was last told of: a call is named by several pieces.
    tool_call: String,
    sources: Vec<Source>,
    usage: Option<Usage>,
}

/// Text of one kind, whose blocks a blank line sets apart.
#[derive(Default)]
struct Block {
    written: bool,
    apart: bool,
}

impl Reply {
    /// One piece of JSON has come. The first that is of a dialect decides which reads the rest.
    pub(super) fn read(&mut self, data: &Value) {
        let data = if data.is_array() { &data[0] } else { data };
        let kind = data["type"].as_str().unwrap_or_default();
        if kind == "error" || says_error(&data["error"]) {
            return self.fail(data);
        }
        if self.dialect.is_none() {
            self.dialect = Dialect::of(data);
            // It says itself when it is complete, whatever came before it.
            self.finish = self.finish.filter(|_| self.dialect.is_none());
        }
        match self.dialect {
            Some(dialect) => dialect.read(kind, data, self),
            None => answer::read(data, self),
        }
    }

    /// The stream has ended, perhaps with a word that says so, which gives a reason to finish. Otherwise the dialect had
    /// to say before that this was all.
    pub(super) fn end(&mut self, otherwise: Option<FinishReason>) {
        let strange = self.strange && self.dialect.is_none();
        match self.finish.or(otherwise.filter(|_| !strange)) {
            Some(reason) => self.close(reason),
            None if strange => self.out.push(unknown_format()),
            None => self.out.push(StreamEvent::Error(StreamError::truncated())),
        }
    }

    /// The reply is complete.
    pub(super) fn close(&mut self, reason: FinishReason) {
        self.out.extend(self.usage.map(StreamEvent::Usage));
        self.out.push(StreamEvent::Finish(reason));
    }

    pub(super) fn fail(&mut self, data: &Value) {
        let mut error = Written::read(data).unwrap_or_default().into_stream_error();
        error.code = self.error_code.take().unwrap_or(error.code);
        error.retryable = self.error_retryable.unwrap_or(error.retryable);
        self.out.push(StreamEvent::Error(error));
    }

    /// Nonsense has come.
    pub(super) fn skip(&mut self) {
        self.strange = true;
        if let StreamEvent::Error(error) = unreadable("The chat endpoint sent malformed JSON") {
            self.out.push(StreamEvent::Skipped(error));
        }
    }

    /// JSON has come that says nothing.
    pub(super) fn wonder(&mut self) {
        self.strange = true;
    }

    pub(super) fn start(&mut self, id: &Value) {
        if !std::mem::replace(&mut self.started, true) {
            let message_id = id.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
            self.out.push(StreamEvent::Start { message_id });
        }
    }

    /// Why the reply ends, under the name any API gives it; nothing when it is not a text.
    pub(super) fn finish_with(&mut self, reason: &Value) {
        self.finish = reason.as_str().map(FinishReason::from_name).or(self.finish);
    }

    pub(super) fn text(&mut self, value: &Value) {
        self.text.add(value, StreamEvent::TextDelta, &mut self.out);
    }

    pub(super) fn reasoning(&mut self, value: &Value) {
        self.reasoning.add(value, StreamEvent::ReasoningDelta, &mut self.out);
    }

    /// The text to come is another block.
    pub(super) fn part_text(&mut self) {
        self.text.apart = self.text.written;
    }

    /// The reasoning to come is another block.
    pub(super) fn part_reasoning(&mut self) {
        self.reasoning.apart = self.reasoning.written;
    }

    pub(super) fn status(&mut self, value: &Value) {
        self.out.extend(text_of(value).filter(|text| !text.is_empty()).map(StreamEvent::Status));
    }

    /// A tool is at work; told once for each call.
    pub(super) fn tool(&mut self, call: &Value, name: &Value) {
        if let Some(name) = name.as_str() {
            let call = call.as_str().unwrap_or(name);
            if self.tool_call != call {
                self.tool_call = call.to_owned();
                self.out.push(StreamEvent::Status(name.to_owned()));
            }
        }
    }

    pub(super) fn source(&mut self, url: &Value, title: &Value) {
        let url = url.as_str().unwrap_or_default().to_owned();
        let title = title.as_str().filter(|title| !title.is_empty()).map(str::to_owned);
        let source = Source { url, title };
        let says_nothing = source.url.is_empty() && source.title.is_none();
        if !says_nothing && self.sources.len() < MAX_SOURCES && !self.sources.contains(&source) {
            self.sources.push(source.clone());
            self.out.push(StreamEvent::Source(source));
        }
    }

    /// Token counts under the names of any of the known APIs; of equal ones the last count.
    pub(super) fn count(&mut self, value: &Value) {
        let find = |names: [&str; 5]| names.iter().find_map(|name| value[*name].as_u64());
        let input = find(["input_tokens", "prompt_tokens", "inputTokens", "promptTokens", "prompt_eval_count"]);
        let output = find(["output_tokens", "completion_tokens", "outputTokens", "completionTokens", "eval_count"]);
        if input.is_some() || output.is_some() {
            let usage = self.usage.get_or_insert_default();
            usage.input_tokens = input.unwrap_or(usage.input_tokens);
            usage.output_tokens = output.unwrap_or(usage.output_tokens);
        }
    }
}

impl Block {
    fn add(&mut self, value: &Value, wrap: fn(String) -> StreamEvent, out: &mut Vec<StreamEvent>) {
        let Some(mut text) = text_of(value).filter(|text| !text.is_empty()) else { return };
        if std::mem::take(&mut self.apart) {
            text.insert_str(0, "\n\n");
        }
        self.written = true;
        out.push(wrap(text));
    }
}

/// A text, or the texts of a list of parts, as several APIs have `content`: `[{"type": "text", "text": "…"}]`, also
/// inside `[{"type": "message", "content": […]}]`.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| text_of(&part["text"]).or_else(|| text_of(&part["content"])));
            Some(texts.collect())
        }
        _ => None,
    }
}

/// Whether a field `error` tells of one: many have it always, with `null`, `false`, `0` or nothing in it.
fn says_error(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && value.as_str() != Some("") && value.as_u64() != Some(0)
}
