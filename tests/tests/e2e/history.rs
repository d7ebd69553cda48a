//! The conversation after a reload, and what becomes of what is stored.

use natter_e2e::history::{KEY, conversation, encode, encode_raw, kept, messages, now_ms, put_raw, raw, stored};
use natter_e2e::{Fixture, Visit, Visitor};
use serde_json::{Value, json};

use crate::common::{ASSISTANT, USER, exchange, in_the_chat, shop};

const DAY: u64 = 86_400_000;

/// Waits until the storage under `key` holds a message with `content`, and gives all messages.
async fn keeps(visit: &Visit, key: &str, content: &str) -> Vec<(String, String)> {
    let state = async || {
        let all = messages(&visit.page, key).await;
        all.iter().any(|(_, text)| text == content).then_some(all)
    };
    visit.page.waits(&format!("“{content}” in localStorage[\"{key}\"]"), state).await
}

/// Puts something under `key` before the widget's first visit.
async fn left_behind(visit: &Visit, key: &str, units: &[u16]) {
    visit.waits_outside().await;
    put_raw(&visit.page, key, units).await;
}

fn utf16(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// Opens the chat and says whether only the greeting is there.
async fn starts_fresh(visit: &Visit) {
    let chat = in_the_chat(visit).await;
    visit.page.sees_message(ASSISTANT, "How can I help").await;
    assert!(!visit.page.has("article", USER).await, "an unusable history was shown");
    // And it goes on from there as if nothing had been stored.
    exchange(visit, &chat, "Fresh?", "Fresh.").await;
    let bodies = chat.bodies();
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0]["messages"], json!([{"role": "user", "content": "Fresh?"}]));
    keeps(visit, KEY, "Fresh.").await;
}

#[test]
fn a_reload_finds_the_conversation_again() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Do you have lamps?", "Many 💡 – e.g. “Ä”.").await;
        // Right away: what is not saved yet is saved when the page goes.
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(USER, "Do you have lamps?").await;
        visit.page.sees_message(ASSISTANT, "Many 💡 – e.g. “Ä”.").await;
        exchange(visit, &chat, "Which?", "All.").await;
        let sent = chat.bodies().pop().unwrap();
        assert_eq!(sent["messages"].as_array().map(Vec::len), Some(3), "the context was lost: {sent}");
    });
}

#[test]
fn a_question_that_a_reload_cut_off_can_be_asked_again() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Anybody?").await;
        let _unanswered = chat.next().await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(USER, "Anybody?").await;
        visit.page.click("button", "Retry").await;
        chat.next().await.answers("Me.").await;
        visit.page.sees_message(ASSISTANT, "Me.").await;
        visit.page.does_not_see("button", "Retry").await;
    });
}

#[test]
fn it_is_stored_compressed_and_as_documented() {
    Visitor::new().visits(async |visit| {
        let before = now_ms();
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Do you have lamps?", "Many lamps. ".repeat(20).trim_end()).await;
        keeps(visit, KEY, "Do you have lamps?").await;
        let answered = async || (messages(&visit.page, KEY).await.len() == 2).then_some(());
        visit.page.waits("both messages in the storage", answered).await;
        let units = raw(&visit.page, KEY).await.unwrap();
        let kept = kept(&visit.page, KEY).await.unwrap();
        assert!(units.len() * 2 < kept.to_string().len(), "{} units are not compressed", units.len());
        assert_eq!(kept["v"], 1, "{kept}");
        let time = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("not a time in ms: {value}"));
        let now = now_ms();
        let recent = |value: &Value| (before as f64 - 1000.0..=now as f64 + 1000.0).contains(&time(value));
        assert!(recent(&kept["lastUpdated"]), "{kept}");
        for message in kept["messages"].as_array().unwrap() {
            assert!(recent(&message["timestamp"]), "{message}");
            assert!(message["id"].as_str().is_some_and(|id| !id.is_empty()), "{message}");
        }
        let all = messages(&visit.page, KEY).await;
        assert_eq!(all[0], ("user".into(), "Do you have lamps?".into()));
        assert_eq!(all[1].0, "assistant");
    });
}

#[test]
fn a_partial_answer_is_found_again() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Lamps?").await;
        let mut reply = chat.next().await;
        reply.begins(natter_e2e::Dialect::UiMessage).await;
        reply.says("We sell").await;
        visit.page.sees_message(ASSISTANT, "We sell").await;
        visit.page.click("button", "Stop").await;
        visit.page.is_at_rest().await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(USER, "Lamps?").await;
        visit.page.sees_message(ASSISTANT, "We sell").await;
    });
}

#[test]
fn a_question_without_an_answer_is_not_lost_by_a_reload() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Still there?").await;
        let _never_answered = chat.next().await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(USER, "Still there?").await;
    });
}

