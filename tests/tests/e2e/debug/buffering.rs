//! Replies that something between collects. The pauses here are the trouble itself and no waiting for the widget.

use std::time::Duration;

use natter_e2e::engine::Engine;
use natter_e2e::{Dialect, Exchange, Visitor};

use super::{asks, is_told, page, said};
use crate::common::{ASSISTANT, is_answered};

/// Longer than anything that is called at once, and than a pause.
const PAUSE: Duration = Duration::from_millis(1300);

fn words(count: usize) -> String {
    (0..count).map(|n| Dialect::UiMessage.delta(&format!("word{n} "))).collect()
}

/// The rest of a reply in one go.
async fn ends_at_once(mut reply: Exchange, text: String) {
    reply.sends(text + Dialect::UiMessage.closing().as_str()).await;
    reply.ends();
}

#[test]
fn words_that_all_come_at_the_end_are_named_with_what_to_do() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        asks(visit, &page(chat.path())).await;
        let mut reply = chat.next().await;
        // The head goes through, as with most proxies that collect.
        reply.streams(Dialect::UiMessage, "text/event-stream").await;
        tokio::time::sleep(PAUSE).await;
        ends_at_once(reply, Dialect::UiMessage.opening() + words(20).as_str()).await;
        visit.page.sees_message(ASSISTANT, "word19").await;
        // Firefox hands over the head with the first words.
        let head = if Engine::current() == Engine::Firefox { "" } else { "though its head came after 0." };
        let told = is_told(visit, &[chat.path(), "came all at once, 1.", head, "X-Accel-Buffering: no"]).await;
        assert!(!told.contains("no-transform"), "the reply had that header: {told}");
    });
}

#[test]
fn words_that_come_in_lumps_are_named() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        asks(visit, &page(chat.path())).await;
        let mut reply = chat.next().await;
        reply.streams(Dialect::UiMessage, "text/event-stream").await;
        reply.sends(Dialect::UiMessage.opening() + words(20).as_str()).await;
        visit.page.sees_message(ASSISTANT, "word19").await;
        tokio::time::sleep(PAUSE).await;
        ends_at_once(reply, words(20)).await;
        is_told(visit, &[chat.path(), "came in 2 goes with pauses between them"]).await;
    });
}

#[test]
fn words_that_come_as_they_are_written_are_no_trouble() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        asks(visit, &page(chat.path())).await;
        let mut reply = chat.next().await;
        tokio::time::sleep(PAUSE).await;
        reply.begins(Dialect::UiMessage).await;
        for n in 0..12 {
            let word = format!("word{n} ");
            reply.says(&word).await;
            // The next word is written when this one is there to be read.
            visit.page.sees_message(ASSISTANT, word.trim()).await;
        }
        reply.finishes().await;
        is_answered(visit, "word11").await;
        assert!(said(visit).await.is_empty(), "{:?}", said(visit).await);
    });
}

#[test]
fn a_short_reply_that_took_long_is_no_trouble() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        asks(visit, &page(chat.path())).await;
        let reply = chat.next().await;
        tokio::time::sleep(PAUSE).await;
        reply.answers("Yes.").await;
        is_answered(visit, "Yes.").await;
        assert!(said(visit).await.is_empty(), "{:?}", said(visit).await);
    });
}
