//! n8n: what follows a first line of its.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let first = br#"{"type":"begin"}"#;
    natter_protocol_fuzz::check("application/json", None, &[first, &b"\n\n"[..], body].concat());
});
