//! A reply survives a page change and a lost connection, where its endpoint can say it again.

use natter_e2e::{Chat, Dialect, Exchange, Fixture, Visit, Visitor};
use serde_json::Value;

use crate::common::{ASSISTANT, begun, contents, exchange, in_the_chat, is_answered};

const CUT_OFF: &str = "The answer was cut off";

/// Says all of an answer from its beginning, in one piece as from a store.
async fn replays(reply: &mut Exchange, text: &str) {
    reply.begins(Dialect::Resumable).await;
    reply.says(text).await;
}

/// The request that wants the reply of `asked`, which had begun, again from its beginning.
async fn wants_again(chat: &Chat, asked: &Value) -> Exchange {
    wants(chat, asked, "?last-event-id=0").await
}

/// The request that wants the reply of `asked`, with this query.
async fn wants(chat: &Chat, asked: &Value, query: &str) -> Exchange {
    let again = chat.next().await;
    let id = asked["id"].as_str().unwrap_or_else(|| panic!("the question names no conversation: {asked}"));
    let expected = format!("{}/{id}/stream{query}", chat.path());
    assert_eq!((again.method.as_str(), again.path.as_str()), ("GET", expected.as_str()));
    again
}

/// The paths of the requests of this method that are about a reply.
fn about_replies(visit: &Visit, method: &str) -> Vec<String> {
    let asked = visit.site.asked().into_iter();
    asked.filter(|it| it.method == *method && it.path.contains("/stream")).map(|it| it.path).collect()
}

/// Waits until the endpoint was told to stop the reply of `asked`.
async fn is_stopped(visit: &Visit, chat: &Chat, asked: &Value) {
    let expected = format!("{}/{}/stream", chat.path(), asked["id"].as_str().unwrap());
    let told = async || about_replies(visit, "DELETE").contains(&expected).then_some(());
    visit.page.waits(&format!("DELETE {expected}"), told).await;
}

#[test]
fn a_reload_in_the_middle_of_an_answer_goes_on_with_it() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, two, ").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        let mut again = wants_again(&chat, &reply.body).await;
        visit.page.sees("button", "Stop").await;
        visit.page.sees_message(ASSISTANT, "One, two,").await;
        replays(&mut again, "One, two, three, ").await;
        visit.page.sees_message(ASSISTANT, "One, two, three,").await;
        again.says("four.").await;
        again.finishes().await;
        is_answered(visit, "four.").await;
        assert_eq!(contents(visit).await, ["Count?", "One, two, three, four."]);
        let received = visit.events("received").await;
        assert_eq!(received.len(), 1, "{received:?}");
        assert_eq!(received[0]["message"]["content"], "One, two, three, four.");
        assert_eq!(chat.bodies().len(), 1, "the question was asked once");
        // And it is over: the next page asks for nothing.
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Thanks.", "Welcome.").await;
        assert_eq!(about_replies(visit, "GET").len(), 1);
        assert_eq!(chat.bodies()[1]["id"], reply.body["id"], "it is the same conversation");
    });
}

#[test]
fn a_reload_while_waiting_gets_the_answer() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        begun(visit, &chat, Dialect::Resumable, "First?", "First.").await.finishes().await;
        is_answered(visit, "First.").await;
        visit.page.asks("Second?").await;
        let waiting = chat.next().await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        // Without a position: an endpoint has nothing more to say of the answer before, which was told whole.
        let mut again = wants(&chat, &waiting.body, "").await;
        visit.page.sees_part("loading").await;
        replays(&mut again, "Second.").await;
        again.finishes().await;
        is_answered(visit, "Second.").await;
        assert_eq!(contents(visit).await, ["First?", "First.", "Second?", "Second."]);
    });
}

#[test]
fn a_connection_that_breaks_in_the_middle_is_made_again() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, two, ").await;
        let asked = reply.body.clone();
        reply.breaks().await;
        let mut again = wants_again(&chat, &asked).await;
        assert_eq!(contents(visit).await, ["Count?", "One, two, "], "what was there stays there");
        replays(&mut again, "One, two, three, ").await;
        visit.page.sees_message(ASSISTANT, "three,").await;
        // Cut off without an error this time.
        again.ends();
        let mut again = wants_again(&chat, &asked).await;
        replays(&mut again, "One, two, three, four.").await;
        again.finishes().await;
        is_answered(visit, "four.").await;
        assert_eq!(contents(visit).await, ["Count?", "One, two, three, four."]);
        assert!(!visit.page.has("alert", "…").await, "the visitor was told of an error that was none");
        assert_eq!(visit.events("received").await.len(), 1);
        assert_eq!(visit.events("error").await.len(), 0);
    });
}

