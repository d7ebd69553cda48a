//! The same question in each API's words, and each API's answer read.

use natter_server_example::Dialect;
use serde_json::{Value, json};

use crate::common::upstream::{KEY, Received, Upstream};
use crate::common::{Server, conversation};

/// What one API got, and what the visitor got of its answer.
async fn exchange(dialect: Dialect, key: bool, content_type: &str, answer: &str, turns: &[&str]) -> (Received, Value) {
    let mut upstream = Upstream::start().await;
    let settings = upstream.with(|s| {
        s.model.upstream = dialect;
        s.model.temperature = 1.5;
        s.model.openai_api_key = s.model.openai_api_key.take().filter(|_| key);
    });
    let server = Server::start(settings).await;
    upstream.will_say(200, content_type, answer);
    let mut body = conversation(turns);
    body["stream"] = json!(false);
    let response = server.post("/api/chat", &body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    (upstream.received().await, response.json().await.unwrap())
}

fn events(events: &[Value]) -> String {
    let event = |data: &Value| format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap());
    events.iter().map(event).collect()
}

/// Every API here says "Hello", and that it read 3 tokens and wrote 4.
fn assert_said_hello(answer: &Value) {
    assert_eq!((&answer["content"], &answer["finish_reason"]), (&json!("Hello"), &json!("stop")), "{answer}");
    assert_eq!(answer["usage"], json!({"input_tokens": 3, "output_tokens": 4}));
}

#[tokio::test]
async fn chat_completions() {
    let stream = [
        json!({"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hello"}}]}),
        json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}),
        json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}}),
    ];
    let stream = stream.map(|chunk| format!("data: {chunk}\n\n")).concat() + "data: [DONE]\n\n";
    let (asked, answer) = exchange(Dialect::Openai, true, "text/event-stream", &stream, &["hi"]).await;
    assert_said_hello(&answer);
    assert_eq!((asked.path.as_str(), asked.authorization), ("/v1/chat/completions", format!("Bearer {KEY}")));
    let body = asked.body;
    assert_eq!((&body["stream"], &body["stream_options"]), (&json!(true), &json!({"include_usage": true})));
    assert_eq!((&body["temperature"], &body["max_tokens"]), (&json!(1.5), &json!(500)));
    assert_eq!((&body["messages"][0]["role"], &body["messages"][1]["content"]), (&json!("system"), &json!("hi")));
}

#[tokio::test]
async fn responses() {
    let stream = events(&[
        json!({"type": "response.created", "response": {"id": "r"}}),
        json!({"type": "response.output_text.delta", "delta": "Hello"}),
        json!({"type": "response.completed", "response": {"status": "completed",
            "usage": {"input_tokens": 3, "output_tokens": 4}}}),
    ]);
    let turns = ["hi", "Hi!", "again"];
    let (asked, answer) = exchange(Dialect::Responses, true, "text/event-stream", &stream, &turns).await;
    assert_said_hello(&answer);
    assert_eq!((asked.path.as_str(), asked.authorization), ("/v1/responses", format!("Bearer {KEY}")));
    let body = asked.body;
    assert!(body["instructions"].as_str().unwrap().contains("<facts>"));
    let input = json!([{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hi!"},
        {"role": "user", "content": "again"}]);
    assert_eq!((&body["input"], &body["stream"], &body["store"]), (&input, &json!(true), &json!(false)));
    assert_eq!((&body["temperature"], &body["max_output_tokens"]), (&json!(1.5), &json!(500)));
}

#[tokio::test]
async fn anthropic_messages() {
    let stream = events(&[
        json!({"type": "message_start", "message": {"id": "m", "usage": {"input_tokens": 3, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "ping"}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}}),
        json!({"type": "message_stop"}),
    ]);
    let turns: Vec<_> = (1..=11).map(|n| format!("turn {n}")).collect();
    let turns: Vec<_> = turns.iter().map(|turn| if turn == "turn 4" { "" } else { turn.as_str() }).collect();
    let (asked, answer) = exchange(Dialect::Anthropic, true, "text/event-stream", &stream, &turns).await;
    assert_said_hello(&answer);
    assert_eq!((asked.path.as_str(), asked.authorization.as_str()), ("/v1/messages", ""));
    assert_eq!((asked.header("x-api-key"), asked.header("anthropic-version")), (KEY, "2023-06-01"));
    let body = asked.body;
    assert!(body["system"].as_str().unwrap().contains("<facts>"));
    assert_eq!((&body["temperature"], &body["max_tokens"], &body["stream"]), (&json!(1.0), &json!(500), &json!(true)));
    let messages = body["messages"].as_array().unwrap();
    for (message, role) in messages.iter().zip(["user", "assistant"].into_iter().cycle()) {
        assert_eq!(message["role"], role, "{messages:?}");
    }
    assert_eq!(messages[1]["content"], "turn 2", "nothing of the window is lost");
    assert_eq!(messages[2]["content"], "turn 3\n\nturn 5", "an empty message is none");
}

#[tokio::test]
async fn ollama_needs_no_key() {
    let lines = [
        json!({"model": "m", "message": {"role": "assistant", "content": "Hello"}, "done": false}),
        json!({"model": "m", "message": {"role": "assistant", "content": ""}, "done": true, "done_reason": "stop",
            "prompt_eval_count": 3, "eval_count": 4}),
    ];
    let lines = lines.map(|line| format!("{line}\n")).concat();
    for key in [false, true] {
        let (asked, answer) = exchange(Dialect::Ollama, key, "application/x-ndjson", &lines, &["hi"]).await;
        assert_said_hello(&answer);
        let bearer = if key { format!("Bearer {KEY}") } else { String::new() };
        assert_eq!((asked.path.as_str(), asked.authorization), ("/v1/api/chat", bearer));
        assert_eq!(asked.body["options"], json!({"temperature": 1.5, "num_predict": 500}));
        assert_eq!((&asked.body["stream"], &asked.body["messages"][0]["role"]), (&json!(true), &json!("system")));
    }
}

#[tokio::test]
async fn each_dialect_cut_off_is_an_error_and_no_finish() {
    let delta = json!({"type": "response.output_text.delta", "delta": "half"});
    let block = json!({"type": "content_block_delta", "delta": {"type": "text_delta", "text": "half"}});
    let line = json!({"model": "m", "message": {"content": "half"}, "done": false});
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": "half"}}]});
    for (dialect, content_type, half) in [
        (Dialect::Openai, "text/event-stream", format!("data: {chunk}\n\n")),
        (Dialect::Responses, "text/event-stream", events(&[delta])),
        (Dialect::Anthropic, "text/event-stream", events(&[block])),
        (Dialect::Ollama, "application/x-ndjson", format!("{line}\n")),
    ] {
        let upstream = Upstream::start().await;
        let server = Server::start(upstream.with(|s| s.model.upstream = dialect)).await;
        upstream.will_say(200, content_type, half);
        let text = server.ask("hi").await.text().await.unwrap();
        assert!(text.contains("half") && text.ends_with("data: [DONE]\n\n"), "{dialect:?}: {text}");
        assert_eq!(text.matches(r#""type":"error""#).count(), 1, "{dialect:?}: {text}");
        assert!(!text.contains(r#""type":"finish""#), "{dialect:?}: {text}");
    }
}
