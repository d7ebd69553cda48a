//! What a screen reader is told.

use natter_e2e::{Dialect, Visit, Visitor};
use thirtyfour::Key;

use super::{recorded, records, two_asked_and_closed};
use crate::common::{exchange, in_the_chat, shop};

/// What the announcer says: the live region that is not part of the window.
const ANNOUNCER: &str = "() => [...root().querySelectorAll('[role=status]')] \
    .filter((at) => !at.closest('[role=dialog]')).map((at) => at.textContent).join(' / ')";

/// From now on, keeps what is said.
async fn listens(visit: &Visit) {
    records(visit, "announced", ANNOUNCER).await;
}

/// Everything said so far.
async fn heard(visit: &Visit) -> Vec<String> {
    let said = recorded(visit, "announced").await.into_iter().map(|(_, text)| text);
    // A space that nobody hears tells a text from the same one before it.
    said.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

/// Waits until exactly this was said.
async fn hears(visit: &Visit, said: &[&str]) {
    let what = format!("{said:?} announced, and nothing else");
    let state = async || (heard(visit).await == said).then_some(());
    if natter_e2e::wait::until(state).await.is_none() {
        panic!("not {what}, but {:?}", heard(visit).await);
    }
}

#[test]
fn it_hears_whole_sentences_without_their_marks() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        listens(visit).await;
        visit.page.asks("Lamps?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("**Lamps** cost `3.50` eu").await;
        visit.page.sees_message(crate::common::ASSISTANT, "3.50 eu").await;
        assert_eq!(heard(visit).await, [] as [&str; 0], "half a sentence was announced");
        reply.says("ro each. See [our").await;
        hears(visit, &["Lamps cost 3.50 euro each."]).await;
        reply.says(" list](/lamps)! ~~Soon").await;
        hears(visit, &["Lamps cost 3.50 euro each.", "See our list!"]).await;
        reply.says("~~ **more").await;
        reply.says("**").await;
        reply.finishes().await;
        hears(visit, &["Lamps cost 3.50 euro each.", "See our list!", "Soon more"]).await;
    });
}

#[test]
fn it_hears_every_sentence_of_a_long_reply_once() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        listens(visit).await;
        visit.page.asks("Count!").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        let sentences: Vec<String> = (1..=30).map(|n| format!("This is the sentence number {n}.")).collect();
        for word in sentences.join(" ").split_inclusive(' ') {
            reply.says(word).await;
        }
        reply.finishes().await;
        let whole = async || (heard(visit).await.join(" ") == sentences.join(" ")).then_some(());
        visit.page.waits("each sentence announced once and in order", whole).await;
        let ends = |text: &String| text.ends_with('.');
        assert!(heard(visit).await.iter().all(ends), "a part of a sentence: {:?}", heard(visit).await);
    });
}

#[test]
fn the_transcript_itself_is_not_live() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        let log = visit.page.sees("log", "Chat messages").await;
        assert_eq!(visit.page.attribute_of(&log, "aria-live").await.as_deref(), Some("off"));
    });
}

#[test]
fn it_hears_how_many_are_unread_while_the_window_is_closed() {
    Visitor::new().visits(async |visit| {
        let (chat, first) = two_asked_and_closed(visit).await;
        listens(visit).await;
        first.answers("**One.** Nobody hears this.").await;
        hears(visit, &["1 unread message"]).await;
        chat.next().await.answers("Two.").await;
        hears(visit, &["1 unread message", "2 unread messages"]).await;
    });
}

#[test]
fn it_hears_an_error_at_once_while_the_window_is_closed() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Lamps?").await;
        let reply = chat.next().await;
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Open chat").await;
        listens(visit).await;
        reply.fails(500, "internal", "Failed to process your message");
        hears(visit, &["Failed to process your message"]).await;
    });
}

#[test]
fn it_hears_an_error_at_once_while_the_window_is_open() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Lamps?").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        let alert = visit.page.sees("alert", "…").await;
        assert!(visit.page.text_of(&alert).await.contains("Failed to process your message"));
        let quiet = visit.page.attribute_of(&alert, "aria-live").await;
        assert!(quiet.is_none_or(|live| live == "assertive"), "the alert is made quiet");
    });
}

#[test]
fn it_hears_that_something_was_copied_and_rated() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        listens(visit).await;
        visit.page.click("button", "Copy").await;
        hears(visit, &["Copied"]).await;
        visit.page.click("button", "Good response").await;
        hears(visit, &["Copied", "Thank you for your feedback"]).await;
    });
}

