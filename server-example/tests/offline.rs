//! The answers without a model: right where the notes know, honest where they do not.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;

use common::{Server, settings, with};

#[tokio::test]
async fn real_questions_find_their_section() {
    let mut missed = Vec::new();
    let server = Server::start(settings()).await;
    for (question, expected) in [
        ("What is Natter?", "one script tag"),
        ("what does this thing do", "chat widget for your own website"),
        ("How do I install it?", "data-endpoint=\"/api/chat\""),
        ("how can I add the chat to my WordPress site?", "WordPress"),
        ("How do I install it on Squarespace?", "data-endpoint=\"/api/chat\""),
        ("Is it free?", "MIT or Apache-2.0"),
        ("how much does it cost", "MIT or Apache-2.0"),
        ("How big is the download?", "4 KB"),
        ("will it slow down my page?", "4 KB"),
        ("Where are conversations stored?", "local storage"),
        ("is it gdpr compliant", "local storage"),
        ("Does it use cookies?", "no cookies"),
        ("Does it work with a strict CSP?", "Trusted Types"),
        ("Can blind people use it with a screen reader?", "WCAG"),
        ("How do I change the colours?", "data-accent"),
        ("dark mode?", "data-theme"),
        ("Can I use Claude or Llama?", "OpenAI-compatible"),
        ("What must my backend return?", "One endpoint"),
        ("how do I open it from javascript", "Natter.open()"),
        ("can I use it in my yew app", "natter-widget"),
        ("How can I talk to a human?", "/contact"),
        ("what happens when the assistant is unavailable?", "Retry"),
        ("does it run on an iphone", "Safari"),
        ("How does streaming work?", "chunk by chunk"),
        ("which attributes can I set", "data-greeting"),
        ("What did you release recently?", "Natter 0.1"),
        ("are you available on weekends?", "weekdays"),
    ] {
        let answer = server.answer(&[question]).await;
        if !answer.contains(expected) {
            missed.push(format!("{question}\n→ {answer}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}

#[tokio::test]
async fn what_is_not_in_the_notes_is_not_made_up() {
    let mut made_up = Vec::new();
    let server = Server::start(settings()).await;
    for question in [
        "What's the weather in Paris?",
        "Who won the world cup in 1998?",
        "write me a poem about autumn leaves",
        "What is the capital of Australia?",
        "How do I bake sourdough bread?",
        "asdf qwer",
        "???",
        "the",
        "wie wird das Wetter morgen",
        "who made you",
        "what is your refund policy",
        "How does photosynthesis work?",
    ] {
        let answer = server.answer(&[question]).await;
        if !(answer.starts_with("I don't know that") && answer.contains("/contact")) {
            made_up.push(format!("{question}\n→ {answer}"));
        }
    }
    assert!(made_up.is_empty(), "{}", made_up.join("\n\n"));
}

#[tokio::test]
async fn courtesy_is_returned() {
    let server = Server::start(settings()).await;
    assert!(server.answer(&["Hi!"]).await.starts_with("Hello!"));
    assert!(server.answer(&["Hi!", "Hello!", "thank you"]).await.starts_with("You're welcome"));
}

#[tokio::test]
async fn a_follow_up_is_read_with_the_question_before() {
    let server = Server::start(settings()).await;
    let alone = server.answer(&["and where exactly?"]).await;
    assert!(alone.starts_with("I don't know"), "{alone}");
    let after = server.answer(&["Does it store conversations?", "Yes.", "and where exactly?"]).await;
    assert!(after.contains("local storage"), "{after}");
    let changed = server.answer(&["How do I install it?", "So.", "What is the weather like in Paris?"]).await;
    assert!(changed.starts_with("I don't know"), "{changed}");
}

#[tokio::test]
async fn the_owner_s_own_notes_replace_what_ships() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shop.md"), "# Shop\n\n## Opening hours\n\nWe open at nine.\n").unwrap();
    let server = Server::start(with(|s| s.context.knowledge = Some(folder.path().into()))).await;
    assert!(server.answer(&["When do you open? What are your opening hours?"]).await.contains("We open at nine."));
    assert!(server.answer(&["Is it accessible?"]).await.starts_with("I don't know"));
}

#[tokio::test]
async fn notes_are_read_again_when_they_change() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("hours.md", "## Opening hours\n\nWe open at nine.\n");
    let server = Server::start(with(|s| s.context.knowledge = Some(folder.path().into()))).await;
    assert!(server.answer(&["What are your opening hours?"]).await.contains("at nine"));
    write("hours.md", "## Opening hours\n\nWe open at seven o'clock.\n");
    write("parking.md", "## Parking\n\nBehind the house.\n");
    assert!(server.answer(&["What are your opening hours?"]).await.contains("at seven"));
    assert!(server.answer(&["Is there parking?"]).await.contains("Behind the house."));
}

#[tokio::test]
async fn facts_are_read_again_when_their_file_changes() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("availability.md", "We are on holiday.");
    write("projects.json", "[]");
    let server = Server::start(with(|s| s.context.context = Some(folder.path().into()))).await;
    assert!(server.answer(&["Are you available?"]).await.contains("on holiday"));
    assert!(server.answer(&["What day is it today?"]).await.contains("Today is "));
    write("availability.md", "We are back at work.");
    assert!(server.answer(&["Are you available?"]).await.contains("back at work"));
}
