//! What the visitor is offered when the assistant is unavailable.

use natter_e2e::{Chat, Fixture, PostBox, Visit, Visitor, site};

use crate::common::{ASSISTANT, exchange, shop};

const URL: &str = "/contact.html";

/// A chat whose page names a form's endpoint, with the assistant unavailable.
async fn unavailable(visit: &Visit) -> (Chat, PostBox) {
    let letters = visit.site.post_box("contact");
    let (page, chat) = shop(visit);
    visit.opens(&page.attr("contact-endpoint", letters.path())).await;
    visit.page.opens_chat().await;
    visit.page.asks("Hello?").await;
    chat.next().await.fails(503, "unavailable", "The assistant is unavailable");
    visit.page.sees("form", "Contact us").await;
    (chat, letters)
}

async fn fill_in(visit: &Visit) {
    visit.page.fills("textbox", "Name", "Ada").await;
    visit.page.fills("textbox", "Email", "ada@example.com").await;
    visit.page.fills("textbox", "Message", "Please call me about the lamps.").await;
}

async fn is_invalid(visit: &Visit, name: &str) -> bool {
    let field = visit.page.sees("textbox", name).await;
    visit.page.attribute_of(&field, "aria-invalid").await.as_deref() == Some("true")
}

async fn offers_link(visit: &Visit) {
    let link = visit.page.sees("link", "Contact us").await;
    let href = visit.page.attribute_of(&link, "href").await;
    assert_eq!(href.as_deref(), Some(URL));
}

#[test]
fn an_unavailable_assistant_names_the_contact_page() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("contact-url", URL)).await;
        visit.page.opens_chat().await;
        visit.page.asks("Hello?").await;
        chat.next().await.fails(503, "unavailable", "The assistant is unavailable");
        offers_link(visit).await;
        visit.page.sees("button", "Retry").await;
    });
}

#[test]
fn a_failure_of_another_kind_does_not() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("contact-url", URL)).await;
        visit.page.opens_chat().await;
        visit.page.asks("Hello?").await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        visit.page.sees("alert", "…").await;
        assert!(!visit.page.has("link", "Contact us").await, "one failure does not make the assistant unavailable");
    });
}

#[test]
fn two_refused_connections_in_a_row_make_it_unavailable() {
    Visitor::new().visits(async |visit| {
        let nobody = site::refusing_origin().await;
        visit.expects_origin(&nobody);
        let page =
            Fixture::new().connects_to(&nobody).attr("endpoint", &format!("{nobody}/chat")).attr("contact-url", URL);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        visit.page.asks("Hello?").await;
        visit.page.sees("alert", "…").await;
        assert!(!visit.page.has("link", "Contact us").await, "one refused connection may be an accident");
        visit.page.click("button", "Retry").await;
        offers_link(visit).await;
    });
}

#[test]
fn an_answer_takes_the_offer_back() {
    Visitor::new().visits(async |visit| {
        let (chat, _letters) = unavailable(visit).await;
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("I am back.").await;
        visit.page.sees_message(ASSISTANT, "I am back.").await;
        visit.page.does_not_see("form", "Contact us").await;
    });
}

#[test]
fn without_a_contact_nothing_is_offered() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        visit.page.asks("Hello?").await;
        chat.next().await.fails(503, "unavailable", "The assistant is unavailable");
        visit.page.sees("alert", "…").await;
        assert!(!visit.page.has("form", "Contact us").await && !visit.page.has("link", "Contact us").await);
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("Back.").await;
        visit.page.sees_message(ASSISTANT, "Back.").await;
        exchange(visit, &chat, "Sure?", "Sure.").await;
    });
}

#[test]
fn the_form_is_posted() {
    Visitor::new().visits(async |visit| {
        let (_chat, letters) = unavailable(visit).await;
        fill_in(visit).await;
        visit.page.click("button", "Send").await;
        let letter = letters.has(1).await.remove(0);
        assert_eq!(letter["name"], "Ada", "{letter}");
        assert_eq!(letter["email"], "ada@example.com", "{letter}");
        assert_eq!(letter["message"], "Please call me about the lamps.", "{letter}");
        let page: String = visit.page.script("return location.href;", vec![]).await;
        assert_eq!(letter["page"], page.as_str(), "{letter}");
        assert!(letter["timestamp"].is_number() || letter["timestamp"].is_string(), "{letter}");
        visit.page.does_not_see("form", "Contact us").await;
        let thanks = async || visit.page.outline().await.contains("was sent").then_some(());
        visit.page.waits("that the message was sent", thanks).await;
        visit.hears("contact").await;
    });
}

#[test]
fn the_form_says_what_is_missing() {
    Visitor::new().visits(async |visit| {
        let (_chat, letters) = unavailable(visit).await;
        visit.page.click("button", "Send").await;
        let marked = async || {
            let all = is_invalid(visit, "Name").await
                && is_invalid(visit, "Email").await
                && is_invalid(visit, "Message").await;
            all.then_some(())
        };
        visit.page.waits("all three fields marked as wrong", marked).await;
        let email = visit.page.sees("textbox", "Email").await;
        let code = "const field = arguments[0]; \
            return field.getRootNode().getElementById(field.getAttribute('aria-describedby'))?.textContent ?? '';";
        let fault: String = visit.page.script_on(&email, code).await;
        assert!(fault.to_lowercase().contains("email"), "what is wrong with the address is not said: “{fault}”");

        fill_in(visit).await;
        visit.page.fills("textbox", "Email", "nobody").await;
        visit.page.click("button", "Send").await;
        let only_email = async || (is_invalid(visit, "Email").await && !is_invalid(visit, "Name").await).then_some(());
        visit.page.waits("only the address marked as wrong", only_email).await;
        let name = visit.page.sees("textbox", "Name").await;
        assert_eq!(visit.page.value_of(&name).await, "Ada", "a fault took away what was typed");
        assert_eq!(letters.letters().len(), 0, "an invalid form was posted");

        visit.page.fills("textbox", "Email", "ada@example.com").await;
        visit.page.click("button", "Send").await;
        assert_eq!(letters.has(1).await.len(), 1);
    });
}

#[test]
fn a_form_that_cannot_be_sent_keeps_what_was_typed() {
    Visitor::new().visits(async |visit| {
        let (_chat, letters) = unavailable(visit).await;
        letters.answers_with(500);
        fill_in(visit).await;
        visit.page.click("button", "Send").await;
        letters.has(1).await;
        let failed = async || {
            let alerts = visit.page.all("alert", None).await;
            for alert in alerts {
                if visit.page.text_of(&alert).await.contains("could not be sent") {
                    return Some(());
                }
            }
            None
        };
        visit.page.waits("that the message could not be sent", failed).await;
        for (name, typed) in
            [("Name", "Ada"), ("Email", "ada@example.com"), ("Message", "Please call me about the lamps.")]
        {
            let field = visit.page.sees("textbox", name).await;
            assert_eq!(visit.page.value_of(&field).await, typed, "{name}");
        }
        letters.answers_with(204);
        visit.page.click("button", "Send").await;
        assert_eq!(letters.has(2).await[1]["name"], "Ada");
        visit.page.does_not_see("form", "Contact us").await;
    });
}
