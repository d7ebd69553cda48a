//! The wire contract between the Natter widget and a chat endpoint.
//!
//! Everything here is pure: bytes and values in, bytes and values out. No sockets, no browser, no clock, so the
//! widget (WebAssembly) and the server (native) share it unchanged.
//!
//! - [`request`]: what the widget POSTs, and how a server checks it.
//! - [`event`]: what any reply stream can say, whichever dialect it was written in.
//! - [`sse`]: an incremental EventSource parser.
//! - [`decode`]: foreign dialects to [`event::StreamEvent`]s.
//! - [`encode`]: [`event::StreamEvent`]s to the dialects a server writes.
//! - [`error`]: the JSON error body.
//! - [`json`]: a small JSON reader and writer for the widget.

pub mod decode;
pub mod encode;
pub mod error;
pub mod event;
pub mod json;
pub mod request;
pub mod sse;

// The example there is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
