//! Opening, closing, minimizing, and where the keyboard is meanwhile.

use natter_e2e::{Dialect, Visitor};
use thirtyfour::Key;

use crate::common::{ASSISTANT, exchange, in_the_chat, shop};

#[test]
fn the_launcher_gives_way_to_the_window() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        visit.page.sees("dialog", "AI Assistant").await;
        visit.page.sees("log", "Chat messages").await;
        visit.page.does_not_see("button", "Open chat…").await;
        visit.page.reads("Online").await;
    });
}

#[test]
fn the_page_stays_usable_beside_the_window() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        let window = visit.page.sees("dialog", "AI Assistant").await;
        let modal = visit.page.attribute_of(&window, "aria-modal").await;
        assert_ne!(modal.as_deref(), Some("true"), "the window says that the page is out of reach");
        visit.page.click("link", "Read more").await;
        let hash: String = visit.page.script("return location.hash;", vec![]).await;
        assert_eq!(hash, "#more", "the page's own link did not work");
        visit.page.sees("dialog", "AI Assistant").await;
    });
}

#[test]
fn the_focus_goes_to_the_composer_and_back_to_the_launcher() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        visit.page.has_focus("textbox", "Ask me anything...").await;
        visit.page.click("button", "Close chat").await;
        visit.page.does_not_see("dialog", "AI Assistant").await;
        visit.page.has_focus("button", "Open chat").await;
        visit.page.presses(Key::Enter).await;
        visit.page.has_focus("textbox", "Ask me anything...").await;
    });
}

#[test]
fn escape_closes_and_gives_the_focus_back() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        visit.page.presses(Key::Escape).await;
        visit.page.does_not_see("dialog", "AI Assistant").await;
        visit.page.has_focus("button", "Open chat").await;
    });
}

#[test]
fn escape_outside_of_the_window_is_the_pages_own() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        visit.page.click("link", "Read more").await;
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Minimize").await;
        visit.page.sees("dialog", "AI Assistant").await;
    });
}

#[test]
fn minimized_only_the_header_is_left() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        let window = visit.page.sees("dialog", "AI Assistant").await;
        let before = visit.page.area_of(&window).await;
        visit.page.click("button", "Minimize").await;
        visit.page.sees("button", "Expand").await;
        visit.page.sees("button", "Close chat").await;
        visit.page.does_not_see("textbox", "Ask me anything...").await;
        visit.page.does_not_see("log", "Chat messages").await;
        let small = async || {
            let window = visit.page.find("dialog", "AI Assistant").await?;
            let now = visit.page.area_of(&window).await;
            (now.height() < 120.0 && (now.bottom - before.bottom).abs() < 2.0).then_some(())
        };
        visit.page.waits("a window as high as its header, at the same corner", small).await;

        visit.page.click("button", "Expand").await;
        visit.page.sees("textbox", "Ask me anything...").await;
        visit.page.sees_message(ASSISTANT, "Hello!").await;
        let large = async || {
            let window = visit.page.find("dialog", "AI Assistant").await?;
            (visit.page.area_of(&window).await.height() - before.height()).abs().le(&2.0).then_some(())
        };
        visit.page.waits("a window as high as before", large).await;
    });
}

#[test]
fn the_status_says_who_is_at_it() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.reads("Online").await;
        visit.page.asks("Hello?").await;
        let mut reply = chat.next().await;
        visit.page.reads("Typing...").await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Hello").await;
        visit.page.sees_message(ASSISTANT, "Hello").await;
        visit.page.reads("Typing...").await;
        reply.finishes().await;
        visit.page.reads("Online").await;
    });
}

#[test]
fn an_answer_to_a_closed_window_is_counted_on_the_launcher() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        let reply = chat.next().await;
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Open chat").await;
        reply.answers("Hello!").await;
        let launcher = visit.page.sees("button", "Open chat, …").await;
        assert!(launcher.name.contains('1'), "the launcher's name does not say how many: {}", launcher.name);
        assert_eq!(visit.page.sees_part("badge").await, "1", "what stands in the badge");

        visit.page.click("button", "Open chat…").await;
        visit.page.sees_message(ASSISTANT, "Hello!").await;
        visit.page.presses(Key::Escape).await;
        visit.page.sees("button", "Open chat").await;
        assert_ne!(visit.page.part_text("badge").await.as_deref(), Some("1"), "what was read still counts as unread");
    });
}

#[test]
fn the_window_is_in_reach_of_the_tab_key() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        let mut seen = Vec::new();
        for _ in 0..6 {
            visit.page.presses_with(Key::Shift, Key::Tab).await;
            seen.push(visit.page.focus().await.1);
        }
        for name in ["Minimize", "Close chat"] {
            assert!(seen.iter().any(|at| at == name), "“{name}” is out of reach of the keyboard; it reaches {seen:?}");
        }
    });
}
