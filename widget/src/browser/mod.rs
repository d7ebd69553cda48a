//! The browser behind small wrappers: the only place that knows `web_sys`, `js_sys` and JavaScript of our own.
//!
//! What a wrapper does in the browser is JavaScript beside it, in `browser.js`: it is shorter there, and every type and
//! function of the browser that Rust knows costs bytes in the module and in the glue.
//!
//! What must end is a value that ends it when dropped.

pub(crate) mod analytics;
pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod console;
pub(crate) mod dom;
mod frame;
pub(crate) mod gesture;
pub(crate) mod ongoing;
pub(crate) mod page;
pub(crate) mod post;
mod request;
pub(crate) mod storage;
pub(crate) mod transport;

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
