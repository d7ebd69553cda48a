//! What a visitor and a site owner can expect of Natter, sentence by sentence, in a real browser.
//!
//! One binary, so that all tests share the driver and its browsers. Run a part of it with, for example,
//! `cargo test -p natter-e2e --test e2e streaming`.

// Helpers outside of `#[test]` functions fail a test by panicking, too.
#![allow(clippy::unwrap_used)]

mod access;
mod analytics;
mod bundled;
mod coming_back;
mod common;
mod composer;
mod contact;
mod conversation;
mod debug;
mod errors;
mod first_visit;
mod front_doors;
mod history;
mod hostile_page;
mod inline;
mod languages;
mod loader;
mod look;
mod markdown;
mod motion;
mod navigation;
mod own_data;
mod page_life;
mod requests;
mod resume;
mod security;
mod server;
mod several;
mod steering;
mod streaming;
mod tabs;
mod trigger;
mod users;
mod window;
mod xss;
