//! Answers of models: passed on as they come, given up when the visitor leaves, failures told without what is secret.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
mod common;

// What the kernel does with a full queue, and says of memory, is Linux.
#[cfg(target_os = "linux")]
mod connecting;
mod dialects;
mod failures;
mod leaving;
mod secrets;
#[cfg(target_os = "linux")]
mod stalling;
mod streams;
