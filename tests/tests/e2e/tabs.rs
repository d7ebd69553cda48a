//! Two tabs of a site show one conversation, as it happens.

use natter_e2e::{Chat, Dialect, Fixture, Visit, Visitor};
use serde_json::json;
use thirtyfour::Key;

use crate::common::{ASSISTANT, Tab, Tabs, USER, begun, contents, exchange, holds, in_the_chat, is_answered, shop};

const CUT_OFF: &str = "The answer was cut off";

/// The chat in two tabs, the second of which is to be seen.
async fn in_two_tabs(visit: &Visit, page: &Fixture) -> Tabs {
    visit.opens(page).await;
    visit.page.opens_chat().await;
    let tabs = Tabs::open(visit).await;
    visit.page.opens_chat().await;
    tabs
}

/// Waits until an answer is on its way here: with these words of it, and to be stopped.
async fn streams(visit: &Visit, text: &str) {
    visit.page.sees_message(ASSISTANT, text).await;
    visit.page.sees("button", "Stop").await;
    visit.page.reads("Typing...").await;
    let busy = async || {
        let last = visit.page.all("article", Some(ASSISTANT)).await.pop()?;
        (visit.page.attribute_of(&last, "aria-busy").await.as_deref() == Some("true")).then_some(())
    };
    visit.page.waits("a busy article", busy).await;
}

async fn is_cut_off(visit: &Visit) {
    let alert = visit.page.sees("alert", "…").await;
    assert!(visit.page.text_of(&alert).await.contains(CUT_OFF));
}

async fn shows_an_answer_as_it_comes(visit: &Visit, page: Fixture, chat: &Chat) {
    let tabs = in_two_tabs(visit, &page).await;
    tabs.first(visit).await;
    visit.page.asks("Count?").await;
    let mut reply = chat.next().await;
    tabs.second(visit).await;
    visit.page.sees_message(USER, "Count?").await;
    visit.page.sees_part("loading").await;
    visit.page.sees("button", "Stop").await;
    reply.begins(Dialect::UiMessage).await;
    for part in [
        json!({"type": "reasoning-start", "id": "r"}),
        json!({"type": "reasoning-delta", "id": "r", "delta": "They want numbers."}),
        json!({"type": "reasoning-end", "id": "r"}),
    ] {
        reply.sends(format!("data: {part}\n\n")).await;
    }
    visit.page.reads("Thinking").await;
    reply.says("One, two, ").await;
    streams(visit, "One, two,").await;
    reply.says("thrée, ").await;
    streams(visit, "One, two, thrée,").await;
    reply.says("four.").await;
    reply.finishes().await;
    is_answered(visit, "One, two, thrée, four.").await;
    holds(visit, &["Count?", "One, two, thrée, four."]).await;
    tabs.first(visit).await;
    is_answered(visit, "One, two, thrée, four.").await;
    assert_eq!(contents(visit).await, ["Count?", "One, two, thrée, four."]);
    assert_eq!(chat.bodies().len(), 1, "the question was asked once");
    assert_eq!(visit.events("received").await.len(), 1);
    tabs.second(visit).await;
    assert_eq!(visit.events("received").await.len(), 0, "the page is told where it was asked");
    tabs.close(visit).await;
}

#[test]
fn an_answer_shows_in_all_tabs_as_it_comes() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        shows_an_answer_as_it_comes(visit, page, &chat).await;
    });
}

#[test]
fn it_does_where_there_is_no_broadcast_channel() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        shows_an_answer_as_it_comes(visit, page.before("old.js", "delete window.BroadcastChannel;"), &chat).await;
    });
}

#[test]
fn a_tab_that_is_opened_in_the_middle_of_an_answer_gets_all_of_it() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let mut reply = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, two, ").await;
        let tabs = Tabs::open(visit).await;
        visit.page.opens_chat().await;
        streams(visit, "One, two,").await;
        reply.says("three.").await;
        streams(visit, "One, two, three.").await;
        reply.finishes().await;
        is_answered(visit, "One, two, three.").await;
        assert_eq!(contents(visit).await, ["Count?", "One, two, three."]);
        assert_eq!(chat.bodies().len(), 1);
        tabs.close(visit).await;
    });
}

