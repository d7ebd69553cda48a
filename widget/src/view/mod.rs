//! What the visitor sees: the state as elements. Nothing here knows of a browser, or what becomes of a click: an element
//! only says in `data-do` what it is for, and in `data-of` what it is about.

pub mod bubble;
pub mod by_ref;
pub mod composer;
pub mod contact;
pub mod element;
pub mod header;
pub mod icon;
pub mod launcher;
pub mod markdown;
pub mod notice;
pub mod piece;
pub mod transcript;

/// The style sheets of everything below the root, minified by the build script. In the script bundle the loader has
/// drawn the launcher with its own copy of the launcher's, and `natter-extra.js` brings that of answers.
pub const STYLES: &[&str] = &[
    #[cfg(not(feature = "bundle"))]
    include_str!(concat!(env!("OUT_DIR"), "/launcher.css")),
    include_str!(concat!(env!("OUT_DIR"), "/style.css")),
    #[cfg(not(feature = "bundle"))]
    include_str!(concat!(env!("OUT_DIR"), "/answer.css")),
];
