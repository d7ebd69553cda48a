//! Ollama: what follows a first line of its.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let first = br#"{"model":"m","done":false}"#;
    natter_protocol_fuzz::check("application/x-ndjson", None, &[first, &b"\n\n"[..], body].concat());
});
