//! Where the visitor writes.

use natter_e2e::{Dialect, Visit, Visitor};
use thirtyfour::Key;

use crate::common::{ASSISTANT, USER, begun, exchange, in_the_chat, shop};

async fn draft(visit: &Visit) -> String {
    let composer = visit.page.composer().await;
    visit.page.value_of(&composer).await
}

#[test]
fn enter_sends_and_empties_the_field() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.reads("Press Enter to send").await;
        visit.page.types("Do you have lamps?").await;
        visit.page.presses(Key::Enter).await;
        assert_eq!(chat.next().await.question(), "Do you have lamps?");
        visit.page.sees_message(USER, "Do you have lamps?").await;
        assert_eq!(draft(visit).await, "", "the field still holds what was sent");
        visit.page.has_focus("textbox", "Ask me anything...").await;
    });
}

#[test]
fn the_button_sends() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.types("Do you have lamps?").await;
        visit.page.click("button", "Send message").await;
        assert_eq!(chat.next().await.question(), "Do you have lamps?");
    });
}

#[test]
fn shift_and_enter_breaks_the_line() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.types("One").await;
        visit.page.presses_with(Key::Shift, Key::Enter).await;
        visit.page.types("Two").await;
        assert_eq!(draft(visit).await, "One\nTwo");
        visit.page.presses(Key::Enter).await;
        assert_eq!(chat.next().await.question(), "One\nTwo");
        assert_eq!(chat.bodies().len(), 1, "the line break was sent as a message of its own");
        visit.page.sees_message(USER, "One\nTwo").await;
    });
}

/// WebDriver has no input method, so the events that one makes are dispatched by script, as browsers send them: Enter
/// that picks a candidate has `isComposing`, and Safari's, which comes after `compositionend`, has key code 229.
#[test]
fn enter_belongs_to_the_input_method_while_it_composes() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.types("にほんご").await;
        let composer = visit.page.composer().await;
        let code = "const field = arguments[0]; \
            const enter = (init) => field.dispatchEvent(new KeyboardEvent('keydown', \
                { key: 'Enter', code: 'Enter', bubbles: true, composed: true, cancelable: true, ...init })); \
            field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true, composed: true })); \
            const first = enter({ isComposing: true, keyCode: 229 }); \
            field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, composed: true, data: '日本語' })); \
            return [first, enter({ keyCode: 229 })];";
        let left_alone: [bool; 2] = visit.page.script_on(&composer, code).await;
        assert_eq!(left_alone, [true, true], "Enter was taken away from the input method");
        assert_eq!(draft(visit).await, "にほんご", "the text left the field");
        visit.page.presses(Key::Enter).await;
        assert_eq!(chat.next().await.question(), "にほんご");
        assert_eq!(chat.bodies().len(), 1, "the text was sent while it was composed");
    });
}

#[test]
fn blank_is_not_sent() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let send = visit.page.sees("button", "Send message").await;
        assert!(!visit.page.is_enabled(&send).await, "an empty field can be sent");
        visit.page.presses(Key::Enter).await;
        visit.page.types("   ").await;
        visit.page.presses_with(Key::Shift, Key::Enter).await;
        let send = visit.page.sees("button", "Send message").await;
        assert!(!visit.page.is_enabled(&send).await, "white space can be sent");
        visit.page.presses(Key::Enter).await;
        visit.page.types("Hello?").await;
        visit.page.presses(Key::Enter).await;
        assert_eq!(chat.next().await.question().trim(), "Hello?");
        assert_eq!(chat.bodies().len(), 1, "something blank was sent");
        assert_eq!(visit.page.messages(USER).await.len(), 1, "something blank stands in the transcript");
    });
}

