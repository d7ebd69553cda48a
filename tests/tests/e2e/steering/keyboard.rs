//! All of this with the keyboard only, which never ends up nowhere.

use natter_e2e::{Chat, Dialect, Visit, Visitor};
use thirtyfour::Key;

use super::keeps_the_focus;
use crate::common::{USER, exchange, in_the_chat, is_answered, shop};

/// More steps than there are stops.
const STEPS: usize = 60;

/// Goes back from where the focus is, with Shift and Tab, until it is on such an element.
async fn tabs_back_to(visit: &Visit, role: &str, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..STEPS {
        let at = visit.page.focus().await;
        if at.0 == role && at.1 == name {
            return;
        }
        passed.push(at);
        visit.page.presses_with(Key::Shift, Key::Tab).await;
    }
    panic!("Tab does not reach {role} “{name}”, but {passed:?}");
}

/// Goes from the composer back to such a button and presses it.
async fn presses(visit: &Visit, key: Key, name: &str) {
    let composer = visit.page.composer().await;
    visit.page.script_on::<Option<bool>>(&composer, "arguments[0].focus(); return null;").await;
    tabs_back_to(visit, "button", name).await;
    visit.page.presses(key).await;
}

async fn one_answer(visit: &Visit) -> Chat {
    let chat = in_the_chat(visit).await;
    exchange(visit, &chat, "Lamps?", "Many.").await;
    chat
}

#[test]
fn regenerate_and_versions() {
    Visitor::new().visits(async |visit| {
        let chat = one_answer(visit).await;
        presses(visit, Key::Enter, "Regenerate").await;
        let mut reply = chat.next().await;
        keeps_the_focus(visit, "Regenerate").await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Second.").await;
        reply.finishes().await;
        is_answered(visit, "Second.").await;
        presses(visit, Key::Space, "Regenerate").await;
        chat.next().await.answers("Third.").await;
        is_answered(visit, "Third.").await;
        keeps_the_focus(visit, "the end of the answer").await;
        presses(visit, Key::Enter, "Previous version").await;
        visit.page.reads("2/3").await;
        keeps_the_focus(visit, "Previous version").await;
        presses(visit, Key::Space, "Next version").await;
        visit.page.reads("3/3").await;
    });
}

#[test]
fn the_first_and_the_last_version_keep_the_focus() {
    Visitor::new().visits(async |visit| {
        let chat = one_answer(visit).await;
        presses(visit, Key::Enter, "Regenerate").await;
        chat.next().await.answers("Second.").await;
        is_answered(visit, "Second.").await;
        presses(visit, Key::Enter, "Previous version").await;
        visit.page.reads("1/2").await;
        keeps_the_focus(visit, "Previous version to the first").await;
        presses(visit, Key::Enter, "Next version").await;
        visit.page.reads("2/2").await;
        keeps_the_focus(visit, "Next version to the last").await;
    });
}

#[test]
fn edit_save_and_cancel() {
    Visitor::new().visits(async |visit| {
        let chat = one_answer(visit).await;
        presses(visit, Key::Enter, "Edit").await;
        visit.page.has_focus("textbox", "Edit message").await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Cancel").await;
        visit.page.presses(Key::Space).await;
        visit.page.does_not_see("textbox", "Edit message").await;
        keeps_the_focus(visit, "Cancel").await;

        presses(visit, Key::Space, "Edit").await;
        visit.page.has_focus("textbox", "Edit message").await;
        visit.page.presses(Key::Escape).await;
        visit.page.does_not_see("textbox", "Edit message").await;
        keeps_the_focus(visit, "Escape").await;

        presses(visit, Key::Enter, "Edit").await;
        visit.page.has_focus("textbox", "Edit message").await;
        visit.page.types(" Red?").await;
        visit.page.presses(Key::Tab).await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Save").await;
        visit.page.presses(Key::Enter).await;
        let asked = chat.next().await;
        assert_eq!(asked.question(), "Lamps? Red?");
        keeps_the_focus(visit, "Save").await;
        asked.answers("Red.").await;
        is_answered(visit, "Red.").await;
        assert_eq!(chat.bodies().len(), 2, "Enter on Save saved twice");
    });
}

#[test]
fn copying() {
    Visitor::new().visits(async |visit| {
        let _chat = one_answer(visit).await;
        presses(visit, Key::Enter, "Copy").await;
        visit.page.sees("button", "Copied").await;
        keeps_the_focus(visit, "Copy").await;
        visit.page.does_not_see("button", "Copied").await;
        keeps_the_focus(visit, "the end of “Copied”").await;
        let composer = visit.page.composer().await;
        visit.page.script_on::<Option<bool>>(&composer, "arguments[0].focus(); return null;").await;
        // Send is off while nothing is written, so what is below comes next.
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Copy conversation").await;
        visit.page.presses(Key::Space).await;
        visit.page.sees("button", "Copied").await;
        keeps_the_focus(visit, "Copy conversation").await;
    });
}

const COMMENT: &str = "What could be better? (optional)";

#[test]
fn rating_and_saying_why() {
    Visitor::new().visits(async |visit| {
        let _chat = one_answer(visit).await;
        presses(visit, Key::Enter, "Good response").await;
        assert_eq!(visit.hears("feedback").await["value"], "good");
        visit.page.sees("textbox", COMMENT).await;
        keeps_the_focus(visit, "Good response").await;
        presses(visit, Key::Space, "Bad response").await;
        let bad = async || (visit.hears("feedback").await["value"] == "bad").then_some(());
        visit.page.waits("the other rating", bad).await;
        keeps_the_focus(visit, "Bad response").await;
        let composer = visit.page.composer().await;
        visit.page.script_on::<Option<bool>>(&composer, "arguments[0].focus(); return null;").await;
        tabs_back_to(visit, "textbox", COMMENT).await;
        visit.page.types("Too short").await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Cancel").await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Send").await;
        visit.page.presses(Key::Enter).await;
        visit.page.does_not_see("textbox", COMMENT).await;
        assert_eq!(visit.hears("feedback").await["comment"], "Too short");
    });
}

