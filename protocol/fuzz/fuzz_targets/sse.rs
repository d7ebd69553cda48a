//! The EventSource parser alone.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| natter_protocol_fuzz::check_parser(body));
