//! OpenAI's chat completions: what follows a first chunk of theirs.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let first = br#"data: {"choices":[]}"#;
    natter_protocol_fuzz::check("text/event-stream", None, &[first, &b"\n\n"[..], body].concat());
});
