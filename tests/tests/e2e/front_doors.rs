//! The same options and calls through every door: the script tag, the element, `Natter.mount`.

use std::collections::BTreeSet;

use natter_e2e::{Chat, Dialect, Element, Fixture, Visit, Visitor};
use serde_json::{Value, json};

use crate::common::{ASSISTANT, exchange, in_the_chat, is_answered, shop};

/// How a page asks for a widget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Tag,
    Element,
    Mount,
}

impl Door {
    const ALL: [Self; 3] = [Self::Tag, Self::Element, Self::Mount];

    /// A page with these options, each a JSON value.
    fn with(self, options: &Value) -> Fixture {
        let options = options.as_object().unwrap();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match self {
            Self::Tag => options.iter().fold(Fixture::new(), |page, (name, value)| page.attr(name, &text(value))),
            Self::Element => {
                let attribute =
                    |(name, value): (&String, &Value)| format!(" {name}='{}'", text(value).replace('\'', "&#39;"));
                let attributes: String = options.iter().map(attribute).collect();
                let body = format!("<main><h1>A shop</h1></main><natter-chat{attributes}></natter-chat>");
                Fixture::new().attr("mount", "none").body(&body)
            }
            Self::Mount => {
                let camel = |name: &str| {
                    let mut words = name.split('-');
                    let first = words.next().unwrap().to_owned();
                    words.fold(first, |camel, word| camel + word[..1].to_uppercase().as_str() + &word[1..])
                };
                let options: Value = options.iter().map(|(name, value)| (camel(name), value.clone())).collect();
                Fixture::new().attr("mount", "none").after("mount.js", &format!("Natter.mount({options});"))
            }
        }
    }
}

async fn runs(visit: &Visit, code: &str) -> Value {
    visit.page.script(code, vec![]).await
}

/// Waits until an element has this colour, which it may take a moment to become. What is calculated is not the same to
/// the last digit.
async fn is_painted(visit: &Visit, element: &Element, wanted: [i64; 3]) {
    let painted = async || {
        let code = "return channels(getComputedStyle(arguments[0]).backgroundColor);";
        let colour: Value = visit.page.script_on(element, code).await;
        let near = |(at, part): (usize, &i64)| colour[at].as_i64().is_some_and(|it| (it - part).abs() <= 2);
        wanted.iter().enumerate().all(near).then_some(())
    };
    visit.page.waits(&format!("the colour {wanted:?}"), painted).await;
}

/// Waits until the page's own variable has this value.
async fn is(visit: &Visit, variable: &str, value: Value) {
    let code = format!("return window.{variable} ?? null;");
    let state = async || (runs(visit, &code).await == value).then_some(());
    visit.page.waits(&format!("{variable} = {value}"), state).await;
}

// ---- options -----------------------------------------------------------------------------------------------------

#[test]
fn texts_looks_and_limits_are_the_same_through_every_door() {
    for door in Door::ALL {
        Visitor::new().visits(async |visit| {
            let chat = visit.site.chat("chat");
            let page = door.with(&json!({
                "endpoint": chat.path(), "title": "Lamp desk", "greeting": "What's dark?", "placeholder": "Ask about lamps",
                "position": "bottom-left", "accent": "rgb(160, 20, 90)", "theme": "dark", "open": true, "max-length": 110,
                "suggestions": ["Are you open?"], "strings": {"send_message": "Shine!"},
            }));
            visit.opens(&page).await;
            let window = visit.page.sees("dialog", "Lamp desk").await;
            let area = visit.page.area_of(&window).await;
            assert!(area.right < 640.0, "{door:?}: {area:?}");
            let ground: f64 = visit.page.script_on(&window, "return luminance(behind(arguments[0])[0]);").await;
            assert!(ground < 0.1, "{door:?}: theme=dark, and the window's luminance is {ground}");
            visit.page.reads("What's dark?").await;
            let send = visit.page.sees("button", "Shine!").await;
            visit.page.click("textbox", "Ask about lamps").await;
            visit.page.types("x".repeat(20)).await;
            visit.page.sees_part("counter").await;
            is_painted(visit, &send, [160, 20, 90]).await;
            visit.page.click("button", "Are you open?").await;
            assert_eq!(chat.next().await.question(), "Are you open?");
            assert_eq!(visit.probe().await.warnings, Vec::<String>::new(), "{door:?}");
        });
    }
}

