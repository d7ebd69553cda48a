//! From the page through all of the widget and out again with the Tab key, and what is to be seen at each stop
//! (WCAG 2.2, 2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11 and 1.4.11). What the keys do there is in `steering::keyboard`.

use natter_e2e::{Chat, Visit, Visitor, wait};
use thirtyfour::Key;

use super::{asks_for_much, measures, stocked};
use crate::common::{exchange, in_the_chat};

/// More steps than there are stops.
const STEPS: usize = 60;

/// Whether the keyboard is in the widget.
async fn is_inside(visit: &Visit) -> bool {
    visit.page.script("return focused()?.getRootNode() === root();", vec![]).await
}

/// Where the keyboard is, which must be plain to see.
async fn stop(visit: &Visit) -> (String, String) {
    let mut unseen: Option<String> = None;
    // WebKit scrolls there a moment later.
    let seen = wait::until(async || {
        unseen = measures(visit, "return unseen();").await;
        unseen.is_none().then_some(())
    });
    assert!(seen.await.is_some(), "one does not see where the keyboard is: {unseen:?}");
    visit.page.focus().await
}

/// Every stop until the keyboard has left the widget, beginning with the one where it is.
async fn stops(visit: &Visit, forwards: bool) -> Vec<(String, String)> {
    let mut stops = Vec::new();
    while is_inside(visit).await {
        stops.push(stop(visit).await);
        assert!(stops.len() < STEPS, "Tab does not lead out of the widget: {stops:?}");
        match forwards {
            true => visit.page.presses(Key::Tab).await,
            false => visit.page.presses_with(Key::Shift, Key::Tab).await,
        }
    }
    stops
}

/// A conversation with everything that can be done with one, and a question that is written and not sent.
async fn a_rich_conversation(visit: &Visit) -> Chat {
    let (page, chat) = stocked(visit);
    visit.opens(&page).await;
    visit.hears("ready").await;
    visit.page.opens_chat().await;
    asks_for_much(visit, &chat).await;
    visit.page.click("button", "Bad response").await;
    visit.page.sees("textbox", COMMENT).await;
    visit.page.click("textbox", "Ask me anything...").await;
    visit.page.types("And red ones?").await;
    chat
}

const COMMENT: &str = "What could be better? (optional)";

/// What Tab reaches in [`a_rich_conversation`], in this order. The table scrolls and has no name of its own.
const STOPS: [(&str, &str); 21] = [
    ("button", "Minimize"),
    ("button", "Close chat"),
    ("button", "Resize window"),
    ("log", "Chat messages"),
    ("button", "Copy"),
    ("button", "Edit"),
    ("link", "lamps"),
    ("link", "the list"),
    ("button", "Copy code"),
    ("group", "Code block"),
    ("generic", ""),
    ("link", "A lamp"),
    ("button", "Copy"),
    ("button", "Good response"),
    ("button", "Bad response"),
    ("button", "Regenerate"),
    ("textbox", COMMENT),
    ("button", "Cancel"),
    ("button", "Send"),
    ("textbox", "Ask me anything..."),
    ("button", "Send message"),
];

/// A `<summary>` has none of ARIA's roles.
const SUMMARY: &str = "";

/// What comes after those.
const BELOW: [(&str, &str); 3] = [("button", "Copy conversation"), ("button", "Clear history"), (SUMMARY, "More")];

fn named(stops: &[(String, String)]) -> Vec<(&str, &str)> {
    stops.iter().map(|(role, name)| (role.as_str(), name.as_str())).collect()
}

#[test]
fn tab_goes_through_the_window_and_out_of_it_both_ways() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let _chat = a_rich_conversation(visit).await;
        let all = [&STOPS[..], &BELOW[..]].concat();
        while visit.page.focus().await.1 != "More" {
            visit.page.presses(Key::Tab).await;
            assert!(is_inside(visit).await, "Tab does not lead from the composer to the end of the window");
        }
        let mut back = stops(visit, false).await;
        back.reverse();
        assert_eq!(named(&back), all, "going back");
        assert_eq!(visit.page.focus().await, ("link".into(), "Read more".into()), "before the window is the page");
        visit.page.presses(Key::Tab).await;
        assert_eq!(named(&stops(visit, true).await), all, "going on");
    });
}

#[test]
fn from_the_page_to_the_window_and_back_to_the_launcher() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let (page, _chat) = stocked(visit);
        visit.opens(&page).await;
        visit.hears("ready").await;
        visit.page.presses(Key::Tab).await;
        visit.page.has_focus("link", "Read more").await;
        visit.page.presses(Key::Tab).await;
        assert_eq!(stop(visit).await, ("button".into(), "Open chat".into()));
        visit.page.presses(Key::Enter).await;
        visit.page.has_focus("textbox", "Ask me anything...").await;
        for name in ["Prices?", "Lamps?"] {
            visit.page.presses_with(Key::Shift, Key::Tab).await;
            assert_eq!(stop(visit).await, ("button".into(), name.into()));
        }
        // Wherever it is in the window.
        visit.page.presses(Key::Escape).await;
        visit.page.has_focus("button", "Open chat").await;
        stop(visit).await;
        visit.page.presses_with(Key::Shift, Key::Tab).await;
        visit.page.has_focus("link", "Read more").await;
    });
}

