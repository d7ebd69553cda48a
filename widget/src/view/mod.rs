//! What the visitor sees: components that take props and give callbacks, and know nothing of a browser.

pub mod bubble;
pub mod by_ref;
pub mod composer;
pub mod contact;
pub mod header;
pub mod icon;
pub mod launcher;
pub mod notice;
pub mod transcript;

/// The style sheet of everything below the root, the launcher's included.
pub const STYLE: &str = concat!(include_str!("launcher.css"), include_str!("style.css"));
