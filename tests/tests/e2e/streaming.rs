//! A reply on its way.

use natter_e2e::chat::Exchange;
use natter_e2e::{Chat, Dialect, Visit, Visitor};
use thirtyfour::Key;

use crate::common::{ASSISTANT, USER, exchange, in_the_chat};

#[test]
fn something_moves_until_the_first_word_comes() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        let mut reply = chat.next().await;
        visit.page.sees_part("loading").await;
        reply.begins(Dialect::UiMessage).await;
        visit.page.sees_part("loading").await;
        reply.says("Hello").await;
        visit.page.sees_message(ASSISTANT, "Hello").await;
        visit.page.does_not_see_part("loading").await;
        reply.finishes().await;
        visit.page.is_at_rest().await;
    });
}

async fn word_by_word(visit: &Visit, dialect: Dialect) {
    let chat = in_the_chat(visit).await;
    visit.page.asks("Hello?").await;
    let mut reply = chat.next().await;
    reply.begins(dialect).await;
    let mut so_far = String::new();
    for word in ["We ", "sell ", "lamps."] {
        reply.says(word).await;
        so_far += word;
        // The next word is not sent before this one is seen: nothing waits for the end.
        visit.page.sees_message(ASSISTANT, so_far.trim_end()).await;
    }
    reply.finishes().await;
    visit.page.is_at_rest().await;
    assert_eq!(visit.page.messages(ASSISTANT).await.len(), 2, "the greeting and one answer");
}

#[test]
fn a_ui_message_stream_is_shown_word_by_word() {
    Visitor::new().visits(async |visit| word_by_word(visit, Dialect::UiMessage).await);
}

#[test]
fn an_openai_stream_is_shown_word_by_word() {
    Visitor::new().visits(async |visit| word_by_word(visit, Dialect::OpenAi).await);
}

#[test]
fn plain_text_is_shown_word_by_word() {
    Visitor::new().visits(async |visit| word_by_word(visit, Dialect::Plain).await);
}

async fn asked(visit: &Visit) -> (Chat, Exchange) {
    let chat = in_the_chat(visit).await;
    visit.page.asks("Hello?").await;
    let reply = chat.next().await;
    (chat, reply)
}

#[test]
fn letters_may_be_split_between_chunks() {
    Visitor::new().visits(async |visit| {
        let (_chat, mut reply) = asked(visit).await;
        reply.begins(Dialect::UiMessage).await;
        let event = Dialect::UiMessage.delta("Grüße 👋🏽 日本");
        for byte in event.into_bytes() {
            reply.sends(vec![byte]).await;
        }
        visit.page.sees_message(ASSISTANT, "Grüße 👋🏽 日本").await;
        reply.finishes().await;
        visit.page.is_at_rest().await;
    });
}

#[test]
fn plain_letters_may_be_split_between_chunks() {
    Visitor::new().visits(async |visit| {
        let (_chat, mut reply) = asked(visit).await;
        reply.begins(Dialect::Plain).await;
        for byte in "Grüße 👋🏽".bytes() {
            reply.sends(vec![byte]).await;
        }
        reply.finishes().await;
        visit.page.sees_message(ASSISTANT, "Grüße 👋🏽").await;
        visit.page.is_at_rest().await;
    });
}

#[test]
fn events_may_share_a_chunk_and_lines_may_end_in_any_way() {
    Visitor::new().visits(async |visit| {
        let (_chat, mut reply) = asked(visit).await;
        reply.begins(Dialect::UiMessage).await;
        let delta = |text| Dialect::UiMessage.delta(text);
        let several = format!(
            ": a comment\n\n{}{}: another\r\n\r\n{}",
            delta("We "),
            delta("sell ").replace('\n', "\r\n"),
            delta("lamps").replace('\n', "\r"),
        );
        reply.sends(several).await;
        visit.page.sees_message(ASSISTANT, "We sell lamps").await;
        // What a newer server may say, and this widget does not know.
        reply
            .sends("event: other\nid: 7\nretry: 10\ndata: {\"type\":\"data-weather\",\"data\":{\"sun\":true}}\n\n")
            .await;
        reply.says(".").await;
        reply.finishes().await;
        visit.page.sees_message(ASSISTANT, "We sell lamps.").await;
        visit.page.is_at_rest().await;
    });
}

#[test]
fn stop_keeps_what_was_said_and_hangs_up() {
    Visitor::new().visits(async |visit| {
        let (chat, mut reply) = asked(visit).await;
        assert!(!visit.page.has("button", "Send message").await, "Send and Stop are both there");
        reply.begins(Dialect::UiMessage).await;
        reply.says("We sell").await;
        visit.page.sees_message(ASSISTANT, "We sell").await;
        visit.page.click("button", "Stop").await;
        reply.left().await;
        visit.page.is_at_rest().await;
        visit.page.does_not_see("button", "Stop").await;
        visit.page.sees_message(ASSISTANT, "We sell").await;
        assert!(!visit.page.has("alert", "…").await, "stopping is reported as a failure");
        exchange(visit, &chat, "And?", "Lamps.").await;
        let sent = chat.bodies().pop().unwrap();
        assert_eq!(sent["messages"][1]["content"], "We sell", "the kept part is not part of the conversation: {sent}");
    });
}