#[test]
fn a_reply_that_breaks_again_and_again_is_given_up() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, ").await;
        let asked = reply.body.clone();
        reply.breaks().await;
        for _ in 0..3 {
            let mut again = wants_again(&chat, &asked).await;
            replays(&mut again, "One, ").await;
            again.ends();
        }
        let alert = visit.page.sees("alert", "…").await;
        assert!(visit.page.text_of(&alert).await.contains(CUT_OFF));
        visit.page.click("button", "Retry").await;
        let retried = chat.next().await;
        assert_eq!((retried.method.as_str(), retried.question()), ("POST", "Count?".to_owned()));
        retried.answers("Three.").await;
        is_answered(visit, "Three.").await;
        assert_eq!(contents(visit).await, ["Count?", "Three."]);
    });
}

#[test]
fn an_answer_that_is_gone_after_a_reload_shows_as_cut_off() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, two, ").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        wants_again(&chat, &reply.body).await.refuses_with(204, &[], "");
        let alert = visit.page.sees("alert", "…").await;
        assert!(visit.page.text_of(&alert).await.contains(CUT_OFF));
        assert_eq!(contents(visit).await, ["Count?", "One, two, "]);
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("Three.").await;
        is_answered(visit, "Three.").await;
        assert_eq!(contents(visit).await, ["Count?", "Three."]);
    });
}

#[test]
fn an_endpoint_without_ids_is_asked_for_nothing_of_this() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let _reply = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, two, ").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        let alert = visit.page.sees("alert", "…").await;
        assert!(visit.page.text_of(&alert).await.contains(CUT_OFF));
        visit.page.click("button", "Retry").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("One, ").await;
        visit.page.sees_message(ASSISTANT, "One,").await;
        visit.page.click("button", "Stop").await;
        reply.left().await;
        exchange(visit, &chat, "Again?", "No.").await;
        assert_eq!(about_replies(visit, "GET"), [] as [&str; 0]);
        assert_eq!(about_replies(visit, "DELETE"), [] as [&str; 0]);
    });
}

#[test]
fn stop_stops_the_endpoint_too() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, ").await;
        let asked = reply.body.clone();
        visit.page.click("button", "Stop").await;
        reply.left().await;
        is_stopped(visit, &chat, &asked).await;
        assert_eq!(contents(visit).await, ["Count?", "One, "]);
        // Before the first word too, now that the endpoint is known.
        visit.page.asks("Again?").await;
        let waiting = chat.next().await;
        visit.page.click("button", "Stop").await;
        waiting.left().await;
        let told = async || (about_replies(visit, "DELETE").len() == 2).then_some(());
        visit.page.waits("a second DELETE", told).await;
        // What was stopped stays stopped.
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("Three.").await;
        is_answered(visit, "Three.").await;
        assert_eq!(about_replies(visit, "GET"), [] as [&str; 0]);
    });
}

#[test]
fn the_question_that_waits_is_asked_once_the_endpoint_has_stopped() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, ").await;
        visit.page.asks("Better: sing.").await;
        visit.page.reads("Better: sing.").await;
        visit.page.click("button", "Stop").await;
        reply.left().await;
        chat.next().await.answers("La.").await;
        is_answered(visit, "La.").await;
        let asked = visit.site.asked().into_iter().filter(|asked| asked.path.starts_with(chat.path()));
        let methods: Vec<_> = asked.map(|asked| asked.method.to_string()).collect();
        assert_eq!(methods, ["POST", "DELETE", "POST"]);
    });
}

#[test]
fn clearing_stops_the_reply_and_begins_another_conversation() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, ").await;
        let asked = reply.body.clone();
        visit.page.click("button", "Clear history").await;
        is_stopped(visit, &chat, &asked).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        let id = |body: &Value| body["id"].as_str().map(str::to_owned);
        let (first, second) = (id(&asked), id(&chat.bodies()[1]));
        assert!(first.as_ref().is_some_and(|id| id.len() > 24), "{first:?}");
        assert!(second.is_some() && first != second, "{second:?}");
    });
}

