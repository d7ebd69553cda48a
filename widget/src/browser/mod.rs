//! The browser behind small wrappers: the only place that knows `web_sys`, `js_sys` and gloo.
//!
//! What must end is a value that ends it when dropped.

pub(crate) mod analytics;
pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod console;
pub(crate) mod dom;
pub(crate) mod frame;
pub(crate) mod gesture;
pub(crate) mod page;
pub(crate) mod post;
pub(crate) mod request;
pub(crate) mod storage;
pub(crate) mod transport;

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
