//! Answers that come while nobody looks.

use natter_e2e::{Chat, Fixture, Visit, Visitor};
use serde_json::json;
use thirtyfour::Key;

use super::two_asked_and_closed;
use crate::common::{ASSISTANT, exchange, in_the_chat, is_answered, shop};

async fn title_is(visit: &Visit, title: &str) {
    let what = format!("the tab's title “{title}”");
    let state = async || (visit.page.driver().title().await.unwrap() == title).then_some(());
    visit.page.waits(&what, state).await;
}

async fn page_calls_itself(visit: &Visit, title: &str) {
    visit.page.script::<Option<bool>>("document.title = arguments[0]; return null;", vec![json!(title)]).await;
}

#[test]
fn they_are_counted_on_the_launcher_and_in_the_title_until_they_are_seen() {
    Visitor::new().visits(async |visit| {
        let (chat, first) = two_asked_and_closed(visit).await;
        title_is(visit, "A shop").await;
        first.answers("One.").await;
        visit.page.sees("button", "Open chat, 1 unread message").await;
        assert_eq!(visit.page.sees_part("badge").await, "1");
        title_is(visit, "(1) A shop").await;
        chat.next().await.answers("Two.").await;
        visit.page.sees("button", "Open chat, 2 unread messages").await;
        assert_eq!(visit.page.sees_part("badge").await, "2");
        title_is(visit, "(2) A shop").await;
        visit.page.click("button", "Open chat…").await;
        is_answered(visit, "Two.").await;
        title_is(visit, "A shop").await;
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Open chat").await;
        let counts: Vec<_> = visit.events("unread").await.into_iter().map(|detail| detail["count"].clone()).collect();
        assert_eq!(counts, [json!(1), json!(2), json!(0)]);
    });
}

#[test]
fn what_is_seen_as_it_comes_is_not_unread() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        title_is(visit, "A shop").await;
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Open chat").await;
        assert_eq!(visit.events("unread").await.len(), 0);
    });
}

#[test]
fn a_minimized_window_counts_in_the_title() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Lamps?").await;
        let reply = chat.next().await;
        visit.page.click("button", "Minimize").await;
        visit.page.sees("button", "Expand").await;
        reply.answers("Many.").await;
        title_is(visit, "(1) A shop").await;
        assert_eq!(visit.hears("unread").await["count"], 1);
        visit.page.click("button", "Expand").await;
        title_is(visit, "A shop").await;
        visit.page.sees_message(ASSISTANT, "Many.").await;
    });
}

#[test]
fn a_minimized_window_that_is_closed_counts_on_the_launcher() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Lamps?").await;
        let reply = chat.next().await;
        visit.page.click("button", "Minimize").await;
        reply.answers("Many.").await;
        title_is(visit, "(1) A shop").await;
        visit.page.click("button", "Close chat").await;
        visit.page.sees("button", "Open chat, 1 unread message").await;
        title_is(visit, "(1) A shop").await;
    });
}

#[test]
fn a_title_that_the_page_changes_meanwhile_stays() {
    Visitor::new().visits(async |visit| {
        let (chat, first) = two_asked_and_closed(visit).await;
        first.answers("One.").await;
        title_is(visit, "(1) A shop").await;
        page_calls_itself(visit, "Sale!").await;
        chat.next().await.answers("Two.").await;
        title_is(visit, "(2) Sale!").await;
        page_calls_itself(visit, "(50 %) Sale!").await;
        visit.page.click("button", "Open chat…").await;
        visit.page.sees("button", "Close chat").await;
        title_is(visit, "(50 %) Sale!").await;
    });
}

#[test]
fn a_failure_that_nobody_sees_is_counted_too() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Lamps?").await;
        let reply = chat.next().await;
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Open chat").await;
        reply.fails(500, "internal", "Failed to process your message");
        visit.page.sees("button", "Open chat, 1 unread message").await;
        title_is(visit, "(1) A shop").await;
    });
}

/// One answer that comes while the window is closed.
async fn an_unseen_answer(visit: &Visit, page: Fixture, chat: &Chat) {
    visit.opens(&page).await;
    visit.page.opens_chat().await;
    visit.page.asks("Lamps?").await;
    let reply = chat.next().await;
    visit.page.presses(Key::Escape).await;
    visit.page.sees("button", "Open chat").await;
    reply.answers("Many.").await;
    visit.page.sees("button", "Open chat, 1 unread message").await;
}

/// Keeps what is played, since nobody listens to a test.
const EAR: &str = "window.played = []; const start = AudioScheduledSourceNode.prototype.start; \
    AudioScheduledSourceNode.prototype.start = function (...when) { played.push(this.frequency.value); \
    return start.apply(this, when); };";

/// The notes that were played so far.
async fn played(visit: &Visit) -> Vec<f64> {
    visit.page.script("return window.played;", vec![]).await
}

#[test]
fn they_make_no_sound() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        an_unseen_answer(visit, page.before("ear.js", EAR), &chat).await;
        // Whatever the answer set off is there before the next one.
        visit.page.click("button", "Open chat…").await;
        visit.page.has_focus("textbox", "…").await;
        exchange(visit, &chat, "More?", "Yes.").await;
        assert_eq!(played(visit).await, [0.0; 0]);
    });
}

#[test]
fn they_make_a_sound_where_the_owner_wants_it() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        an_unseen_answer(visit, page.attr("sound", "true").before("ear.js", EAR), &chat).await;
        let two = async || (played(visit).await.len() == 2).then_some(());
        visit.page.waits("two notes", two).await;
    });
}

#[test]
fn what_is_seen_makes_no_sound_anyway() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("sound", "true").before("ear.js", EAR)).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        exchange(visit, &chat, "More?", "Yes.").await;
        assert_eq!(played(visit).await, [0.0; 0]);
    });
}
