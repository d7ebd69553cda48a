//! The AI SDK's UI message stream, named by its header.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| natter_protocol_fuzz::check(
    "text/event-stream",
    Some("x-vercel-ai-ui-message-stream"),
    body
));