#[test]
fn stop_works_before_the_first_word_and_before_the_head() {
    Visitor::new().visits(async |visit| {
        let (chat, reply) = asked(visit).await;
        visit.page.click("button", "Stop").await;
        reply.left().await;
        visit.page.is_at_rest().await;
        visit.page.does_not_see_part("loading").await;
        assert!(!visit.page.has("alert", "…").await, "stopping is reported as a failure");
        visit.page.sees_message(USER, "Hello?").await;

        visit.page.asks("Again?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        visit.page.click("button", "Stop").await;
        reply.left().await;
        visit.page.is_at_rest().await;
        visit.page.does_not_see_part("loading").await;
    });
}

#[test]
fn a_late_word_of_a_stopped_reply_does_not_turn_up() {
    Visitor::new().visits(async |visit| {
        let (chat, mut reply) = asked(visit).await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Old").await;
        visit.page.sees_message(ASSISTANT, "Old").await;
        visit.page.click("button", "Stop").await;
        reply.tries_to_send(Dialect::UiMessage.delta(" and late")).await;
        exchange(visit, &chat, "New?", "New.").await;
        let all = visit.page.messages(ASSISTANT).await.join("\n");
        assert!(!all.contains("late"), "{all}");
    });
}

#[test]
fn closing_the_window_does_not_stop_the_reply() {
    Visitor::new().visits(async |visit| {
        let (_chat, mut reply) = asked(visit).await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("We ").await;
        visit.page.sees_message(ASSISTANT, "We").await;
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Open chat…").await;
        reply.says("sell lamps.").await;
        reply.finishes().await;
        visit.hears("received").await;
        visit.page.click("button", "Open chat…").await;
        visit.page.sees_message(ASSISTANT, "We sell lamps.").await;
    });
}

/// A reply of so many lines, left unfinished.
async fn long_reply(visit: &Visit, lines: usize) -> Exchange {
    let (_chat, mut reply) = asked(visit).await;
    reply.begins(Dialect::UiMessage).await;
    reply.says(&(1..=lines).map(|n| format!("Line {n}\n\n")).collect::<String>()).await;
    visit.page.sees_message(ASSISTANT, &format!("Line {lines}")).await;
    reply
}

async fn distance(visit: &Visit) -> f64 {
    let log = visit.page.sees("log", "Chat messages").await;
    visit.page.distance_to_end(&log).await
}

async fn is_at_the_end(visit: &Visit) {
    let state = async || (distance(visit).await < 2.0).then_some(());
    visit.page.waits("the latest line of the transcript", state).await;
}

#[test]
fn the_transcript_follows_the_reply() {
    Visitor::new().visits(async |visit| {
        let mut reply = long_reply(visit, 40).await;
        is_at_the_end(visit).await;
        assert!(!visit.page.has("button", "Jump to latest").await, "there is nothing to jump to");
        reply.says("Line 41\n\nLine 42").await;
        visit.page.sees_message(ASSISTANT, "Line 42").await;
        is_at_the_end(visit).await;
        reply.finishes().await;
        visit.page.is_at_rest().await;
        is_at_the_end(visit).await;
    });
}

#[test]
fn a_visitor_who_reads_above_is_left_in_peace() {
    Visitor::new().visits(async |visit| {
        let mut reply = long_reply(visit, 40).await;
        is_at_the_end(visit).await;
        let log = visit.page.sees("log", "Chat messages").await;
        visit.page.scrolls(&log, -400).await;
        visit.page.sees("button", "Jump to latest").await;
        let before = distance(visit).await;
        reply.says(&"More\n\n".repeat(20)).await;
        reply.says("The end").await;
        visit.page.sees_message(ASSISTANT, "The end").await;
        let after = distance(visit).await;
        assert!(after > before + 200.0, "the text moved under the reader's eyes: {before} then {after} from the end");

        visit.page.click("button", "Jump to latest").await;
        is_at_the_end(visit).await;
        visit.page.does_not_see("button", "Jump to latest").await;
        // From here on it follows again.
        reply.says(&"\n\nEven more".repeat(20)).await;
        visit.page.sees_message(ASSISTANT, "Even more").await;
        is_at_the_end(visit).await;
        reply.finishes().await;
        visit.page.is_at_rest().await;
    });
}

#[test]
fn asking_brings_the_question_into_sight() {
    Visitor::new().visits(async |visit| {
        let reply = long_reply(visit, 40).await;
        reply.finishes().await;
        visit.page.is_at_rest().await;
        let log = visit.page.sees("log", "Chat messages").await;
        visit.page.scrolls(&log, -600).await;
        visit.page.sees("button", "Jump to latest").await;
        visit.page.asks("And now?").await;
        visit.page.sees_message(USER, "And now?").await;
        is_at_the_end(visit).await;
    });
}