#[test]
fn a_draft_survives_a_reload() {
    Visitor::new().visits(async |visit| {
        in_the_chat(visit).await;
        visit.page.types("Not sent yet").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        let composer = visit.page.composer().await;
        assert_eq!(visit.page.value_of(&composer).await, "Not sent yet");
    });
}

#[test]
fn each_user_has_a_history() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.clone().attr("user", "ada")).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "I am Ada", "Hello Ada").await;
        keeps(visit, "chat-history:ada", "Hello Ada").await;
        assert_eq!(raw(&visit.page, KEY).await, None, "Ada's conversation is stored for everybody");

        visit.opens(&page.clone().attr("user", "bob")).await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "How can I help").await;
        assert!(!visit.page.has("article", USER).await, "Bob reads what Ada wrote");

        visit.opens(&page.attr("user", "ada")).await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "Hello Ada").await;
    });
}

#[test]
fn owners_choose_the_key() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("storage-key", "lamps")).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        keeps(visit, "lamps", "Hello!").await;
        assert_eq!(raw(&visit.page, KEY).await, None);
    });
}

#[test]
fn owners_can_keep_it_for_the_session_only_or_not_at_all() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.clone().attr("storage", "session")).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "Hello!").await;
        let keys: Vec<String> = visit.page.script("return Object.keys(localStorage);", vec![]).await;
        assert_eq!(keys, Vec::<String>::new(), "it is kept longer than the session");

        visit.opens(&page.attr("storage", "none")).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Secret?", "Secret.").await;
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "How can I help").await;
        assert!(!visit.page.has("article", USER).await, "it was kept though it must not be");
    });
}

#[test]
fn fifty_messages_are_kept() {
    Visitor::new().visits(async |visit| {
        let texts: Vec<String> = (0..50).map(|n| format!("old {n}")).collect();
        let old: Vec<(&str, &str)> =
            texts.iter().enumerate().map(|(n, text)| (["user", "assistant"][n % 2], text.as_str())).collect();
        left_behind(visit, KEY, &encode(&conversation(&old, 1000))).await;
        let chat = in_the_chat(visit).await;
        visit.page.sees_message(ASSISTANT, "old 49").await;
        exchange(visit, &chat, "New?", "New.").await;
        let all = keeps(visit, KEY, "New.").await;
        assert_eq!(all.len(), 50);
        assert_eq!(all[0].1, "old 2", "the oldest are the first to go");
        assert_eq!(all[49].1, "New.");
    });
}

#[test]
fn owners_choose_how_many() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("max-messages", "4")).await;
        visit.page.opens_chat().await;
        for (question, answer) in [("q1", "a1"), ("q2", "a2"), ("q3", "a3")] {
            exchange(visit, &chat, question, answer).await;
        }
        let all = keeps(visit, KEY, "a3").await;
        let texts: Vec<_> = all.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["q2", "a2", "q3", "a3"]);
    });
}

#[test]
fn after_seven_days_it_is_forgotten() {
    Visitor::new().visits(async |visit| {
        let old = [("user", "Old?"), ("assistant", "Old.")];
        left_behind(visit, KEY, &encode(&conversation(&old, 7 * DAY + 60_000))).await;
        starts_fresh(visit).await;
    });
}

#[test]
fn before_seven_days_it_is_not() {
    Visitor::new().visits(async |visit| {
        let old = [("user", "Old?"), ("assistant", "Old.")];
        left_behind(visit, KEY, &encode(&conversation(&old, 7 * DAY - 60_000))).await;
        in_the_chat(visit).await;
        visit.page.sees_message(ASSISTANT, "Old.").await;
    });
}

#[test]
fn owners_choose_how_long() {
    Visitor::new().visits(async |visit| {
        let old = [("user", "Old?"), ("assistant", "Old.")];
        left_behind(visit, KEY, &encode(&conversation(&old, 2 * DAY))).await;
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("max-age-days", "1")).await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "How can I help").await;
        assert!(!visit.page.has("article", USER).await, "two days are older than one");
    });
}

macro_rules! unusable {
    ($($name:ident: $stored:expr;)*) => {$(
        #[test]
        fn $name() {
            Visitor::new().visits(async |visit| {
                left_behind(visit, KEY, &$stored).await;
                starts_fresh(visit).await;
            });
        }
    )*};
}

