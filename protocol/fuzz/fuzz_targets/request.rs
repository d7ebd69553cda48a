//! A chat request's body: whatever is accepted keeps every rule, and means the same when it is written and read again.

#![no_main]

use natter_protocol::request::{ChatRequest, Limits, Role};

const LIMITS: Limits = Limits { max_messages: 4, max_length: 20, max_total_length: 40 };

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let Ok(request) = serde_json::from_slice::<ChatRequest>(body) else { return };
    if let Err(invalid) = request.check(LIMITS) {
        assert!(!invalid.message().is_empty() && invalid.param().starts_with("messages"));
        return;
    }
    assert!((1..=LIMITS.max_messages).contains(&request.messages.len()));
    assert_eq!(request.messages.last().map(|last| last.role), Some(Role::User));
    let mut total = 0;
    for message in &request.messages {
        let text = message.plain_text();
        let length = text.chars().count();
        total += length;
        assert!(message.role == Role::Assistant || (!text.trim().is_empty() && length <= LIMITS.max_length));
    }
    assert!(total <= LIMITS.max_total_length);
    let written = serde_json::to_vec(&request).unwrap();
    assert_eq!(serde_json::from_slice::<ChatRequest>(&written).unwrap(), request);
});
