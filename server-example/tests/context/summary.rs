//! What stands for the turns before the window.

use serde_json::{Value, json};

use crate::common::upstream::{Answer, Upstream, chunk, finish, token};
use crate::common::{Server, conversation, soon};
use crate::{between, body, system};

#[tokio::test]
async fn older_turns_become_a_short_summary() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let chatter = "That is interesting, please tell me more about the many things you can do. ".repeat(12);
    let mut turns = vec!["My name is Ada Lovelace and my order is number 4711.", "Hello Ada."];
    turns.extend([chatter.as_str(), "Of course."].repeat(20));
    turns.push("What was my order?");
    let asked = body(&server, &mut upstream, &turns).await;
    assert_eq!(asked["messages"].as_array().unwrap().len(), 11);
    let summary = between(system(&asked), "summary");
    assert!(summary.contains("Ada Lovelace and my order is number 4711"), "{summary}");
    assert!(summary.chars().count() <= 500, "{summary}");

    let short = body(&server, &mut upstream, &["a", "b", "c"]).await;
    assert!(!system(&short).contains("<summary>"));
}

#[tokio::test]
async fn the_summary_can_be_a_model_s_and_each_message_is_read_once_for_it() {
    let mut upstream = Upstream::start().await;
    let settings = upstream.with(|s| {
        s.context.summary_model = Some("short-model".into());
        s.context.context_messages = 1;
    });
    let server = Server::start(settings).await;

    let usage = chunk(&json!({"choices": [], "usage": {"prompt_tokens": 30, "completion_tokens": 4}}));
    let wants = format!("Ada wants a bridge. {}", "And more. ".repeat(200));
    for text in [wants.as_str(), "Yes."] {
        let stream = [token(text), usage.clone(), finish()].concat();
        upstream.will_say(200, "text/event-stream", String::from_utf8(stream).unwrap());
    }
    let asked = async |turns: &[&str]| {
        let mut body = conversation(turns);
        body["stream"] = json!(false);
        let response = soon(server.post("/api/chat", &body).send()).await.unwrap();
        assert_eq!(response.status(), 200);
        response.json::<Value>().await.unwrap()
    };
    let answer = asked(&["first words", "second words", "third words"]).await;
    assert_eq!(answer["usage"], json!({"input_tokens": 60, "output_tokens": 8}), "the summary's tokens count too");
    let shorten = upstream.received().await.body;
    assert_eq!((&shorten["model"], &shorten["temperature"]), (&json!("short-model"), &json!(0.0)));
    let read = shorten["messages"][1]["content"].as_str().unwrap();
    assert!(read.contains("Visitor: first words\nAssistant: second words"), "{read}");
    let answer = upstream.received().await.body;
    let summary = between(system(&answer), "summary");
    assert!(summary.starts_with("Ada wants a bridge.") && summary.chars().count() <= 500, "{summary}");

    // Asked again, it is known.
    upstream.will_answer("Yes.");
    asked(&["first words", "second words", "another third"]).await;
    let again = upstream.received().await.body;
    assert_eq!(again["model"], "test-model");
    assert_eq!(between(system(&again), "summary"), summary);

    // Two messages on, only those are read.
    upstream.will_answer("Ada has a bridge.");
    upstream.will_answer("Yes.");
    asked(&["first words", "second words", "third words", "fourth words", "fifth words"]).await;
    let shorten = upstream.received().await.body;
    let read = shorten["messages"][1]["content"].as_str().unwrap();
    assert!(read.contains("Ada wants a bridge.") && read.contains("third words"), "{read}");
    assert!(!read.contains("first words") && !read.contains("fifth words"), "{read}");
    assert_eq!(between(system(&upstream.received().await.body), "summary"), "Ada has a bridge.");
}

#[tokio::test]
async fn a_summary_that_fails_or_is_late_is_made_of_sentences() {
    let mut upstream = Upstream::start().await;
    let settings = upstream.with(|s| {
        s.context.summary_model = Some("short-model".into());
        s.context.context_messages = 1;
        s.model.upstream_timeout = 30;
    });
    let server = Server::start(settings).await;
    for (nth, silent) in [false, true].into_iter().enumerate() {
        match silent {
            true => upstream.will(Answer::Silence),
            false => upstream.will_say(500, "text/plain", "no"),
        }
        upstream.will_answer("Yes.");
        let told = format!("I ordered {nth} bridges.");
        let response = soon(server.post("/api/chat", &conversation(&[&told, "Good.", "Where are they?"])).send());
        assert_eq!(response.await.unwrap().status(), 200);
        assert_eq!(upstream.received().await.body["model"], "short-model");
        let answer = upstream.received().await;
        assert!(between(answer.system(), "summary").contains(&told), "{}", answer.system());
    }
}
