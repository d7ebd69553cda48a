//! What the page's Content-Security-Policy refuses.

use natter_e2e::fixture::STRICT_CSP;
use natter_e2e::{Fixture, Visit, Visitor};

use super::{is_told, page, said};

/// The strict policy with one thing otherwise.
fn without(part: &str, instead: &str) -> String {
    assert!(STRICT_CSP.contains(part));
    STRICT_CSP.replace(part, instead)
}

fn expects(visit: &Visit) {
    for complaint in ["policy: ", "Content Security Policy", "the chat was not loaded", "TrustedTypePolicy"] {
        visit.expects_complaint(complaint);
    }
}

#[test]
fn an_endpoint_that_is_not_listed_is_named_with_what_to_add() {
    Visitor::new().visits(async |visit| {
        expects(visit);
        let endpoint = "http://127.0.0.9:9/chat";
        visit.expects_origin(endpoint);
        super::asks(visit, &page(endpoint)).await;
        is_told(visit, &["refuses requests to", endpoint, "add http://127.0.0.9:9 to connect-src"]).await;
        visit.page.sees("alert", "…").await;
        assert_eq!(said(visit).await.len(), 1, "{:?}", said(visit).await);
    });
}

#[test]
fn a_page_that_may_not_fetch_is_told_so() {
    Visitor::new().visits(async |visit| {
        expects(visit);
        let policy = without("connect-src 'self'", "connect-src 'none'");
        visit.opens(&page("/api/chat").attr("preload", "eager").policy(&policy)).await;
        is_told(visit, &["refuses natter-app.wasm", "add 'self' to connect-src"]).await;
    });
}

#[test]
fn a_page_that_may_not_compile_is_told_so() {
    Visitor::new().visits(async |visit| {
        expects(visit);
        visit.opens(&page("/api/chat").attr("preload", "eager").policy(&without(" 'wasm-unsafe-eval'", ""))).await;
        is_told(visit, &["refuses WebAssembly", "add 'wasm-unsafe-eval' to script-src"]).await;
    });
}

/// What keeps the app away keeps away what would tell why: so natter.js itself says it.
#[test]
fn a_policy_for_trusted_types_that_is_not_listed_is_named_by_the_loader() {
    Visitor::new().visits(async |visit| {
        expects(visit);
        visit.expects_complaint("trusted");
        let policy = format!("{STRICT_CSP}; trusted-types another");
        visit.opens(&page("/api/chat").attr("preload", "eager").policy(&policy)).await;
        let told = async || {
            let errors = visit.probe().await.errors;
            let named = |text: &str| ["\"natter\"", "'natter'"].iter().any(|name| text.contains(name));
            errors.iter().any(|text| text.contains("was not loaded") && named(text)).then_some(())
        };
        visit.page.waits("the loader naming the Trusted Types policy", told).await;
    });
}

/// The same of scripts.
#[test]
fn a_policy_that_lets_nothing_else_in_is_named_by_the_loader() {
    Visitor::new().visits(async |visit| {
        expects(visit);
        let only = format!("script-src {origin}/natter.js {origin}/files/", origin = visit.site.origin());
        visit.opens(&page("/api/chat").attr("preload", "eager").policy(&without("script-src 'self'", &only))).await;
        let told = async || {
            let probe = visit.probe().await;
            let said = |list: &[String], name: &str| {
                list.iter().any(|text| text.contains(name) && text.contains("refused by script-src"))
            };
            (said(&probe.warnings, "natter-debug.js") && said(&probe.errors, "natter-app.js")).then_some(())
        };
        visit.page.waits("the loader naming script-src", told).await;
    });
}

#[test]
fn a_policy_that_only_reports_is_told_apart() {
    Visitor::new().visits(async |visit| {
        expects(visit);
        // A tag cannot have one, so the page listens to what a header would bring.
        let chat = visit.site.chat("chat");
        visit.opens(&page(chat.path())).await;
        visit.page.opens_chat().await;
        let event = "document.dispatchEvent(new SecurityPolicyViolationEvent('securitypolicyviolation', { \
            documentURI: location.href, violatedDirective: 'connect-src', effectiveDirective: 'connect-src', \
            originalPolicy: \"connect-src 'none'\", disposition: 'report', statusCode: 200, \
            blockedURI: new URL(arguments[0], location.href).href })); return null;";
        visit.page.script::<Option<bool>>(event, vec![chat.path().into()]).await;
        is_told(visit, &["would refuse requests to", chat.path(), "add 'self' to connect-src"]).await;
    });
}

/// The widget itself needs nothing of style-src; what a page says of the widget's looks does.
#[test]
fn styles_of_the_page_for_the_widget_are_named_when_refused() {
    Visitor::new().visits(async |visit| {
        expects(visit);
        let html = "<style>natter-chat { --natter-accent: red }</style><p>Text</p>";
        visit.opens(&page("/api/chat").attr("preload", "eager").body(html)).await;
        is_told(visit, &["refuses a <style> of the page that is for the widget", "style-src 'self'"]).await;
        let html = "<p>Text</p><natter-chat preload=\"eager\" debug style=\"--natter-accent: red\"></natter-chat>";
        visit.opens(&Fixture::new().attr("mount", "none").body(html)).await;
        is_told(visit, &["refuses the style attribute of <natter-chat>"]).await;
    });
}