#[test]
fn stop_in_any_tab_stops_it() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page).await;
        tabs.first(visit).await;
        let reply = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, two, ").await;
        tabs.second(visit).await;
        streams(visit, "One, two,").await;
        visit.page.click("button", "Stop").await;
        reply.left().await;
        for tab in [Tab::Second, Tab::First] {
            tabs.shows(visit, tab).await;
            is_answered(visit, "One, two,").await;
            assert!(!visit.page.has("alert", "…").await, "stopping is no error");
        }
        tabs.close(visit).await;
    });
}

#[test]
fn a_refusal_shows_in_all_tabs() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page).await;
        tabs.first(visit).await;
        visit.page.asks("Count?").await;
        let reply = chat.next().await;
        tabs.second(visit).await;
        visit.page.sees("button", "Stop").await;
        reply.fails(500, "internal", "Failed to process your message");
        for tab in [Tab::Second, Tab::First] {
            tabs.shows(visit, tab).await;
            let alert = visit.page.sees("alert", "…").await;
            assert!(visit.page.text_of(&alert).await.contains("Failed to process your message"));
        }
        // And whichever tab asks again asks for both.
        tabs.second(visit).await;
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("One.").await;
        is_answered(visit, "One.").await;
        tabs.first(visit).await;
        is_answered(visit, "One.").await;
        visit.page.does_not_see("alert", "…").await;
        tabs.close(visit).await;
    });
}

#[test]
fn where_the_tab_that_asked_is_closed_the_answer_shows_as_cut_off() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page).await;
        tabs.first(visit).await;
        let _cut_off = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, two, ").await;
        tabs.second(visit).await;
        streams(visit, "One, two,").await;
        tabs.close_first(visit).await;
        is_cut_off(visit).await;
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("Three.").await;
        is_answered(visit, "Three.").await;
        assert_eq!(contents(visit).await, ["Count?", "Three."]);
    });
}

#[test]
fn where_the_tab_that_asked_is_closed_another_goes_on_with_what_can_be_had_again() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page).await;
        tabs.first(visit).await;
        let _gone = begun(visit, &chat, Dialect::Resumable, "Count?", "One, two, ").await;
        tabs.second(visit).await;
        streams(visit, "One, two,").await;
        tabs.close_first(visit).await;
        let mut again = chat.next().await;
        assert_eq!(again.method.as_str(), "GET");
        again.begins(Dialect::Resumable).await;
        again.says("One, two, three.").await;
        again.finishes().await;
        is_answered(visit, "One, two, three.").await;
        assert_eq!(contents(visit).await, ["Count?", "One, two, three."]);
    });
}

#[test]
fn a_tab_that_gives_no_sign_of_life_counts_as_gone() {
    Visitor::new().visits(async |visit| {
        // As of a tab that hangs or crashed.
        let dead = "const post = BroadcastChannel.prototype.postMessage; \
            BroadcastChannel.prototype.postMessage = function (message) { if (!window.dead) post.call(this, message); };";
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page.before("dead.js", dead)).await;
        tabs.first(visit).await;
        let _hangs = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, two, ").await;
        tabs.second(visit).await;
        streams(visit, "One, two,").await;
        tabs.first(visit).await;
        visit.page.script::<Option<bool>>("window.dead = true; return null;", vec![]).await;
        tabs.second(visit).await;
        is_cut_off(visit).await;
        visit.page.sees("button", "Retry").await;
        tabs.close(visit).await;
    });
}

#[test]
fn two_tabs_that_ask_at_the_same_moment_lose_nothing() {
    Visitor::new().visits(async |visit| {
        let go = "const go = new BroadcastChannel('go'); go.onmessage = ({ data }) => Natter.send(data); \
            window.both = () => { go.postMessage('From the first?'); Natter.send('From the second?'); };";
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page.before("go.js", go)).await;
        visit.page.script::<Option<bool>>("both(); return null;", vec![]).await;
        for _ in 0..2 {
            let reply = chat.next().await;
            let answer = if reply.question().contains("first") { "First." } else { "Second." };
            reply.answers(answer).await;
        }
        for tab in [Tab::First, Tab::Second] {
            tabs.shows(visit, tab).await;
            for said in ["From the first?", "From the second?"] {
                visit.page.sees_message(USER, said).await;
            }
            for said in ["First.", "Second."] {
                visit.page.sees_message(ASSISTANT, said).await;
            }
            visit.page.sees("button", "Send message").await;
            assert_eq!(contents(visit).await.len(), 4);
        }
        tabs.close(visit).await;
    });
}

