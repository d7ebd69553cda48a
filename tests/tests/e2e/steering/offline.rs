//! The visitor's own network is gone.

use natter_e2e::{Chat, Dialect, Visit, Visitor};

use super::said;
use crate::common::{ASSISTANT, USER, begun, exchange, in_the_chat, is_answered, shop};

const WAITS: &str = "Waiting for connection";

/// Asks without a network.
async fn asks_in_vain(visit: &Visit, question: &str) -> Chat {
    let chat = in_the_chat(visit).await;
    visit.page.is_cut_off(true).await;
    visit.page.reads("Offline").await;
    visit.page.asks(question).await;
    visit.page.reads(WAITS).await;
    visit.page.sees_message(USER, question).await;
    chat
}

#[test]
fn the_question_waits_and_goes_by_itself() {
    Visitor::new().visits(async |visit| {
        let chat = asks_in_vain(visit, "Anybody?").await;
        assert!(!visit.page.has("alert", "…").await, "waiting is reported as a failure");
        assert!(!visit.page.has("button", "Retry").await, "there is nothing for the visitor to do");
        assert_eq!(chat.bodies().len(), 0);
        visit.page.is_cut_off(false).await;
        let asked = chat.next().await;
        assert_eq!(asked.messages(), said(&[("user", "Anybody?")]));
        assert!(!visit.page.shows_text(WAITS).await, "it no longer waits");
        asked.answers("Me.").await;
        is_answered(visit, "Me.").await;
        visit.page.reads("Online").await;
        assert_eq!(visit.events("error").await.len(), 0, "an error was published");
        assert_eq!(chat.bodies().len(), 1, "it was sent twice");
    });
}

#[test]
fn the_header_follows_the_network() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.reads("Online").await;
        visit.page.is_cut_off(true).await;
        visit.page.reads("Offline").await;
        visit.page.is_cut_off(false).await;
        visit.page.reads("Online").await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

/// The request is under way when the network goes, and fails before or after the browser has noticed: whoever is
/// first is chance. Neither driver can break a request off, so the page's `fetch` does, as browsers do.
async fn a_request_is_lost(visit: &Visit, wait: &str) {
    let code = format!(
        "const whole = window.fetch; window.fetch = (...asked) => Promise.race([whole(...asked), \
         new Promise((_, fail) => addEventListener('{wait}', () => \
         setTimeout(() => fail(new TypeError('Failed to fetch')))))]);"
    );
    let (page, chat) = shop(visit);
    visit.opens(&page.before("fetch.js", &code)).await;
    visit.page.opens_chat().await;
    visit.page.asks("Anybody?").await;
    let lost = chat.next().await;
    if wait == "breaks" {
        visit.page.script::<Option<bool>>("dispatchEvent(new Event('breaks')); return null;", vec![]).await;
        lost.left().await;
    }
    visit.page.is_cut_off(true).await;
    visit.page.reads("Offline").await;
    visit.page.reads(WAITS).await;
    assert!(!visit.page.has("alert", "…").await, "waiting is reported as a failure");
    visit.page.is_cut_off(false).await;
    chat.next().await.answers("Me.").await;
    is_answered(visit, "Me.").await;
    assert_eq!(visit.page.messages(USER).await.len(), 1);
}

#[test]
fn a_request_that_fails_after_the_network_went_waits_as_well() {
    Visitor::new().visits(async |visit| a_request_is_lost(visit, "offline").await);
}

#[test]
fn a_request_that_fails_just_before_the_browser_notices_waits_as_well() {
    Visitor::new().visits(async |visit| a_request_is_lost(visit, "breaks").await);
}

#[test]
fn the_visitor_need_not_wait() {
    Visitor::new().visits(async |visit| {
        let chat = asks_in_vain(visit, "Anybody?").await;
        visit.page.click("button", "Cancel").await;
        visit.page.does_not_see("button", "Cancel").await;
        assert!(!visit.page.shows_text(WAITS).await);
        visit.page.is_cut_off(false).await;
        visit.page.reads("Online").await;
        // The next request is that of the next question.
        exchange(visit, &chat, "Hello?", "Hello!").await;
        assert_eq!(chat.bodies().len(), 1, "the question was sent all the same");
    });
}

#[test]
fn the_next_question_queues_behind_it() {
    Visitor::new().visits(async |visit| {
        let chat = asks_in_vain(visit, "First?").await;
        visit.page.asks("Second?").await;
        visit.page.reads("Will be sent next").await;
        visit.page.is_cut_off(false).await;
        let first = chat.next().await;
        assert_eq!(first.question(), "First?");
        first.answers("One.").await;
        let second = chat.next().await;
        assert_eq!(second.question(), "Second?");
        second.answers("Two.").await;
        is_answered(visit, "Two.").await;
    });
}

#[test]
fn another_version_waits_too_and_the_old_answer_is_not_lost() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "First.").await;
        visit.page.is_cut_off(true).await;
        visit.page.reads("Offline").await;
        visit.page.click("button", "Regenerate").await;
        visit.page.reads(WAITS).await;
        visit.page.click("button", "Cancel").await;
        visit.page.sees_message(ASSISTANT, "First.").await;
        visit.page.click("button", "Regenerate").await;
        visit.page.reads(WAITS).await;
        visit.page.is_cut_off(false).await;
        chat.next().await.answers("Second.").await;
        is_answered(visit, "Second.").await;
        visit.page.reads("2/2").await;
    });
}

/// The words that came stay; what is missing needs the visitor, who may have read enough.
#[test]
fn an_answer_that_the_network_cut_off_can_be_asked_for_again() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let reply = begun(visit, &chat, Dialect::UiMessage, "Lamps?", "We sell").await;
        visit.page.is_cut_off(true).await;
        visit.page.reads("Offline").await;
        reply.breaks().await;
        visit.page.reads("The answer was cut off").await;
        visit.page.sees_message(ASSISTANT, "We sell").await;
        visit.page.is_cut_off(false).await;
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("Lamps.").await;
        is_answered(visit, "Lamps.").await;
    });
}
