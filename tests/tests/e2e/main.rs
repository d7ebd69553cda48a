//! What a visitor and a site owner can expect of Natter, sentence by sentence, in a real browser.
//!
//! One binary, so that all tests share the driver and its browsers. Run a part of it with, for example,
//! `cargo test -p natter-e2e --test e2e streaming`.

// Helpers outside of `#[test]` functions fail a test by panicking, too.
#![allow(clippy::unwrap_used)]

mod analytics;
mod bundled;
mod common;
mod composer;
mod contact;
mod conversation;
mod debug;
mod errors;
mod first_visit;
mod history;
mod languages;
mod loader;
mod look;
mod markdown;
mod motion;
mod requests;
mod resume;
mod security;
mod server;
mod steering;
mod streaming;
mod window;
mod xss;