#[test]
fn it_hears_the_same_words_again_when_they_are_said_again() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        listens(visit).await;
        visit.page.click("button", "Good response").await;
        hears(visit, &["Thank you for your feedback"]).await;
        visit.page.click("button", "Bad response").await;
        hears(visit, &["Thank you for your feedback", "Thank you for your feedback"]).await;
    });
}

#[test]
fn it_hears_that_a_question_waits_and_that_the_history_is_cleared() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("First?").await;
        let first = chat.next().await;
        listens(visit).await;
        visit.page.asks("Second?").await;
        hears(visit, &["Will be sent next"]).await;
        first.answers("One.").await;
        hears(visit, &["Will be sent next", "One."]).await;
        chat.next().await.answers("Two.").await;
        hears(visit, &["Will be sent next", "One.", "Two."]).await;
        visit.page.click("button", "Clear history").await;
        hears(visit, &["Will be sent next", "One.", "Two.", "History cleared"]).await;
    });
}

#[test]
fn it_hears_that_a_question_waits_for_the_network() {
    Visitor::new().visits(async |visit| {
        let _chat = in_the_chat(visit).await;
        visit.page.is_cut_off(true).await;
        visit.page.reads("Offline").await;
        listens(visit).await;
        visit.page.asks("Lamps?").await;
        hears(visit, &["Waiting for connection"]).await;
        visit.page.click("button", "Cancel").await;
        visit.page.is_cut_off(false).await;
    });
}

#[test]
fn it_hears_code_as_one_thing_and_a_table_row_by_row() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        listens(visit).await;
        visit.page.asks("Lamps?").await;
        let answer = "See:\n\n```js\nlet lamp;\n```\n\n| Lamp | Price |\n|---|---|\n| One | 3 |\n\nDone.";
        chat.next().await.answers(answer).await;
        let said =
            async || (heard(visit).await.join("\n") == "See:\nCode block\nLamp, Price\nOne, 3\nDone.").then_some(());
        visit.page.waits("code and a table read out", said).await;
    });
}

#[test]
fn it_hears_what_the_assistant_is_at() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        listens(visit).await;
        visit.page.asks("Lamps?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.sends("data: {\"type\":\"data-status\",\"data\":\"Looking for lamps\"}\n\n").await;
        hears(visit, &["Looking for lamps"]).await;
        reply.says("Many.").await;
        reply.finishes().await;
        hears(visit, &["Looking for lamps", "Many."]).await;
    });
}

#[test]
fn it_hears_which_version_of_an_answer_is_shown() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        visit.page.click("button", "Regenerate").await;
        chat.next().await.answers("Few.").await;
        visit.page.reads("2/2").await;
        let live =
            "() => [...root().querySelectorAll('[role=log] [aria-live=polite]')].map((at) => at.textContent).join(' ')";
        records(visit, "shown", live).await;
        visit.page.click("button", "Previous version").await;
        visit.page.reads("1/2").await;
        let told: Vec<String> = recorded(visit, "shown").await.into_iter().map(|(_, text)| text).collect();
        assert_eq!(told, ["1/2"]);
    });
}

#[test]
fn it_hears_the_status_of_the_assistant() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let status = "() => root().querySelector('[role=dialog] [role=status]').textContent";
        records(visit, "stated", status).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        visit.page.reads("Online").await;
        let told: Vec<String> = recorded(visit, "stated").await.into_iter().map(|(_, text)| text).collect();
        assert_eq!(told, ["Typing...", "Online"]);
    });
}

#[test]
fn it_hears_of_a_minimized_window_what_it_hears_of_a_closed_one() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("First?").await;
        let first = chat.next().await;
        visit.page.asks("Second?").await;
        visit.page.click("button", "Minimize").await;
        listens(visit).await;
        first.answers("Nobody hears this.").await;
        hears(visit, &["1 unread message"]).await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        hears(visit, &["1 unread message", "Failed to process your message"]).await;
    });
}

#[test]
fn it_hears_all_of_this_in_the_language_of_the_interface() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.in_language("de", "ltr")).await;
        visit.page.click("button", "Chat öffnen").await;
        visit.page.has_focus("textbox", "…").await;
        visit.page.types("Lampen?").await;
        visit.page.presses(Key::Enter).await;
        chat.next().await.answers("Viele.").await;
        visit.page.sees_message("Nachricht des Assistenten", "Viele.").await;
        visit.page.sees("button", "Nachricht senden").await;
        listens(visit).await;
        visit.page.click("button", "Verlauf löschen").await;
        hears(visit, &["Verlauf gelöscht"]).await;
        let code = "return [...root().querySelectorAll('[role=status]')].map((at) => at.closest('[lang]').lang);";
        let languages: Vec<String> = visit.page.script(code, vec![]).await;
        assert!(languages.iter().all(|lang| lang == "de"), "{languages:?}");
    });
}
