//! Endpoints that answer something else than a reply.

use natter_e2e::{Site, StandIn, Visitor};

use super::{asks, is_told, page, said};

const PATH: &str = "/wrong/chat";
const WEB_PAGE: &str = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>";

macro_rules! answers {
    ($($name:ident: $answer:expr => $($part:literal),+;)*) => {$(
        #[test]
        fn $name() {
            Visitor::new().visits(async |visit| {
                visit.site.stands_in(PATH, $answer);
                asks(visit, &page(PATH)).await;
                is_told(visit, &[PATH, $($part),+]).await;
            });
        }
    )*};
}

answers! {
    a_web_page_is_named: StandIn::new("text/html; charset=utf-8", WEB_PAGE)
        => "answered with a web page (status 200, text/html) and not with a reply", "sign in";
    a_web_page_for_a_wrong_address_is_named: StandIn::new("text/html", WEB_PAGE).status(404)
        => "answered with a web page (status 404";
    a_wrong_address_is_named: StandIn::new("text/html", WEB_PAGE).status(404) => "answered with status 404: it is not there";
    an_endpoint_that_takes_no_post_is_named: StandIn::new("text/plain", "no").status(405) => "status 405: it does not take POST";
    an_endpoint_behind_a_login_is_named: StandIn::new("application/json", "{}").status(401) => "status 401: it wants to know who asks";
    a_limit_of_a_proxy_is_named: StandIn::new("text/plain", "no").status(413) => "status 413: it takes less than a conversation";
    an_answer_that_is_called_a_picture_is_named: StandIn::new("image/png", "Hello!")
        => "calls its answer \"image/png\"", "text/event-stream";
}

#[test]
fn an_answer_by_way_of_another_address_is_named_with_it() {
    Visitor::new().visits(async |visit| {
        visit.site.stands_in(PATH, StandIn::new("text/plain", "").status(302).header("location", "/sign-in"));
        visit.site.stands_in("/sign-in", StandIn::new("text/html", WEB_PAGE));
        asks(visit, &page(PATH)).await;
        is_told(visit, &[PATH, "sends the question on to", "/sign-in"]).await;
        is_told(visit, &["answered with a web page"]).await;
    });
}

#[test]
fn a_way_out_of_the_site_is_named() {
    Visitor::new().visits(async |visit| {
        let other = Site::start().await;
        visit.expects_origin(&other.origin());
        visit.expects_complaint("CORS policy");
        let location = other.origin() + "/sign-in";
        visit.site.stands_in(PATH, StandIn::new("text/plain", "").status(302).header("location", &location));
        asks(visit, &page(PATH).connects_to(&other.origin())).await;
        is_told(visit, &[PATH, "sends the question on to an address that the page may not read"]).await;
        assert_eq!(said(visit).await.len(), 1);
    });
}

#[test]
fn an_error_of_the_endpoint_itself_is_the_visitors_to_read() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        asks(visit, &page(chat.path())).await;
        chat.next().await.fails(500, "internal", "Failed to process your message");
        visit.page.sees("alert", "…").await;
        assert!(said(visit).await.is_empty());
    });
}
