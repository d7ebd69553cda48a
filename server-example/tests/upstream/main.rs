//! Answers of models: passed on as they come, given up when the visitor leaves, failures told without what is secret.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod dialects;
mod failures;
mod leaving;
mod secrets;
mod stalling;
mod streams;