#[test]
fn what_is_sent_and_kept_is_the_same_through_every_door() {
    for door in Door::ALL {
        Visitor::new().visits(async |visit| {
            let chat = visit.site.chat("chat");
            let page = door.with(&json!({
                "endpoint": chat.path(), "headers": {"x-shop": "lamps"}, "credentials": "include", "context": {"page": "Prices"},
                "context-messages": 1, "storage": "session", "storage-key": "lamps", "user": "ada", "max-messages": 2,
                "analytics": "none", "preload": "eager",
            }));
            visit.opens(&page.gtag()).await;
            visit.page.opens_chat().await;
            exchange(visit, &chat, "One?", "1").await;
            visit.page.asks("Two?").await;
            let request = chat.next().await;
            assert_eq!(request.headers.get("x-shop").unwrap(), "lamps", "{door:?}");
            assert_eq!(request.body["messages"], json!([{"role": "user", "content": "Two?"}]), "{door:?}");
            assert_eq!(request.body["metadata"], json!({"page": "Prices"}), "{door:?}");
            request.answers("2").await;
            is_answered(visit, "2").await;
            let kept = async || runs(visit, "return sessionStorage['lamps:ada'] ?? null;").await.as_str().map(drop);
            visit.page.waits("the conversation in its place", kept).await;
            assert_eq!(runs(visit, "return [localStorage.length, Natter.getMessages().length];").await, json!([0, 2]), "{door:?}");
        });
    }
}

#[test]
fn a_hidden_launcher_is_hidden_through_every_door() {
    for door in Door::ALL {
        Visitor::new().visits(async |visit| {
            visit.opens(&door.with(&json!({"launcher": false, "preload": "eager"}))).await;
            visit.hears("ready").await;
            assert!(!visit.page.has("button", "Open chat").await, "{door:?}");
            runs(visit, "Natter.open(); return null;").await;
            visit.page.sees("dialog", "AI Assistant").await;
        });
    }
}

#[test]
fn an_element_follows_its_attributes_and_its_property() {
    Visitor::new().visits(async |visit| {
        visit.opens(&Door::Element.with(&json!({"title": "First", "open": true}))).await;
        visit.page.sees("dialog", "First").await;
        runs(visit, "host().setAttribute('title', 'Second'); return null;").await;
        visit.page.sees("dialog", "Second").await;
        runs(visit, "host().options = { title: 'Third' }; return null;").await;
        visit.page.sees("dialog", "Third").await;
        runs(visit, "host().handle.update({ title: null }); return null;").await;
        visit.page.sees("dialog", "Second").await;
    });
}

// ---- the body of a question --------------------------------------------------------------------------------------

async fn with_format(visit: &Visit, format: &str) -> Chat {
    let (page, chat) = shop(visit);
    visit.opens(&page.attr("request-format", format).attr("context", "{\"page\":\"Prices\"}")).await;
    visit.page.opens_chat().await;
    exchange(visit, &chat, "One?", "1").await;
    exchange(visit, &chat, "Two?", "2").await;
    chat
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn openai_gets_role_and_content() {
    Visitor::new().visits(async |visit| {
        let chat = with_format(visit, "openai").await;
        let body = &chat.bodies()[1];
        assert_eq!(keys(body), BTreeSet::from(["id", "messages", "metadata"]));
        let messages = json!([{"role": "user", "content": "One?"}, {"role": "assistant", "content": "1"}, {"role": "user", "content": "Two?"}]);
        assert_eq!(body["messages"], messages);
    });
}

#[test]
fn the_ai_sdk_gets_what_use_chat_sends() {
    Visitor::new().visits(async |visit| {
        let chat = with_format(visit, "ai-sdk").await;
        let body = &chat.bodies()[1];
        assert_eq!(keys(body), BTreeSet::from(["id", "messages", "metadata", "trigger"]));
        assert_eq!(body["trigger"], "submit-message");
        let known = runs(visit, "return Natter.getMessages().map(({ id }) => id);").await;
        let message = |at: usize, role: &str, text: &str| json!({"id": known[at], "role": role, "parts": [{"type": "text", "text": text}]});
        assert_eq!(body["messages"], json!([message(0, "user", "One?"), message(1, "assistant", "1"), message(2, "user", "Two?")]));
        visit.page.click("button", "Regenerate").await;
        let request = chat.next().await;
        assert_eq!(request.body["trigger"], "regenerate-message");
        assert_eq!(request.body["messageId"], known[3]);
        assert_eq!(request.body["messages"], body["messages"], "the question is the last one again");
        request.answers("Two, then").await;
        is_answered(visit, "Two, then").await;
    });
}

#[test]
fn n8n_gets_the_question_and_the_session() {
    Visitor::new().visits(async |visit| {
        let chat = with_format(visit, "n8n").await;
        let bodies = chat.bodies();
        assert_eq!(keys(&bodies[1]), BTreeSet::from(["action", "chatInput", "metadata", "sessionId"]));
        assert_eq!(bodies[1]["action"], "sendMessage");
        assert_eq!(bodies[1]["chatInput"], "Two?");
        assert_eq!(bodies[1]["sessionId"], bodies[0]["sessionId"]);
        assert!(bodies[0]["sessionId"].as_str().unwrap().len() > 8, "{}", bodies[0]);
    });
}

#[test]
fn the_context_goes_out_until_another_one_is_set() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let early = "(window.Natter = window.Natter || []).push(['setContext', { step: 1 }]);";
        visit.opens(&page.before("early.js", early)).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "One?", "1").await;
        exchange(visit, &chat, "Two?", "2").await;
        runs(visit, "Natter.setContext({ step: 2, cart: ['lamp', '\"shade\"'] }); return null;").await;
        exchange(visit, &chat, "Three?", "3").await;
        runs(visit, "Natter.setContext(null); return null;").await;
        exchange(visit, &chat, "Four?", "4").await;
        let sent: Vec<Value> = chat.bodies().iter().map(|body| body["metadata"].clone()).collect();
        let second = json!({"step": 2, "cart": ["lamp", "\"shade\""]});
        assert_eq!(sent, [json!({"step": 1}), json!({"step": 1}), second, Value::Null]);
    });
}

