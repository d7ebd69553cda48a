//! The body of a question, in the form that its endpoint reads.

use natter_protocol::json::{Object, array};
use natter_protocol::request::Role;

use super::message::ChatMessage;
use super::state::State;

/// The form of a request's body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RequestFormat {
    /// `{id, messages: [{role, content}]}`, as OpenAI's API has it and most others read it.
    #[default]
    OpenAi,
    /// What the AI SDK's `useChat` sends: `{id, messages: [{id, role, parts}], trigger, messageId}`.
    AiSdk,
    /// What an n8n chat trigger reads: `{action, sessionId, chatInput}`, the question alone.
    N8n,
}

impl State {
    /// The body for the endpoint, with the last `count` messages up to the question. `context`, a JSON object of the
    /// page's, is its `metadata`.
    #[must_use]
    pub fn request(&self, format: RequestFormat, count: usize, context: Option<&str>) -> String {
        let asked = self.messages.iter().rposition(|m| m.role == Role::User).map_or(0, |at| at + 1);
        let sent = &self.messages[asked.saturating_sub(count.max(1))..asked];
        let mut body = Object::new();
        if format == RequestFormat::N8n {
            let question = sent.last().map_or("", |question| question.content.as_str());
            body = body.text("action", "sendMessage").text("sessionId", &self.thread.id).text("chatInput", question);
        } else {
            if !self.thread.id.is_empty() {
                body = body.text("id", &self.thread.id);
            }
            body = body.list("messages", sent.iter().map(|message| written(message, format)));
        }
        if format == RequestFormat::AiSdk {
            // What stands behind the question is an answer that another one is wanted for.
            body = match self.messages.get(asked) {
                Some(answer) => body.text("trigger", "regenerate-message").text("messageId", &answer.id),
                None => body.text("trigger", "submit-message"),
            };
        }
        context.into_iter().fold(body, |body, context| body.json("metadata", context)).end()
    }
}

/// One message of the body.
fn written(message: &ChatMessage, format: RequestFormat) -> String {
    let json = Object::new().text("role", message.role.name());
    if format == RequestFormat::AiSdk {
        let part = Object::new().text("type", "text").text("text", &message.content).end();
        json.text("id", &message.id).json("parts", &array([part].into_iter())).end()
    } else {
        json.text("content", &message.content).end()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::rc::Rc;

    use natter_protocol::json::Value;

    use super::*;
    use crate::model::thread::Thread;

    fn state(roles: &[Role]) -> State {
        let message = |(at, role): (usize, &Role)| {
            let id = format!("m{at}");
            Rc::new(ChatMessage { content: format!("Text of {id}"), id, role: *role, ..ChatMessage::default() })
        };
        let thread = Thread { id: "c1".into(), ..Thread::default() };
        State { messages: roles.iter().enumerate().map(message).collect(), thread, ..State::default() }
    }

    const ASKED: [Role; 3] = [Role::User, Role::Assistant, Role::User];
    const AGAIN: [Role; 2] = [Role::User, Role::Assistant];

    #[test]
    fn openai_gets_role_and_content_and_nothing_else_in_a_message() {
        assert_eq!(
            state(&ASKED).request(RequestFormat::OpenAi, 2, None),
            r#"{"id":"c1","messages":[{"role":"assistant","content":"Text of m1"},{"role":"user","content":"Text of m2"}]}"#
        );
    }

    #[test]
    fn the_ai_sdk_gets_parts_and_what_set_the_request_off() {
        assert_eq!(
            state(&ASKED).request(RequestFormat::AiSdk, 1, None),
            concat!(
                r#"{"id":"c1","messages":[{"role":"user","id":"m2","parts":[{"type":"text","text":"Text of m2"}]}],"#,
                r#""trigger":"submit-message"}"#
            )
        );
        let again = Value::parse(&state(&AGAIN).request(RequestFormat::AiSdk, 10, None)).unwrap();
        assert_eq!(again["trigger"].as_str(), Some("regenerate-message"));
        assert_eq!(again["messageId"].as_str(), Some("m1"));
        assert_eq!(again["messages"][1], Value::Null, "the answer that another one is wanted for is not sent");
    }

    #[test]
    fn n8n_gets_the_question_and_whose_conversation_it_is() {
        assert_eq!(
            state(&ASKED).request(RequestFormat::N8n, 10, None),
            r#"{"action":"sendMessage","sessionId":"c1","chatInput":"Text of m2"}"#
        );
    }

    #[test]
    fn the_context_is_the_metadata_in_every_format() {
        for format in [RequestFormat::OpenAi, RequestFormat::AiSdk, RequestFormat::N8n] {
            let body = Value::parse(&state(&ASKED).request(format, 10, Some(r#"{"page":"Prices"}"#))).unwrap();
            assert_eq!(body["metadata"]["page"].as_str(), Some("Prices"), "{format:?}");
        }
    }
}
