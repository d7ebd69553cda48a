//! Lines of JSON of any dialect, told by its shape.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| natter_protocol_fuzz::check("application/x-ndjson", None, body));