#[test]
fn the_next_question_can_be_typed_during_a_reply() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let mut reply = begun(visit, &chat, Dialect::UiMessage, "First?", "One").await;
        visit.page.types("Second?").await;
        // It is too early to send it, so it waits.
        visit.page.presses(Key::Enter).await;
        visit.page.reads("Will be sent next").await;
        assert_eq!(draft(visit).await, "");
        // There is room for one: what is typed after it stays in the field.
        visit.page.types("Third?").await;
        visit.page.presses(Key::Enter).await;
        assert_eq!(draft(visit).await, "Third?");
        assert_eq!(chat.bodies().len(), 1, "a question was sent during the reply");
        reply.says(" and done.").await;
        reply.finishes().await;
        let next = chat.next().await;
        assert_eq!(next.question(), "Second?");
        assert_eq!(draft(visit).await, "Third?", "the end of the reply took the draft away");
        visit.page.has_focus("textbox", "Ask me anything...").await;
        next.answers("Two").await;
        visit.page.sees_message(ASSISTANT, "Two").await;
        visit.page.is_at_rest().await;
        assert_eq!(chat.bodies().len(), 2, "the draft was sent by itself");
    });
}

#[test]
fn the_field_grows_to_five_lines_and_then_scrolls() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        let mut heights = Vec::new();
        for line in 1..=7 {
            if line > 1 {
                visit.page.presses_with(Key::Shift, Key::Enter).await;
            }
            visit.page.types(format!("line {line}")).await;
            let composer = visit.page.composer().await;
            heights.push(visit.page.area_of(&composer).await.height());
        }
        for line in 1..5 {
            assert!(heights[line] > heights[line - 1] + 10.0, "line {} has no room: heights {heights:?}", line + 1);
        }
        // An engine may give each line whole pixels.
        assert!((heights[4] - heights[6]).abs() < 3.0, "the field grows past five lines: heights {heights:?}");
        let composer = visit.page.composer().await;
        let code = "const field = arguments[0]; return [field.scrollHeight - field.clientHeight, field.scrollTop];";
        let (hidden, scrolled): (f64, f64) = visit.page.script_on(&composer, code).await;
        assert!(hidden > 10.0, "seven lines fit into a field of five");
        assert!(scrolled > 10.0, "the line being written is out of sight");
    });
}

#[test]
fn after_sending_the_field_is_one_line_again() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let composer = visit.page.composer().await;
        let one = visit.page.area_of(&composer).await.height();
        for _ in 0..4 {
            visit.page.types("line").await;
            visit.page.presses_with(Key::Shift, Key::Enter).await;
        }
        visit.page.types("end").await;
        visit.page.presses(Key::Enter).await;
        chat.next().await.answers("Long.").await;
        let shrunk = async || {
            let composer = visit.page.find("textbox", "Ask me anything...").await?;
            ((visit.page.area_of(&composer).await.height() - one).abs() < 1.5).then_some(())
        };
        visit.page.waits("a field of one line", shrunk).await;
    });
}

#[test]
fn a_counter_tells_when_a_message_gets_too_long() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("max-length", "200")).await;
        visit.page.opens_chat().await;
        visit.page.types("Short").await;
        assert_eq!(visit.page.part_text("counter").await, None, "the counter shows though there is plenty of room");
        visit.page.types("x".repeat(190)).await;
        let text = visit.page.sees_part("counter").await;
        assert!(text.contains('5'), "5 characters are left, and the counter says: {text}");
        visit.page.types("y".repeat(10)).await;
        let send = visit.page.sees("button", "Send message").await;
        assert!(!visit.page.is_enabled(&send).await, "205 characters can be sent where 200 are allowed");
        visit.page.presses(Key::Enter).await;
        assert_eq!(draft(visit).await.chars().count(), 205, "what was typed is lost");
        for _ in 0..5 {
            visit.page.presses(Key::Backspace).await;
        }
        visit.page.presses(Key::Enter).await;
        assert_eq!(chat.next().await.question().chars().count(), 200);
        assert_eq!(chat.bodies().len(), 1, "the long message was sent");
    });
}

#[test]
fn a_draft_survives_closing_the_window() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        visit.page.types("Not sent yet").await;
        visit.page.presses(Key::Escape).await;
        visit.page.opens_chat().await;
        assert_eq!(draft(visit).await, "Not sent yet");
    });
}
