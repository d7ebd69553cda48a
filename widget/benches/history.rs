//! Saving and loading a conversation of 50 messages of 500 characters, but for the device's own storage.

#![allow(missing_docs, clippy::expect_used)]

use std::hint::black_box;
use std::rc::Rc;

use criterion::{Criterion, criterion_group, criterion_main};
use natter_protocol::json::{Object, Value};
use natter_widget::model::history::{decode, encode};
use natter_widget::model::message::ChatMessage;
use natter_widget::model::thread::Thread;

const NOW: u64 = 1_795_366_800_000;
const WEEK: u64 = 7 * 86_400_000;

const WORDS: [&str; 12] =
    ["the", "plan", "costs", "12", "euro", "a", "month,", "and", "you", "can", "cancel", "**any** time."];

/// 500 characters that differ from message to message.
fn content(number: usize) -> String {
    let mut text = String::new();
    let mut at = number;
    while text.len() < 500 {
        text += WORDS[at % WORDS.len()];
        text.push(' ');
        // A step that shares no factor with the number of words, and grows with the message.
        at += 5 + at / WORDS.len() + number;
    }
    text.truncate(500);
    text
}

fn message(number: usize) -> ChatMessage {
    let role = if number.is_multiple_of(2) { "user" } else { "assistant" };
    let json = Object::new()
        .text("id", &number.to_string())
        .text("role", role)
        .text("content", &content(number))
        .number("timestamp", NOW)
        .end();
    Value::parse(&json).ok().as_ref().and_then(ChatMessage::read).expect("it is what a message is stored as")
}

fn history(criterion: &mut Criterion) {
    let messages: Vec<_> = (0..50).map(|number| Rc::new(message(number))).collect();
    let stored: Vec<u16> = encode(&messages, &Thread::default(), NOW).encode_utf16().collect();
    assert_eq!(decode(&stored, NOW, WEEK).messages.len(), 50);
    let mut group = criterion.benchmark_group("history of 50 messages of 500 characters");
    group.bench_function("save", |bencher| bencher.iter(|| encode(black_box(&messages), &Thread::default(), NOW)));
    group.bench_function("load", |bencher| bencher.iter(|| decode(black_box(&stored), NOW, WEEK)));
    group.finish();
}

criterion_group!(benches, history);
criterion_main!(benches);
