//! Where the widget stands.

use natter_e2e::{Fixture, Visitor};

use super::is_told;

#[test]
fn a_page_without_a_body_to_show_it_in_is_named() {
    Visitor::new().visits(async |visit| {
        let html = "<!DOCTYPE html><html lang=\"en\"><head><title>Frames</title><link rel=\"icon\" href=\"/files/icon.svg\">\
            <script src=\"/files/probe.js\"></script><script src=\"/natter.js\" data-preload=\"eager\" data-debug></script>\
            </head><frameset></frameset></html>";
        visit.opens(&Fixture::html(html)).await;
        is_told(visit, &["has a <frameset> in the place of its <body>"]).await;
    });
}