/// Opens the form for a comment and goes there.
async fn commenting(visit: &Visit) {
    presses(visit, Key::Enter, "Bad response").await;
    visit.page.sees("textbox", COMMENT).await;
    let composer = visit.page.composer().await;
    visit.page.script_on::<Option<bool>>(&composer, "arguments[0].focus(); return null;").await;
    tabs_back_to(visit, "textbox", COMMENT).await;
}

#[test]
fn sending_a_comment_keeps_the_focus() {
    Visitor::new().visits(async |visit| {
        let _chat = one_answer(visit).await;
        commenting(visit).await;
        visit.page.types("Too short").await;
        visit.page.presses(Key::Enter).await;
        visit.page.does_not_see("textbox", COMMENT).await;
        keeps_the_focus(visit, "sending the comment").await;
    });
}

#[test]
fn giving_up_a_comment_keeps_the_focus() {
    Visitor::new().visits(async |visit| {
        let _chat = one_answer(visit).await;
        commenting(visit).await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Cancel").await;
        visit.page.presses(Key::Enter).await;
        visit.page.does_not_see("textbox", COMMENT).await;
        keeps_the_focus(visit, "Cancel").await;
    });
}

#[test]
fn escape_out_of_a_comment_keeps_the_focus() {
    Visitor::new().visits(async |visit| {
        let _chat = one_answer(visit).await;
        commenting(visit).await;
        visit.page.presses(Key::Escape).await;
        visit.page.does_not_see("textbox", COMMENT).await;
        keeps_the_focus(visit, "Escape").await;
        // The next Escape is the window's, which it cannot be when the keyboard is nowhere.
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Open chat").await;
    });
}

#[test]
fn clearing() {
    Visitor::new().visits(async |visit| {
        let _chat = one_answer(visit).await;
        let composer = visit.page.composer().await;
        visit.page.script_on::<Option<bool>>(&composer, "arguments[0].focus(); return null;").await;
        visit.page.presses(Key::Tab).await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Clear history").await;
        visit.page.presses(Key::Enter).await;
        visit.page.does_not_see("article", USER).await;
        keeps_the_focus(visit, "Clear history").await;
    });
}

#[test]
fn undoing_it() {
    Visitor::new().visits(async |visit| {
        let _chat = one_answer(visit).await;
        visit.page.click("button", "Clear history").await;
        visit.page.does_not_see("article", USER).await;
        presses(visit, Key::Space, "Undo").await;
        visit.page.sees_message(USER, "Lamps?").await;
        keeps_the_focus(visit, "Undo").await;
    });
}

#[test]
fn suggestions() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("suggestions", r#"["Lamps?"]"#)).await;
        visit.page.opens_chat().await;
        presses(visit, Key::Enter, "Lamps?").await;
        let asked = chat.next().await;
        assert_eq!(asked.question(), "Lamps?");
        keeps_the_focus(visit, "a suggestion").await;
        asked.answers("Many.").await;
        is_answered(visit, "Many.").await;
        keeps_the_focus(visit, "the answer").await;
        assert_eq!(chat.bodies().len(), 1, "one press asked twice");
    });
}

#[test]
fn stopping() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Lamps?").await;
        let reply = chat.next().await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Stop").await;
        visit.page.presses(Key::Enter).await;
        reply.left().await;
        visit.page.sees("button", "Send message").await;
        keeps_the_focus(visit, "Stop").await;
    });
}

#[test]
fn an_answer_that_ends_under_stop_keeps_the_focus() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Lamps?").await;
        let reply = chat.next().await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("button", "Stop").await;
        reply.answers("Many.").await;
        is_answered(visit, "Many.").await;
        keeps_the_focus(visit, "the end of the answer").await;
    });
}

#[test]
fn retrying() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Lamps?").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        visit.page.sees("button", "Retry").await;
        presses(visit, Key::Space, "Retry").await;
        chat.next().await.answers("Many.").await;
        keeps_the_focus(visit, "Retry").await;
        is_answered(visit, "Many.").await;
    });
}

#[test]
fn taking_a_waiting_question_back() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("First?").await;
        let _reply = chat.next().await;
        visit.page.asks("Second?").await;
        visit.page.reads("Will be sent next").await;
        presses(visit, Key::Enter, "Cancel").await;
        visit.page.does_not_see("button", "Cancel").await;
        keeps_the_focus(visit, "Cancel").await;
    });
}

#[test]
fn a_suggestion_without_a_network() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("suggestions", r#"["Lamps?"]"#)).await;
        visit.page.opens_chat().await;
        visit.page.is_cut_off(true).await;
        visit.page.reads("Offline").await;
        presses(visit, Key::Enter, "Lamps?").await;
        visit.page.reads("Waiting for connection").await;
        keeps_the_focus(visit, "a suggestion").await;
        presses(visit, Key::Enter, "Cancel").await;
        visit.page.does_not_see("button", "Cancel").await;
        keeps_the_focus(visit, "Cancel").await;
        visit.page.is_cut_off(false).await;
        assert_eq!(chat.bodies().len(), 0);
    });
}
