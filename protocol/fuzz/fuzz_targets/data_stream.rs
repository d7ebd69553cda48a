//! The AI SDK 4's data stream, named by its header.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| natter_protocol_fuzz::check(
    "text/plain",
    Some("x-vercel-ai-data-stream"),
    body
));