// ---- calls -------------------------------------------------------------------------------------------------------

/// `Natter` itself, what `mount` gave, and calls as data.
const CALLERS: [&str; 3] = [
    "window.calls = Natter;",
    "window.calls = host().handle;",
    "window.calls = new Proxy({}, { get: (_, name) => (...args) => Natter.push([name, ...args]) });",
];

#[test]
fn every_call_works_on_natter_on_the_handle_and_as_data() {
    for caller in CALLERS {
        Visitor::new().visits(async |visit| {
            let (page, chat) = shop(visit);
            visit.opens(&page).await;
            runs(visit, &format!("{caller} return null;")).await;
            let call = async |code: &str| runs(visit, &format!("calls.{code}; return null;")).await;
            call("on('sent', ({ message }) => { window.heard = message.content; })").await;
            call("open()").await;
            visit.page.sees("button", "Close chat").await;
            call("minimize()").await;
            visit.page.sees("button", "Expand").await;
            call("expand()").await;
            visit.page.sees("button", "Minimize").await;
            call("update({ title: 'Lamp desk', contextMessages: 1 })").await;
            visit.page.sees("dialog", "Lamp desk").await;
            call("setContext({ page: 'Prices' })").await;
            call("send('From the page')").await;
            let mut reply = chat.next().await;
            assert_eq!(reply.body["metadata"], json!({"page": "Prices"}), "{caller}");
            is(visit, "heard", json!("From the page")).await;
            reply.begins(Dialect::UiMessage).await;
            reply.says("Half").await;
            visit.page.sees_message(ASSISTANT, "Half").await;
            call("stop()").await;
            reply.left().await;
            visit.hears("stop").await;
            let code = "return Natter.getMessages().map(({ role, content }) => [role, content]);";
            assert_eq!(runs(visit, code).await, json!([["user", "From the page"], ["assistant", "Half"]]), "{caller}");
            call("clear()").await;
            visit.hears("clear").await;
            call("close()").await;
            visit.page.does_not_see("dialog", "Lamp desk").await;
            call("toggle()").await;
            visit.page.sees("dialog", "Lamp desk").await;
            call("destroy()").await;
            visit.page.does_not_see("dialog", "Lamp desk").await;
        });
    }
}

#[test]
fn the_handle_and_natter_say_when_they_are_ready_and_what_was_said() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let code = "Natter.ready.then(() => { window.first = true; }); host().handle.ready.then(() => { window.second = true; }); \
            window.empty = [Natter.getMessages(), host().handle.getMessages()];";
        let code = format!("const host = () => document.querySelector('natter-chat'); {code}");
        visit.opens(&page.after("ready.js", &code)).await;
        is(visit, "first", json!(true)).await;
        is(visit, "second", json!(true)).await;
        is(visit, "empty", json!([[], []])).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        let messages = runs(visit, "return [Natter.getMessages(), host().handle.getMessages()];").await;
        assert_eq!(messages[0], messages[1]);
        assert_eq!(keys(&messages[0][0]), BTreeSet::from(["content", "id", "role", "timestamp"]));
    });
}

