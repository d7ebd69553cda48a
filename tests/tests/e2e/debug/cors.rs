//! Endpoints on another origin, and those that nobody can reach.

use natter_e2e::{Fixture, Site, StandIn, Visit, Visitor, site};

use super::{asks, is_told, page, said};

const PATH: &str = "/other/chat";

fn reply() -> StandIn {
    StandIn::new("text/plain", "Hello!")
}

/// Asks an endpoint of another site that answers everything like that.
async fn asks_other(visit: &Visit, answer: StandIn, more: impl FnOnce(Fixture) -> Fixture) -> (Site, String) {
    let other = Site::start().await;
    other.stands_in(PATH, answer);
    visit.expects_origin(&other.origin());
    visit.expects_complaint("CORS policy");
    let endpoint = other.origin() + PATH;
    asks(visit, &more(page(&endpoint).connects_to(&other.origin()))).await;
    (other, endpoint)
}

#[test]
fn an_origin_that_is_not_allowed_is_named_with_the_header() {
    Visitor::new().visits(async |visit| {
        let (_other, endpoint) = asks_other(visit, reply(), |page| page).await;
        let header = format!("Access-Control-Allow-Origin: {}", visit.site.origin());
        is_told(visit, &[&endpoint, "is on another origin than the page and does not allow it", &header]).await;
        assert_eq!(said(visit).await.len(), 1);
    });
}

#[test]
fn a_header_that_is_refused_beforehand_is_named_alone() {
    Visitor::new().visits(async |visit| {
        let answer = reply()
            .header("access-control-allow-origin", "*")
            .header("access-control-allow-headers", "content-type")
            .header("access-control-allow-methods", "*");
        let more = |page: Fixture| page.attr("headers", r#"{"x-key":"1"}"#);
        let (_other, endpoint) = asks_other(visit, answer, more).await;
        let told =
            is_told(visit, &[&endpoint, "refuses the question beforehand", "Access-Control-Allow-Headers: x-key"])
                .await;
        assert!(!told.contains("content-type"), "{told}");
    });
}

#[test]
fn an_answer_to_options_that_is_an_error_is_named() {
    Visitor::new().visits(async |visit| {
        let answer = reply().status(405).header("access-control-allow-origin", "*");
        let (_other, endpoint) = asks_other(visit, answer, |page| page).await;
        is_told(visit, &[&endpoint, "refuses the question beforehand", "a status of 2xx", "content-type"]).await;
    });
}

#[test]
fn cookies_for_everybody_are_named() {
    Visitor::new().visits(async |visit| {
        let answer = reply()
            .header("access-control-allow-origin", "*")
            .header("access-control-allow-headers", "content-type, x-key");
        let more = |page: Fixture| page.attr("credentials", "include");
        let (_other, endpoint) = asks_other(visit, answer, more).await;
        is_told(visit, &[&endpoint, "is asked with cookies", "Access-Control-Allow-Credentials: true"]).await;
    });
}

#[test]
fn an_address_where_nobody_answers_is_named() {
    Visitor::new().visits(async |visit| {
        let nobody = site::refusing_origin().await;
        visit.expects_origin(&nobody);
        let endpoint = format!("{nobody}/chat");
        asks(visit, &page(&endpoint).connects_to(&nobody)).await;
        is_told(visit, &["Nobody answers at", &endpoint]).await;
    });
}