#[test]
fn versions_edits_ratings_and_clearing_show_in_all_tabs() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        tabs.first(visit).await;
        visit.page.click("button", "Regenerate").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Some").await;
        tabs.second(visit).await;
        streams(visit, "Some").await;
        reply.finishes().await;
        visit.page.reads("2/2").await;
        visit.page.click("button", "Previous version").await;
        visit.page.click("button", "Good response").await;
        tabs.first(visit).await;
        visit.page.reads("1/2").await;
        visit.page.sees_message(ASSISTANT, "Many.").await;
        let rated = async || {
            let good = visit.page.find("button", "Good response").await?;
            (visit.page.attribute_of(&good, "aria-pressed").await.as_deref() == Some("true")).then_some(())
        };
        visit.page.waits("the rating", rated).await;
        visit.page.click("button", "Edit").await;
        visit.page.fills("textbox", "Edit message", "Wires?").await;
        visit.page.click("button", "Save").await;
        chat.next().await.answers("None.").await;
        tabs.second(visit).await;
        is_answered(visit, "None.").await;
        holds(visit, &["Wires?", "None."]).await;
        visit.page.click("button", "Clear history").await;
        tabs.first(visit).await;
        holds(visit, &[]).await;
        tabs.second(visit).await;
        visit.page.click("button", "Undo").await;
        tabs.first(visit).await;
        holds(visit, &["Wires?", "None."]).await;
        visit.page.does_not_see("button", "Undo").await;
        tabs.close(visit).await;
    });
}

#[test]
fn a_rating_shows_while_an_answer_comes_and_clearing_ends_it() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page).await;
        tabs.first(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        let mut reply = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, ").await;
        tabs.second(visit).await;
        streams(visit, "One,").await;
        visit.page.click("button", "Bad response").await;
        tabs.first(visit).await;
        let rated = async || {
            let bad = visit.page.find("button", "Bad response").await?;
            (visit.page.attribute_of(&bad, "aria-pressed").await.as_deref() == Some("true")).then_some(())
        };
        visit.page.waits("the rating", rated).await;
        reply.says("two, ").await;
        streams(visit, "One, two,").await;
        tabs.second(visit).await;
        streams(visit, "One, two,").await;
        visit.page.click("button", "Clear history").await;
        reply.left().await;
        tabs.first(visit).await;
        holds(visit, &[]).await;
        tabs.second(visit).await;
        holds(visit, &[]).await;
        exchange(visit, &chat, "Again?", "Again.").await;
        tabs.first(visit).await;
        holds(visit, &["Again?", "Again."]).await;
        tabs.close(visit).await;
    });
}

#[test]
fn each_tab_has_its_own_draft() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page).await;
        visit.page.types("In the second").await;
        tabs.first(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        visit.page.types("In the first").await;
        for (tab, draft) in [(Tab::Second, "In the second"), (Tab::First, "In the first")] {
            tabs.shows(visit, tab).await;
            visit.page.sees_message(ASSISTANT, "Many.").await;
            let composer = visit.page.composer().await;
            assert_eq!(visit.page.value_of(&composer).await, draft);
        }
        tabs.close(visit).await;
    });
}

#[test]
fn what_one_tab_shows_is_read_in_all() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page).await;
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Open chat").await;
        tabs.first(visit).await;
        let reply = begun(visit, &chat, Dialect::UiMessage, "Lamps?", "Many.").await;
        reply.finishes().await;
        is_answered(visit, "Many.").await;
        tabs.second(visit).await;
        holds(visit, &["Lamps?", "Many."]).await;
        visit.page.sees("button", "Open chat").await;

        // What nobody saw is read wherever the visitor opens the window.
        tabs.first(visit).await;
        visit.page.asks("More?").await;
        let reply = chat.next().await;
        visit.page.presses(Key::Escape).await;
        reply.answers("Yes.").await;
        visit.page.sees("button", "Open chat, 1 unread message").await;
        tabs.second(visit).await;
        visit.page.sees("button", "Open chat, 1 unread message").await;
        visit.page.opens_chat().await;
        tabs.first(visit).await;
        visit.page.sees("button", "Open chat").await;
        tabs.close(visit).await;
    });
}

