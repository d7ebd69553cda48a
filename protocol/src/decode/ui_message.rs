//! The AI SDK's UI message stream v1 (ai-sdk.dev, "Stream Protocols"; the schema is `uiMessageChunkSchema`).
//!
//! Parts that carry nothing a visitor sees (steps, files, documents, tool results) and parts of later versions are passed
//! over. Of the free `data-*` parts these are understood: `data-suggestion` and `data-suggestions` (a text, an object with
//! `text`, or a list of either), `data-status` (a text), and `data-error` (`{code, retryable}`, about the `error` part
//! that follows; our own server writes it).

use super::event_stream::Dialect;
use super::{add_text, usage};
use crate::error::Written;
use crate::event::{FinishReason, Source, StreamError, StreamEvent};
use crate::json::Value;

#[derive(Default)]
struct UiMessage {
    text: Blocks,
    reasoning: Blocks,
    /// The tool call that was last told of: a call is named by several parts.
    tool_call: String,
    /// What a `data-error` part told about the `error` part to come.
    error_code: Option<String>,
    error_retryable: Option<bool>,
}

pub(super) fn matches(data: &Value) -> bool {
    const FAMILIES: [&str; 10] =
        ["start", "text-", "reasoning-", "tool-", "source-", "data-", "message-metadata", "error", "abort", "finish"];
    data["type"].as_str().is_some_and(|name| FAMILIES.iter().any(|family| name.starts_with(family)))
}

pub(super) fn begin() -> Box<dyn Dialect> {
    Box::new(UiMessage::default())
}

impl Dialect for UiMessage {
    fn read(&mut self, data: &Value, out: &mut Vec<StreamEvent>) {
        match data["type"].as_str().unwrap_or_default() {
            "start" => {
                let message_id = data["messageId"].as_str().map(str::to_owned);
                out.push(StreamEvent::Start { message_id });
            }
            "text-start" => self.text.begin(),
            "text-delta" => self.text.add(data, StreamEvent::TextDelta, out),
            "reasoning-start" => self.reasoning.begin(),
            "reasoning-delta" => self.reasoning.add(data, StreamEvent::ReasoningDelta, out),
            "source-url" => {
                if let Some(url) = data["url"].as_str() {
                    let title = data["title"].as_str().map(str::to_owned);
                    out.push(StreamEvent::Source(Source { url: url.to_owned(), title }));
                }
            }
            "data-suggestion" | "data-suggestions" => add_suggestions(&data["data"], out),
            "data-status" => add_text(&data["data"], StreamEvent::Status, out),
            "data-error" => {
                self.error_code = data["data"]["code"].as_str().map(str::to_owned);
                self.error_retryable = data["data"]["retryable"].as_bool();
            }
            "error" => out.push(StreamEvent::Error(self.failure(data))),
            "abort" => out.push(StreamEvent::Finish(FinishReason::Abort)),
            "message-metadata" => add_usage(data, out),
            "finish" => {
                add_usage(data, out);
                let reason = data["finishReason"].as_str().or(data["messageMetadata"]["finishReason"].as_str());
                out.push(StreamEvent::Finish(reason.map_or(FinishReason::Stop, FinishReason::from_name)));
            }
            name if name.starts_with("tool-") => self.tool(data, out),
            _ => {}
        }
    }

    fn end(&mut self, said_done: bool, out: &mut Vec<StreamEvent>) {
        out.push(if said_done {
            StreamEvent::Finish(FinishReason::Other)
        } else {
            StreamEvent::Error(StreamError::truncated())
        });
    }
}

impl UiMessage {
    fn tool(&mut self, data: &Value, out: &mut Vec<StreamEvent>) {
        let call = data["toolCallId"].as_str().unwrap_or_default();
        if let Some(name) = data["title"].as_str().or(data["toolName"].as_str())
            && self.tool_call != call
        {
            self.tool_call = call.to_owned();
            out.push(StreamEvent::Status(name.to_owned()));
        }
    }

    fn failure(&mut self, data: &Value) -> StreamError {
        let error = Written::read(data).unwrap_or_default().into_stream_error();
        StreamError {
            code: self.error_code.take().unwrap_or(error.code),
            retryable: self.error_retryable.unwrap_or(error.retryable),
            ..error
        }
    }
}

/// The blocks of one kind, which a blank line sets apart.
#[derive(Default)]
struct Blocks {
    written: bool,
    apart: bool,
}

impl Blocks {
    fn begin(&mut self) {
        self.apart = self.written;
    }

    fn add(&mut self, data: &Value, wrap: fn(String) -> StreamEvent, out: &mut Vec<StreamEvent>) {
        let delta = data["delta"].as_str().unwrap_or_default();
        if !delta.is_empty() {
            let gap = if std::mem::take(&mut self.apart) { "\n\n" } else { "" };
            self.written = true;
            out.push(wrap([gap, delta].concat()));
        }
    }
}

fn add_usage(data: &Value, out: &mut Vec<StreamEvent>) {
    out.extend(usage(&data["messageMetadata"]["usage"]).map(StreamEvent::Usage));
}

fn add_suggestions(data: &Value, out: &mut Vec<StreamEvent>) {
    let items = data.as_array().unwrap_or(std::slice::from_ref(data));
    let texts = items.iter().filter_map(|item| item.as_str().or(item["text"].as_str()));
    out.extend(texts.filter(|text| !text.trim().is_empty()).map(|text| StreamEvent::Suggestion(text.to_owned())));
}
