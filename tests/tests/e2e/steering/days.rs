//! Dates in a transcript of several days.

use natter_e2e::{Visit, Visitor};
use serde_json::json;

use super::has_said;
use crate::common::{ASSISTANT, exchange, in_the_chat};

const DAY: u64 = 86_400_000;

/// The day so many ms ago, as the visitor's browser writes it.
async fn day(visit: &Visit, ago: u64) -> String {
    let code = "return new Date(Date.now() - arguments[0]) \
        .toLocaleDateString(undefined, { month: 'long', day: 'numeric' });";
    visit.page.script(code, vec![json!(ago)]).await
}

async fn transcript(visit: &Visit) -> String {
    let log = visit.page.sees("log", "Chat messages").await;
    visit.page.text_of(&log).await
}

/// Where `text` stands in the transcript, once and no more.
fn place(transcript: &str, text: &str) -> usize {
    let found: Vec<_> = transcript.match_indices(text).map(|(at, _)| at).collect();
    assert_eq!(found.len(), 1, "“{text}” is not there once: {transcript}");
    found[0]
}

#[test]
fn each_day_has_its_date_once() {
    Visitor::new().visits(async |visit| {
        let old = [
            ("user", "Lamps?", 3 * DAY),
            ("assistant", "Many.", 3 * DAY),
            ("user", "Wires?", 2 * DAY),
            ("assistant", "Few.", 2 * DAY),
            ("user", "Switches?", 0),
            ("assistant", "None.", 0),
        ];
        has_said(visit, &old).await;
        in_the_chat(visit).await;
        visit.page.sees_message(ASSISTANT, "None.").await;
        let text = transcript(visit).await;
        let (first, second, today) = (day(visit, 3 * DAY).await, day(visit, 2 * DAY).await, day(visit, 0).await);
        let expected = [&*first, "Lamps?", "Many.", &*second, "Wires?", "Few.", &*today, "Switches?", "None."];
        let places: Vec<usize> = expected.iter().map(|part| place(&text, part)).collect();
        assert!(places.is_sorted(), "the dates stand at other places: {text}");
    });
}

#[test]
fn a_conversation_of_one_day_has_none() {
    Visitor::new().visits(async |visit| {
        has_said(visit, &[("user", "Lamps?", 60_000), ("assistant", "Many.", 30_000)]).await;
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Wires?", "Few.").await;
        let text = transcript(visit).await;
        assert!(!text.contains(&day(visit, 0).await), "today is dated: {text}");
    });
}

#[test]
fn an_old_conversation_that_goes_on_gets_todays_date() {
    Visitor::new().visits(async |visit| {
        has_said(visit, &[("user", "Lamps?", 2 * DAY), ("assistant", "Many.", 2 * DAY)]).await;
        let chat = in_the_chat(visit).await;
        visit.page.sees_message(ASSISTANT, "Many.").await;
        exchange(visit, &chat, "Wires?", "Few.").await;
        let text = transcript(visit).await;
        let expected = [&*day(visit, 2 * DAY).await, "Many.", &*day(visit, 0).await, "Wires?"];
        let places: Vec<usize> = expected.iter().map(|part| place(&text, part)).collect();
        assert!(places.is_sorted(), "the dates stand at other places: {text}");
    });
}