#[test]
fn minimized_there_are_the_two_buttons_of_the_header() {
    Visitor::new().with_less_motion().visits(async |visit| {
        in_the_chat(visit).await;
        visit.page.sees("button", "Resize window").await;
        for _ in 0..4 {
            visit.page.presses_with(Key::Shift, Key::Tab).await;
        }
        visit.page.has_focus("button", "Minimize").await;
        visit.page.presses(Key::Space).await;
        visit.page.has_focus("button", "Expand").await;
        assert_eq!(named(&stops(visit, true).await), [("button", "Expand"), ("button", "Close chat")]);
    });
}

#[test]
fn the_contact_form_is_walked_through_and_its_faults_are_come_back_to() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let (page, chat) = stocked(visit);
        visit.opens(&page).await;
        visit.hears("ready").await;
        visit.page.opens_chat().await;
        visit.page.asks("Hello?").await;
        chat.next().await.fails(503, "unavailable", "Nobody is here");
        visit.page.sees("form", "Contact us").await;
        visit.page.has_focus("textbox", "Ask me anything...").await;
        for (role, name) in [("button", "Send"), ("textbox", "Message"), ("textbox", "Email"), ("textbox", "Name")] {
            visit.page.presses_with(Key::Shift, Key::Tab).await;
            assert_eq!(stop(visit).await, (role.into(), name.into()));
        }
        visit.page.types("Ada").await;
        visit.page.presses(Key::Enter).await;
        visit.page.has_focus("textbox", "Email").await;
        stop(visit).await;
        visit.page.presses_with(Key::Shift, Key::Tab).await;
        visit.page.presses_with(Key::Shift, Key::Tab).await;
        assert_eq!(stop(visit).await, ("button".into(), "Retry".into()));
    });
}

#[test]
fn a_question_is_changed_where_it_stands() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        visit.page.click("button", "Edit").await;
        visit.page.has_focus("textbox", "Edit message").await;
        for (role, name) in [("textbox", "Edit message"), ("button", "Cancel"), ("button", "Save")] {
            assert_eq!(stop(visit).await, (role.into(), name.into()));
            visit.page.presses(Key::Tab).await;
        }
    });
}

#[test]
fn long_code_is_scrolled_with_the_arrow_keys() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let _chat = a_rich_conversation(visit).await;
        let code = visit.page.sees("group", "Code block").await;
        let at = "arguments[0].focus(); return arguments[0].scrollLeft;";
        assert!(visit.page.script_on::<f64>(&code, at).await < 1.0);
        let scrolled = async || {
            visit.page.presses(Key::Right).await;
            (visit.page.script_on::<f64>(&code, at).await > 0.0).then_some(())
        };
        visit.page.waits("the code scrolled to the right", scrolled).await;
    });
}

/// In a low window, with the way back to the end in front of the conversation.
#[test]
fn nothing_is_in_front_of_what_has_the_keyboard() {
    Visitor::new().with_less_motion().visits(async |visit| {
        visit.page.is_sized(320, 256).await;
        let _chat = a_rich_conversation(visit).await;
        let log = visit.page.sees("log", "Chat messages").await;
        visit.page.scrolls(&log, -10_000).await;
        visit.page.sees("button", "Jump to latest").await;
        visit.page.script_on::<Option<bool>>(&log, "arguments[0].focus({ focusVisible: true }); return null;").await;
        let all = stops(visit, true).await;
        assert!(all.len() > STOPS.len() - 2, "too few stops: {all:?}");
    });
}

/// The focus goes to the page's link, and the window out of its way.
async fn makes_room(visit: &Visit) {
    visit.page.sees("dialog", "AI Assistant").await;
    while is_inside(visit).await {
        visit.page.presses_with(Key::Shift, Key::Tab).await;
    }
    visit.page.sees("button", "Expand").await;
    visit.page.has_focus("link", "Read more").await;
    assert!(!measures::<bool>(visit, "return covered(focused());").await, "the link is still not to be seen");
}

#[test]
fn a_window_that_hides_what_has_the_keyboard_makes_room_for_it() {
    Visitor::new().with_less_motion().visits(async |visit| {
        // Narrow, so that the window fills the screen.
        visit.page.is_sized(400, 800).await;
        in_the_chat(visit).await;
        makes_room(visit).await;
    });
}

#[test]
fn a_window_beside_what_has_the_keyboard_stays() {
    Visitor::new().with_less_motion().visits(async |visit| {
        in_the_chat(visit).await;
        while is_inside(visit).await {
            visit.page.presses_with(Key::Shift, Key::Tab).await;
        }
        visit.page.has_focus("link", "Read more").await;
        let shown = "return new Promise((tell) => setTimeout(() => requestAnimationFrame(() => tell(true))));";
        assert!(visit.page.script::<bool>(shown, vec![]).await);
        visit.page.sees("button", "Minimize").await;
        visit.page.sees("log", "Chat messages").await;
    });
}

#[test]
fn letters_alone_do_nothing() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        let log = visit.page.sees("log", "Chat messages").await;
        visit.page.script_on::<Option<bool>>(&log, "arguments[0].focus({ focusVisible: true }); return null;").await;
        let before = visit.page.outline().await;
        visit.page.types("abcdefghijklmnopqrstuvwxyz0123456789/?").await;
        assert_eq!(visit.page.outline().await, before, "a key is a shortcut (WCAG 2.2, 2.1.4)");
    });
}
