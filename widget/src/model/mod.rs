//! The conversation without a browser: state, what changes it, and what is stored of it.
//!
//! Pure Rust, tested natively. Time and randomness come in with the actions.

pub mod contact;
pub mod failure;
pub mod history;
pub mod link;
pub mod lz;
pub mod markdown;
pub mod message;
pub mod request;
pub mod speech;
pub mod state;
pub mod strings;
pub mod thread;
pub mod timestamp;
pub mod update;
