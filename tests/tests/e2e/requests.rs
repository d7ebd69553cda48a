//! What the widget asks the network for, and what a strict policy has to say about it.

use std::collections::BTreeSet;

use natter_e2e::Visitor;

use crate::common::{ASSISTANT, exchange, shop};

#[test]
fn nothing_but_its_own_files_and_the_endpoint_is_asked_for() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        visit.page.click("button", "Minimize").await;
        visit.page.click("button", "Expand").await;
        visit.page.click("button", "Clear history").await;
        visit.page.click("button", "Close chat").await;
        visit.page.sees("button", "Open chat").await;
        let asked: BTreeSet<String> = visit
            .site
            .asked()
            .iter()
            .map(|asked| format!("{} {}", asked.method, asked.path.split('?').next().unwrap_or_default()))
            .filter(|asked| !asked.contains("/page/") && !asked.contains("/files/") && !asked.contains("favicon"))
            .collect();
        let files = ["GET /natter-app.js", "GET /natter-app.wasm", "GET /natter-extra.js", "GET /natter.js"];
        let expected = [&files[..], &["POST /scripted/chat"]].concat();
        assert_eq!(asked.iter().map(String::as_str).collect::<Vec<_>>(), expected);
        assert_eq!(visit.foreign_requests().await, Vec::<String>::new());
    });
}

#[test]
fn each_file_is_fetched_once() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        for file in ["/natter.js", "/natter-app.js", "/natter-app.wasm"] {
            let times = visit.site.asked().iter().filter(|asked| asked.path.split('?').next() == Some(file)).count();
            assert_eq!(times, 1, "{file} was fetched {times} times");
        }
    });
}

/// Every test runs under the strict policy and fails on a breach; this one makes sure that a breach would be seen.
#[test]
fn a_breach_of_the_policy_would_be_noticed() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        let breach = "const style = document.createElement('style'); style.textContent = 'p { color: red }'; \
            document.head.append(style);";
        visit.opens(&page.after("breach.js", breach)).await;
        let seen = async || visit.probe().await.violations.pop();
        let violation = visit.page.waits("the probe noticing the breach", seen).await;
        assert!(violation.contains("style-src"), "{violation}");
        visit.expects_complaint("style-src");
    });
}

#[test]
fn the_widget_needs_no_inline_style_and_no_html_from_strings() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("accent", "teal").attr("theme", "dark")).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        visit.page.asks("Fail?").await;
        chat.next().await.fails(503, "unavailable", "The assistant is unavailable");
        visit.page.sees("alert", "…").await;
        let code =
            "return [...elements()].filter((e) => e.localName === 'style' && e.getRootNode() !== document).length;";
        assert_eq!(visit.page.script::<usize>(code, vec![]).await, 0, "there is a <style> in the shadow root");
        assert_eq!(visit.probe().await.violations, Vec::<String>::new());
        visit.page.sees_message(ASSISTANT, "Hello!").await;
    });
}
