//! Answers of a model, passed on as they come.

use serde_json::{Value, json};

use crate::common::upstream::{Upstream, chunk, finish, role, token};
use crate::common::{Server, conversation, soon};

#[tokio::test]
async fn every_token_arrives_before_the_next_is_written() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let tokens = upstream.will_stream(8);
    tokens.send(role()).await.unwrap();
    tokens.send(token("first")).await.unwrap();
    let mut response = server.ask("hi").await;
    assert_eq!(response.status(), 200);
    let mut seen = String::new();
    for text in ["first", "second", "third"] {
        if text != "first" {
            tokens.send(token(text)).await.unwrap();
        }
        while !seen.contains(text) {
            let bytes = soon(response.chunk()).await.unwrap().expect("the answer ended early");
            seen.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
    tokens.send(finish()).await.unwrap();
    while let Some(bytes) = soon(response.chunk()).await.unwrap() {
        seen.push_str(std::str::from_utf8(&bytes).unwrap());
    }
    assert!(seen.contains(r#""type":"finish""#) && seen.ends_with("data: [DONE]\n\n"), "{seen}");
}

#[tokio::test]
async fn thoughts_stay_on_the_server_and_usage_is_passed_on() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let stream = [
        chunk(&json!({"choices": [{"index": 0, "delta": {"reasoning_content": "the prompt says"}}]})),
        token("answer"),
        chunk(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]})),
        chunk(&json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}})),
        "data: [DONE]\n\n".into(),
    ];
    upstream.will_say(200, "text/event-stream", String::from_utf8(stream.concat()).unwrap());
    let mut body = conversation(&["hi"]);
    body["stream"] = json!(false);
    let answer: Value = server.post("/api/chat", &body).send().await.unwrap().json().await.unwrap();
    assert_eq!((&answer["content"], &answer["finish_reason"]), (&json!("answer"), &json!("length")));
    assert_eq!(answer["usage"], json!({"input_tokens": 3, "output_tokens": 4}));
}
