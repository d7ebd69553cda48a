//! Anthropic's Messages API: what follows a first event of its.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let first = br#"data: {"type":"message_start"}"#;
    natter_protocol_fuzz::check("text/event-stream", None, &[first, &b"\n\n"[..], body].concat());
});