#[test]
fn one_tab_makes_the_sound() {
    Visitor::new().visits(async |visit| {
        let ear = "window.played = 0; const start = AudioScheduledSourceNode.prototype.start; \
            AudioScheduledSourceNode.prototype.start = function (...when) { played += 1; return start.apply(this, when); };";
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page.attr("sound", "true").before("ear.js", ear)).await;
        visit.page.presses(Key::Escape).await;
        tabs.first(visit).await;
        visit.page.asks("Lamps?").await;
        let reply = chat.next().await;
        visit.page.presses(Key::Escape).await;
        reply.answers("Many.").await;
        let played = async || visit.page.script::<usize>("return window.played;", vec![]).await;
        visit.page.waits("two notes", async || (played().await == 2).then_some(())).await;
        tabs.second(visit).await;
        visit.page.sees("button", "Open chat, 1 unread message").await;
        // By then it would have been heard: a second answer is, and brings no more than its own notes.
        tabs.first(visit).await;
        visit.page.script::<Option<bool>>("Natter.send('More?'); return null;", vec![]).await;
        chat.next().await.answers("Yes.").await;
        visit.page.waits("four notes", async || (played().await == 4).then_some(())).await;
        tabs.second(visit).await;
        visit.page.sees("button", "Open chat, 2 unread messages").await;
        assert_eq!(played().await, 0, "both tabs made the sound");
        tabs.close(visit).await;
    });
}

#[test]
fn a_page_that_is_kept_for_later_listens_to_nobody_until_it_is_shown_again() {
    Visitor::new().visits(async |visit| {
        let count = "window.lines = new Set(); window.BroadcastChannel = class extends BroadcastChannel { \
            constructor(name) { super(name); lines.add(this); } close() { super.close(); lines.delete(this); } };";
        let (page, chat) = shop(visit);
        let tabs = in_two_tabs(visit, &page.before("lines.js", count)).await;
        let is = |lines: usize| async move {
            let state = async || {
                let open: usize = visit.page.script("return lines.size;", vec![]).await;
                (open == lines).then_some(())
            };
            visit.page.waits(&format!("{lines} open lines"), state).await;
        };
        let happens = |event: &'static str| async move {
            let code = "dispatchEvent(new PageTransitionEvent(arguments[0], { persisted: true })); return null;";
            visit.page.script::<Option<bool>>(code, vec![json!(event)]).await;
        };
        is(1).await;
        happens("pagehide").await;
        is(0).await;
        happens("pageshow").await;
        is(1).await;
        tabs.first(visit).await;
        let reply = begun(visit, &chat, Dialect::UiMessage, "Count?", "One, ").await;
        tabs.second(visit).await;
        streams(visit, "One,").await;
        reply.finishes().await;
        is_answered(visit, "One,").await;
        visit.page.script::<Option<bool>>("Natter.destroy(); return null;", vec![]).await;
        is(0).await;
        tabs.close(visit).await;
    });
}

#[test]
fn what_is_kept_for_the_session_only_stays_in_its_tab() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        for storage in ["session", "none"] {
            let tabs = in_two_tabs(visit, &page.clone().attr("storage", storage)).await;
            tabs.first(visit).await;
            exchange(visit, &chat, "Secret?", "Secret.").await;
            // Something is stored, as sites do.
            let code = "localStorage.setItem('other', Math.random()); return null;";
            visit.page.script::<Option<bool>>(code, vec![]).await;
            tabs.second(visit).await;
            exchange(visit, &chat, "Other?", "Other.").await;
            assert_eq!(contents(visit).await, ["Other?", "Other."]);
            let code = "localStorage.setItem('other', Math.random()); return null;";
            visit.page.script::<Option<bool>>(code, vec![]).await;
            tabs.first(visit).await;
            exchange(visit, &chat, "More?", "More.").await;
            assert_eq!(contents(visit).await, ["Secret?", "Secret.", "More?", "More."]);
            tabs.close(visit).await;
        }
    });
}
