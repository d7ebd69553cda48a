//! A question that is asked while a reply runs.

use natter_e2e::{Chat, Dialect, Exchange, Visit, Visitor};

use super::said;
use crate::common::{USER, in_the_chat, is_answered};

const WAITS: &str = "Will be sent next";

/// A reply that has begun, and a question that waits for its end.
async fn one_waits(visit: &Visit) -> (Chat, Exchange) {
    let chat = in_the_chat(visit).await;
    visit.page.asks("First?").await;
    let mut reply = chat.next().await;
    reply.begins(Dialect::UiMessage).await;
    reply.says("One").await;
    visit.page.asks("Second?").await;
    visit.page.reads(WAITS).await;
    visit.page.reads("Second?").await;
    assert_eq!(draft(visit).await, "", "the field still holds what waits");
    assert_eq!(chat.bodies().len(), 1, "the question did not wait");
    (chat, reply)
}

async fn draft(visit: &Visit) -> String {
    let composer = visit.page.composer().await;
    visit.page.value_of(&composer).await
}

#[test]
fn it_goes_when_the_reply_ends() {
    Visitor::new().visits(async |visit| {
        let (chat, mut reply) = one_waits(visit).await;
        reply.says(" and a half.").await;
        assert_eq!(chat.bodies().len(), 1, "the question did not wait");
        reply.finishes().await;
        let second = chat.next().await;
        let sent = [("user", "First?"), ("assistant", "One and a half."), ("user", "Second?")];
        assert_eq!(second.messages(), said(&sent));
        visit.page.does_not_see("button", "Cancel").await;
        assert!(!visit.page.shows_text(WAITS).await);
        visit.page.sees_message(USER, "Second?").await;
        second.answers("Two.").await;
        is_answered(visit, "Two.").await;
        assert_eq!(visit.page.messages(USER).await.len(), 2, "it stands there twice");
    });
}

#[test]
fn it_goes_when_the_visitor_stops_the_reply() {
    Visitor::new().visits(async |visit| {
        let (chat, reply) = one_waits(visit).await;
        visit.page.click("button", "Stop").await;
        reply.left().await;
        let second = chat.next().await;
        assert_eq!(second.messages(), said(&[("user", "First?"), ("assistant", "One"), ("user", "Second?")]));
        second.answers("Two.").await;
        is_answered(visit, "Two.").await;
    });
}

#[test]
fn it_can_be_taken_back() {
    Visitor::new().visits(async |visit| {
        let (chat, reply) = one_waits(visit).await;
        visit.page.click("button", "Cancel").await;
        visit.page.does_not_see("button", "Cancel").await;
        assert!(!visit.page.shows_text(WAITS).await);
        assert_eq!(draft(visit).await, "Second?");
        reply.finishes().await;
        is_answered(visit, "One").await;
        assert_eq!(chat.bodies().len(), 1, "it was sent all the same");
        visit.page.click("button", "Send message").await;
        assert_eq!(chat.next().await.question(), "Second?");
    });
}

#[test]
fn taken_back_it_does_not_push_away_what_is_being_written() {
    Visitor::new().visits(async |visit| {
        let (_chat, _reply) = one_waits(visit).await;
        visit.page.types("Third").await;
        visit.page.click("button", "Cancel").await;
        visit.page.does_not_see("button", "Cancel").await;
        let draft = draft(visit).await;
        assert!(draft.contains("Second?") && draft.contains("Third"), "{draft}");
    });
}

#[test]
fn one_waits_and_the_next_stays_in_the_field() {
    Visitor::new().visits(async |visit| {
        let (chat, reply) = one_waits(visit).await;
        visit.page.asks("Third?").await;
        assert_eq!(draft(visit).await, "Third?", "what cannot wait is lost");
        visit.page.reads("Second?").await;
        reply.finishes().await;
        let second = chat.next().await;
        assert_eq!(second.question(), "Second?");
        assert_eq!(draft(visit).await, "Third?");
        second.answers("Two.").await;
        is_answered(visit, "Two.").await;
        assert_eq!(chat.bodies().len(), 2, "the third question was sent without the visitor");
    });
}

#[test]
fn a_failure_in_between_loses_nothing() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("First?").await;
        let failing = chat.next().await;
        visit.page.asks("Second?").await;
        visit.page.reads(WAITS).await;
        failing.fails(500, "internal", "Failed to process your message");
        visit.page.sees("alert", "…").await;
        visit.page.reads("Second?").await;
        assert_eq!(chat.bodies().len(), 1, "the failed question was passed over");
        visit.page.click("button", "Retry").await;
        let again = chat.next().await;
        assert_eq!(again.question(), "First?");
        again.answers("One.").await;
        assert_eq!(chat.next().await.question(), "Second?");
    });
}

#[test]
fn a_reload_keeps_its_text_in_the_composer() {
    Visitor::new().visits(async |visit| {
        let (_chat, _reply) = one_waits(visit).await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(USER, "First?").await;
        assert_eq!(draft(visit).await, "Second?");
        assert!(!visit.page.shows_text(WAITS).await, "nothing is on its way that it could wait for");
    });
}

#[test]
fn clearing_the_history_keeps_it_in_the_composer() {
    Visitor::new().visits(async |visit| {
        let (chat, reply) = one_waits(visit).await;
        visit.page.click("button", "Clear history").await;
        reply.left().await;
        visit.page.does_not_see("article", USER).await;
        assert_eq!(draft(visit).await, "Second?");
        assert_eq!(chat.bodies().len(), 1, "the question was sent into a conversation that was cleared");
    });
}
