//! Text, or what is labelled so.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| natter_protocol_fuzz::check("text/plain", None, body));
