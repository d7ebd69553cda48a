//! A body of no type: everything is told by its shape.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| natter_protocol_fuzz::check("", None, body));