unusable! {
    text_of_another_program_starts_fresh: utf16("hello, I am not yours");
    json_of_another_program_starts_fresh: utf16(r#"{"theme":"dark","messages":7}"#);
    cut_off_text_starts_fresh: {
        let whole = encode(&conversation(&[("user", "Old?"), ("assistant", "Old.")], 0));
        whole[..whole.len() / 2].to_vec()
    };
    compressed_nonsense_starts_fresh: encode(&json!({"v": 1, "messages": [{"role": 7}], "lastUpdated": "soon"}));
    half_a_surrogate_starts_fresh: [0xD800, 0x41, 0xDC00, 0xD800];
}

#[test]
fn the_raw_compressed_form_of_older_versions_is_read() {
    Visitor::new().visits(async |visit| {
        let now = now_ms();
        let old = json!({"messages": stored(&[("user", "Older?"), ("assistant", "Older.")], now), "lastUpdated": now});
        left_behind(visit, KEY, &encode_raw(&old)).await;
        let chat = in_the_chat(visit).await;
        visit.page.sees_message(USER, "Older?").await;
        visit.page.sees_message(ASSISTANT, "Older.").await;
        exchange(visit, &chat, "New?", "New.").await;
        assert_eq!(keeps(visit, KEY, "New.").await.len(), 4, "what was read is written in the new form");
    });
}

#[test]
fn the_plain_array_of_older_versions_is_read() {
    Visitor::new().visits(async |visit| {
        left_behind(visit, KEY, &[]).await;
        // Dates were written as ISO 8601 then.
        let now: String = visit.page.script("return new Date().toISOString();", vec![]).await;
        let old = json!([
            {"id": "1", "role": "user", "content": "Older?", "timestamp": now},
            {"id": "2", "role": "assistant", "content": "Older.", "timestamp": now_ms()},
        ]);
        put_raw(&visit.page, KEY, &utf16(&old.to_string())).await;
        in_the_chat(visit).await;
        visit.page.sees_message(USER, "Older?").await;
        visit.page.sees_message(ASSISTANT, "Older.").await;
    });
}

/// Letters in an order that compresses badly; the same for the same seed.
fn noise(mut seed: u32, length: usize) -> String {
    let letter = |_| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4E00 + (seed >> 16) % 20_000).unwrap()
    };
    (0..length).map(letter).collect()
}

#[test]
fn when_the_storage_is_full_the_oldest_messages_go() {
    Visitor::new().visits(async |visit| {
        let texts: Vec<String> = (0..20).map(|n| noise(n, 200)).collect();
        let old: Vec<(&str, &str)> =
            texts.iter().enumerate().map(|(n, text)| (["user", "assistant"][n % 2], text.as_str())).collect();
        left_behind(visit, KEY, &encode(&conversation(&old, 1000))).await;
        // Another program fills the storage to the last letter.
        let code = "let room = 5 * 1024 * 1024, filler = ''; \
            while (room >= 1) { try { localStorage.setItem('filler', filler + 'x'.repeat(room)); filler += 'x'.repeat(room); } \
            catch { room = Math.floor(room / 2); } } return filler.length;";
        let filled: usize = visit.page.script(code, vec![]).await;
        assert!(filled > 100_000, "the test could not fill the storage: {filled}");

        let chat = in_the_chat(visit).await;
        let answer = noise(99, 300);
        exchange(visit, &chat, "Room?", &answer).await;
        let all = keeps(visit, KEY, &answer).await;
        assert!(all.len() < 22 && all[0].1 != texts[0], "nothing was dropped: {} messages", all.len());
        assert!(all.iter().any(|(_, text)| *text == texts[19]), "more was dropped than needed");
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(USER, "Room?").await;
    });
}

#[test]
fn when_there_is_no_room_at_all_it_goes_on_in_memory() {
    Visitor::new().visits(async |visit| {
        let full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };";
        let (page, chat) = shop(visit);
        visit.opens(&page.before("full.js", full)).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "One?", "1").await;
        exchange(visit, &chat, "Two?", "2").await;
        assert_eq!(chat.bodies()[1]["messages"].as_array().map(Vec::len), Some(3));
    });
}

async fn goes_on_without_storage(visit: &Visit, page: Fixture, chat: &natter_e2e::Chat) {
    visit.opens(&page).await;
    visit.page.opens_chat().await;
    exchange(visit, chat, "One?", "1").await;
    exchange(visit, chat, "Two?", "2").await;
    assert_eq!(chat.bodies()[1]["messages"].as_array().map(Vec::len), Some(3), "the conversation is not in memory");
    visit.page.presses(thirtyfour::Key::Escape).await;
    visit.page.opens_chat().await;
    visit.page.sees_message(ASSISTANT, "2").await;
}

#[test]
fn without_storage_it_goes_on_in_memory() {
    Visitor::new().visits(async |visit| {
        // As browsers do for a page in a foreign frame, or with cookies blocked.
        let denied = "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, \
            { get() { throw new DOMException('The operation is insecure.', 'SecurityError'); } });";
        let (page, chat) = shop(visit);
        goes_on_without_storage(visit, page.before("denied.js", denied), &chat).await;
    });
}

#[test]
fn with_a_storage_that_is_null_it_goes_on_in_memory() {
    Visitor::new().visits(async |visit| {
        // As some embedded browsers have it.
        let missing = "for (const name of ['localStorage', 'sessionStorage']) \
            Object.defineProperty(window, name, { value: null });";
        let (page, chat) = shop(visit);
        goes_on_without_storage(visit, page.before("missing.js", missing), &chat).await;
    });
}