#[test]
fn an_answer_that_comes_to_a_closed_window_after_a_reload_is_unread() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, ").await;
        visit.page.reloads().await;
        let mut again = wants_again(&chat, &reply.body).await;
        visit.page.sees("button", "Open chat").await;
        replays(&mut again, "One, two.").await;
        again.finishes().await;
        visit.page.sees("button", "Open chat, 1 unread message").await;
        visit.page.opens_chat().await;
        is_answered(visit, "One, two.").await;
        assert_eq!(contents(visit).await, ["Count?", "One, two."]);
    });
}

#[test]
fn the_address_of_a_reply_keeps_the_endpoints_query_and_its_headers() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat_at("/scripted/chat/");
        let page = Fixture::new().attr("endpoint", "/scripted/chat/?shop=1").attr("headers", r#"{"x-shop":"lamps"}"#);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, ").await;
        visit.page.reloads().await;
        let again = chat.next().await;
        let id = reply.body["id"].as_str().unwrap();
        assert_eq!(again.path, format!("/scripted/chat/{id}/stream?shop=1&last-event-id=0"));
        assert_eq!(again.headers["x-shop"], "lamps");
        assert!(!again.headers.contains_key("content-type"), "nothing is sent");
        again.answers("One.").await;
        visit.page.sees("button", "Open chat, 1 unread message").await;
    });
}

/// What takes the widget off the page, and back onto one.
const LEAVING: [&str; 2] = [
    "location.reload(); return null;",
    "const endpoint = arguments[0]; Natter.destroy(); Natter.mount({ endpoint }); return null;",
];

/// Goes in the middle of an answer, in one of these ways, and comes back to a window that is closed.
async fn leaves(visit: &Visit, chat: &Chat, how: &str) {
    visit.page.script::<Option<bool>>(how, vec![chat.path().into()]).await;
    visit.page.sees("button", "Open chat").await;
}

#[test]
fn a_widget_that_is_destroyed_and_mounted_again_goes_on_with_the_answer_as_a_reloaded_page_does() {
    for how in LEAVING {
        Visitor::new().visits(async |visit| {
            let chat = in_the_chat(visit).await;
            let reply = begun(visit, &chat, Dialect::Resumable, "Count?", "One, two, ").await;
            let asked = reply.body.clone();
            leaves(visit, &chat, how).await;
            reply.left().await;
            let mut again = wants_again(&chat, &asked).await;
            visit.page.opens_chat().await;
            visit.page.sees_message(ASSISTANT, "One, two,").await;
            visit.page.sees("button", "Stop").await;
            replays(&mut again, "One, two, three.").await;
            again.finishes().await;
            is_answered(visit, "One, two, three.").await;
            assert_eq!(contents(visit).await, ["Count?", "One, two, three."], "{how}");
            assert_eq!(chat.bodies().len(), 1, "the question was asked once");
        });
    }
}

#[test]
fn what_the_visitor_saw_of_an_answer_that_is_cut_off_is_not_unread_afterwards() {
    for how in LEAVING {
        Visitor::new().visits(async |visit| {
            let chat = in_the_chat(visit).await;
            let _reply = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, two, ").await;
            leaves(visit, &chat, how).await;
            // Shown once the window is: until then only the page knows that nobody has the rest.
            let retry = "const { shadowRoot } = document.querySelector('natter-chat'); \
                return shadowRoot.querySelector('[data-do=retry]') ? true : null;";
            let known = async || visit.page.script::<Option<bool>>(retry, vec![]).await;
            visit.page.waits("an answer that is cut off", known).await;
            visit.page.sees("button", "Open chat").await;
            visit.page.opens_chat().await;
            let alert = visit.page.sees("alert", "…").await;
            assert!(visit.page.text_of(&alert).await.contains(CUT_OFF), "{how}");
            assert_eq!(contents(visit).await, ["Count?", "One, two, "]);
            assert_eq!(visit.events("unread").await, [] as [Value; 0], "{how}");
        });
    }
}
