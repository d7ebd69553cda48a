//! What assistive technology gets to know: names, roles, structure, languages, and what a form asks for.

use natter_e2e::Visitor;
use serde_json::Value;

use super::{asks_for_much, measures, stocked, walks_through};
use crate::common::{exchange, in_the_chat, shop};

/// Names that owners' tests and visitors' tools rely on, by the state that they are there in.
const NAMES: [(&str, &[(&str, &str)]); 7] = [
    ("closed", &[("button", "Open chat")]),
    (
        "open",
        &[
            ("dialog", "AI Assistant"),
            ("button", "Minimize"),
            ("button", "Close chat"),
            ("log", "Chat messages"),
            ("article", "assistant message"),
            ("textbox", "Ask me anything..."),
            ("button", "Send message"),
        ],
    ),
    (
        "answered",
        &[
            ("article", "user message"),
            ("button", "Copy"),
            ("button", "Edit"),
            ("button", "Good response"),
            ("button", "Bad response"),
            ("button", "Regenerate"),
            ("button", "Copy code"),
            ("button", "Copy conversation"),
            ("button", "Clear history"),
            ("textbox", "What could be better? (optional)"),
        ],
    ),
    ("streaming", &[("button", "Stop")]),
    ("error", &[("alert", "…"), ("button", "Retry")]),
    (
        "contact form",
        &[
            ("form", "Contact us"),
            ("textbox", "Name"),
            ("textbox", "Email"),
            ("textbox", "Message"),
            ("button", "Send"),
        ],
    ),
    ("minimized", &[("button", "Expand"), ("button", "Close chat")]),
];

#[test]
fn everything_has_the_name_that_is_promised() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let (page, chat) = stocked(visit);
        walks_through(visit, &page, &chat, "en", async |state| {
            let names = NAMES.iter().find(|(of, _)| *of == state).map_or(&[][..], |(_, names)| *names);
            for (role, name) in names {
                visit.page.sees(role, name).await;
            }
        })
        .await;
    });
}

#[test]
fn the_headings_of_an_answer_stand_below_the_windows_own() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        asks_for_much(visit, &chat).await;
        let levels = "return [...elements()].filter((e) => /^h[1-6]$/.test(e.localName) && shown(e)) \
            .map((e) => [e.textContent, Number(e.localName[1])]);";
        let levels: Vec<(String, u8)> = visit.page.script(levels, vec![]).await;
        let expected = [("A shop", 1), ("AI Assistant", 2), ("Lamps", 3), ("How to order", 4)];
        assert_eq!(levels, expected.map(|(text, level)| (text.to_owned(), level)));
    });
}

#[test]
fn tables_tasks_code_and_pictures_say_what_they_are() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        asks_for_much(visit, &chat).await;
        // WebKit gives a table's cells no name; what is in them is read in any case.
        let headers = visit.page.all("columnheader", None).await;
        assert_eq!(headers.len(), 4);
        assert_eq!(visit.page.text_of(&headers[1]).await, "Price");
        visit.page.sees("checkbox", "in the shop").await;
        visit.page.sees("checkbox", "on the way").await;
        visit.page.sees("group", "Code block").await;
        visit.page.sees("link", "A lamp").await;
    });
}

#[test]
fn an_answer_runs_its_own_way_and_the_interface_too() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        // A language that there is not, so that the interface is in another one than the page.
        visit.opens(&page.in_language("sw", "ltr")).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "مصباح؟", "لدينا مصابيح كثيرة.").await;
        let code = "const way = (text) => { const e = [...elements(root())].findLast((e) => e.textContent === text && visible(e)); \
            return getComputedStyle(e).direction; }; \
            return [way('مصباح؟'), way('لدينا مصابيح كثيرة.'), way('AI Assistant'), \
                [...elements(root())].find((e) => e.role === 'dialog').closest('[lang]').lang];";
        let (asked, answered, title, lang): (String, String, String, String) = visit.page.script(code, vec![]).await;
        assert_eq!((asked.as_str(), answered.as_str(), title.as_str(), lang.as_str()), ("rtl", "rtl", "ltr", "en"));
    });
}

#[test]
fn the_contact_form_says_what_it_wants_and_what_is_wrong() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let (page, chat) = stocked(visit);
        walks_through(visit, &page, &chat, "en", async |state| {
            if state != "contact form" {
                return;
            }
            let code = "return controls().filter((e) => e.labels?.length > 0).map((e) => ({ \
                label: e.labels[0].textContent, fills: e.autocomplete, needed: e.required, \
                wrong: e.getAttribute('aria-invalid'), \
                why: root().getElementById(e.getAttribute('aria-describedby'))?.textContent }));";
            let fields: Vec<Value> = measures(visit, code).await;
            let expected = [
                ("Name", "name", "Please enter your name"),
                ("Email", "email", "Please enter a valid email address"),
                ("Message", "", "Please enter a message"),
            ];
            assert_eq!(fields.len(), expected.len());
            for (field, (label, fills, why)) in fields.iter().zip(expected) {
                let told =
                    serde_json::json!({"label": label, "fills": fills, "needed": true, "wrong": "true", "why": why});
                assert_eq!(*field, told);
            }
        })
        .await;
    });
}
