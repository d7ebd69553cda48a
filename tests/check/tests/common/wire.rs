//! Answers written out in every format: one text per event, and where the numbers go.

use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    UiMessage,
    OpenAi,
    Text,
    Ndjson,
    Json,
}

impl Format {
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::UiMessage | Self::OpenAi => "text/event-stream",
            Self::Text => "text/plain; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
            Self::Json => "application/json",
        }
    }
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

fn line(data: &Value) -> String {
    format!("{data}\n")
}

/// The whole answer, piece by piece as it is sent.
pub fn write(format: Format, id: &str, words: &[String]) -> Vec<String> {
    let each = |write: &dyn Fn(&String) -> String| words.iter().map(write).collect::<Vec<_>>();
    let chunk = |delta: Value, reason: Value| {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": reason });
        event(&json!({ "id": id, "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice] }))
    };
    let done = "data: [DONE]\n\n".to_owned();
    let (start, middle, end) = match format {
        Format::UiMessage => (
            vec![
                event(&json!({ "type": "start", "messageId": id })),
                event(&json!({ "type": "text-start", "id": "t" })),
            ],
            each(&|word| event(&json!({ "type": "text-delta", "id": "t", "delta": word }))),
            vec![event(&json!({ "type": "text-end", "id": "t" })), event(&json!({ "type": "finish" })), done],
        ),
        Format::OpenAi => (
            vec![chunk(json!({ "role": "assistant", "content": "" }), Value::Null)],
            each(&|word| chunk(json!({ "content": word }), Value::Null)),
            vec![chunk(json!({}), "stop".into()), done],
        ),
        Format::Text => (vec![], words.to_vec(), vec![]),
        Format::Ndjson => (
            vec![line(&json!({ "type": "begin" }))],
            each(&|word| line(&json!({ "type": "item", "content": word }))),
            vec![line(&json!({ "type": "end" }))],
        ),
        Format::Json => {
            let content = words.concat();
            let answer =
                json!({ "id": id, "role": "assistant", "content": content, "finish_reason": "stop", "usage": null });
            (vec![], vec![], vec![answer.to_string()])
        }
    };
    [start, middle, end].concat()
}

/// Numbers every event but the last, which is `[DONE]`.
pub fn number(events: Vec<String>) -> Vec<String> {
    let last = events.len() - 1;
    let number = |(at, event): (usize, String)| match event.strip_suffix("\n\n") {
        Some(data) if at < last => format!("{data}\nid: {}\n\n", at + 1),
        _ => event,
    };
    events.into_iter().enumerate().map(number).collect()
}
