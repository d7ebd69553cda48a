//! The real server with its demo site, as it is after `cargo run`.

use std::path::Path;

use natter_e2e::{Fixture, Visitor};
use natter_server_example::Settings;
use thirtyfour::Key;

use crate::common::{ASSISTANT, USER, contents};

#[test]
fn the_demo_site_answers_from_its_own_knowledge_and_remembers() {
    Visitor::new().visits(async |visit| {
        visit.page.goes_to(&visit.site.origin()).await;
        visit.page.click("button", "Open chat…").await;
        visit.page.sees("button", "Close chat").await;
        visit.page.has_focus("textbox", "…").await;
        let greetings = visit.page.messages(ASSISTANT).await.len();
        visit.page.types("What is Natter?").await;
        visit.page.presses(Key::Enter).await;
        visit.page.sees_message(USER, "What is Natter?").await;
        let answered = async || {
            let messages = visit.page.messages(ASSISTANT).await;
            let answer = messages.get(greetings)?;
            (answer.split_whitespace().count() > 8).then(|| answer.clone())
        };
        visit.page.waits("an answer of more than a few words", answered).await;
        visit.page.is_at_rest().await;
        let answer = visit.page.messages(ASSISTANT).await.pop().unwrap();
        visit.page.reloads().await;
        visit.page.click("button", "Open chat…").await;
        visit.page.sees_message(USER, "What is Natter?").await;
        let again = async || (visit.page.messages(ASSISTANT).await.pop()? == answer).then_some(());
        visit.page.waits("the same answer after a reload", again).await;
        assert_eq!(visit.foreign_requests().await, Vec::<String>::new());
    });
}

#[test]
fn an_answer_of_the_real_server_survives_a_reload_word_for_word() {
    let mut settings = Settings::default();
    settings.context.word_delay = 60;
    Visitor::new().to(settings).visits(async |visit| {
        visit.opens(&Fixture::new()).await;
        visit.page.opens_chat().await;
        let greetings = visit.page.messages(ASSISTANT).await.len();
        visit.page.asks("What is Natter?").await;
        let answer = async || visit.page.messages(ASSISTANT).await.get(greetings).cloned();
        let begun = async || answer().await.filter(|answer| answer.split_whitespace().count() > 3).map(drop);
        visit.page.waits("the first words", begun).await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        // It goes on where it was: it can be stopped.
        visit.page.sees("button", "Stop").await;
        visit.hears("received").await;
        visit.page.is_at_rest().await;
        visit.page.asks("What is Natter?").await;
        let again = async || (visit.events("received").await.len() == 2).then_some(());
        visit.page.waits("the answer without a reload", again).await;
        let said = contents(visit).await;
        assert_eq!(said[1], said[3], "what a reload came between, and what it did not");
    });
}

#[test]
fn too_many_questions_are_refused_in_words() {
    let mut settings = Settings::default();
    settings.limits.rate_limit = "1/60".parse().unwrap();
    Visitor::new().to(settings).visits(async |visit| {
        visit.opens(&Fixture::new()).await;
        visit.page.opens_chat().await;
        visit.page.asks("What is Natter?").await;
        visit.hears("received").await;
        visit.page.is_at_rest().await;
        visit.page.asks("And what else?").await;
        let alert = visit.page.sees("alert", "…").await;
        let text = visit.page.text_of(&alert).await;
        assert!(text.contains("Too many requests. Please try again later."), "{text}");
        visit.page.sees("button", "Retry").await;
        visit.page.sees_message(USER, "And what else?").await;
    });
}

#[test]
fn the_server_hears_of_failures_and_takes_letters() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("letters");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("contact.jsonl");
    let settings = Settings { contact_file: file.clone(), ..Settings::default() };
    Visitor::new().to(settings).visits(async |visit| {
        let chat = visit.site.chat("chat");
        let page = Fixture::new()
            .attr("endpoint", chat.path())
            .attr("contact-endpoint", "/api/contact")
            .attr("error-endpoint", "/api/log-error");
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        visit.page.asks("Hello?").await;
        chat.next().await.fails(503, "unavailable", "The assistant is unavailable");
        visit.page.fills("textbox", "Name", "Ada").await;
        visit.page.fills("textbox", "Email", "ada@example.com").await;
        visit.page.fills("textbox", "Message", "Please call me.").await;
        visit.page.click("button", "Send").await;
        visit.hears("contact").await;
        let kept = std::fs::read_to_string(&file).unwrap();
        assert!(kept.contains("ada@example.com") && kept.contains("Please call me."), "{kept}");
        assert!(visit.site.was_asked_for("/api/log-error"), "the failure was not reported");
    });
}

#[test]
fn the_examples_answer() {
    Visitor::new().visits(async |visit| {
        for (name, widgets) in [("drop-in", 1), ("twice", 2), ("several", 2), ("spa", 1)] {
            visit.page.goes_to(&format!("{}/examples/{name}.html", visit.site.origin())).await;
            let drawn = async || (visit.page.all("button", Some("Open chat")).await.len() == widgets).then_some(());
            visit.page.waits(&format!("{widgets} launcher(s) in examples/{name}.html"), drawn).await;
            visit.page.click("button", "Open chat").await;
            visit.page.has_focus("textbox", "Ask me anything...").await;
            visit.page.types("What is Natter?").await;
            visit.page.presses(Key::Enter).await;
            visit.page.sees_message(USER, "What is Natter?").await;
            visit.page.is_at_rest().await;
            assert!(!visit.page.has("alert", "…").await, "examples/{name}.html gets no answer");
            visit.page.click("button", "Clear history").await;
        }
    });
}

#[test]
fn the_example_with_early_calls_opens_and_asks_by_itself() {
    Visitor::new().visits(async |visit| {
        visit.page.goes_to(&format!("{}/examples/wrong-order.html", visit.site.origin())).await;
        visit.page.sees("dialog", "AI Assistant").await;
        visit.page.sees("article", USER).await;
        let answered = async || (visit.page.messages(ASSISTANT).await.len() == 2).then_some(());
        visit.page.waits("the answer to a question that the page asked", answered).await;
        visit.page.is_at_rest().await;
    });
}
