//! The wire contract as a whole: what other implementations write is read the same however the network splits it, and
//! what the encoder writes the decoder reads back.

#![allow(clippy::unwrap_used, reason = "what fails here is a test")]

mod body;
mod decode;
mod encode;
mod headers;
mod limits;
mod round_trip;
mod splits;
mod sse;
