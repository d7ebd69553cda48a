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

/// The style sheet of everything below the root: `launcher.css` and `style.css`, minified by the build script.
pub const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));