#[test]
fn options_change_while_it_runs() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        let other = visit.site.chat("other");
        let code = format!(
            "Natter.update({{ title: 'Lamp desk', accent: 'rgb(10, 90, 40)', endpoint: '{}' }}); return null;",
            other.path()
        );
        runs(visit, &code).await;
        visit.page.sees("dialog", "Lamp desk").await;
        visit.page.sees_message(ASSISTANT, "Hello!").await;
        visit.page.types("And now?").await;
        let send = visit.page.sees("button", "Send message").await;
        is_painted(visit, &send, [10, 90, 40]).await;
        visit.page.presses(thirtyfour::Key::Enter).await;
        let request = other.next().await;
        assert_eq!(request.messages().len(), 3, "the conversation goes on");
        request.answers("Now.").await;
        is_answered(visit, "Now.").await;
    });
}

/// What the console says after `code`, once there is something.
async fn complaint(visit: &Visit, code: &str) -> String {
    let before = visit.probe().await;
    let known = before.errors.len() + before.warnings.len();
    runs(visit, &format!("{code}; return null;")).await;
    let new = async || {
        let probe = visit.probe().await;
        let all: Vec<String> = probe.errors.iter().chain(&probe.warnings).cloned().collect();
        (all.len() > known).then(|| all.join("\n"))
    };
    visit.page.waits(&format!("a complaint about {code}"), new).await
}

#[test]
fn wrong_calls_and_arguments_are_named() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        visit.expects_complaint("Natter: ");
        for (code, named) in [
            ("Natter.push(['show'])", &["\"show\"", "open", "setContext"][..]),
            ("Natter.push(['ready'])", &["\"ready\""]),
            ("Natter.on('message', () => {})", &["\"message\"", "received"]),
            ("Natter.on('sent', 'log')", &["sent", "function", "log"]),
            ("Natter.send(5)", &["send", "text", "5"]),
            ("Natter.send()", &["send", "text"]),
            ("Natter.update({ colour: 'red' })", &["colour", "accent"]),
            ("Natter.update({ maxLength: 'many' })", &["max-length", "number"]),
            ("Natter.update({ debug: 'loud' })", &["debug", "true"]),
            ("Natter.setContext('Prices')", &["context", "object", "Prices"]),
            ("Natter.setContext([1])", &["context", "object"]),
        ] {
            let said = complaint(visit, code).await;
            for part in named {
                assert!(said.contains(part), "{code} does not name {part}: {said}");
            }
        }
        assert_eq!(runs(visit, "return Natter.getMessages();").await, json!([]), "something was sent");
        visit.page.sees("dialog", "AI Assistant").await;
    });
}

// ---- events ------------------------------------------------------------------------------------------------------

#[test]
fn events_carry_what_is_documented_and_nothing_else() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page).await;
        assert_eq!(visit.hears("ready").await, json!({}));
        visit.page.opens_chat().await;
        assert_eq!(visit.hears("open").await, json!({}));
        exchange(visit, &chat, "Hello?", "Hello!").await;
        let sent = visit.hears("sent").await;
        assert_eq!(keys(&sent), BTreeSet::from(["message"]));
        assert_eq!(keys(&sent["message"]), BTreeSet::from(["content", "id", "role", "timestamp"]));
        let received = visit.hears("received").await;
        assert_eq!(keys(&received), BTreeSet::from(["message", "response_time"]));
        assert!(received["response_time"].is_u64(), "{received}");
        visit.page.click("button", "Good response").await;
        let feedback = visit.hears("feedback").await;
        assert_eq!(feedback, json!({"messageId": received["message"]["id"], "value": "good"}));
        visit.page.click("button", "Minimize").await;
        assert_eq!(visit.hears("minimize").await, json!({}));
        visit.page.click("button", "Expand").await;
        assert_eq!(visit.hears("expand").await, json!({}));
        visit.page.click("button", "Close chat").await;
        assert_eq!(visit.hears("close").await, json!({}));
        runs(visit, "Natter.send('And now?'); return null;").await;
        chat.next().await.answers("Now.").await;
        assert_eq!(visit.hears("unread").await, json!({"count": 1}));
        runs(visit, "Natter.send('Fail?'); return null;").await;
        chat.next().await.fails(503, "unavailable", "Nobody is here");
        let error = visit.hears("error").await;
        assert_eq!(error, json!({"code": "unavailable", "message": "Nobody is here", "retryable": true}));
        runs(visit, "Natter.clear(); return null;").await;
        assert_eq!(visit.hears("clear").await, json!({}));
    });
}
