//! The conversation as the browser keeps it, read and written without the widget's code.

use serde_json::{Value, json};

use crate::page::Page;

/// The key when the page sets none.
pub const KEY: &str = "chat-history";

/// What is kept under `key`, as UTF-16 code units: compressed text need not be well-formed.
pub async fn raw(page: &Page, key: &str) -> Option<Vec<u16>> {
    let code = "const kept = localStorage.getItem(arguments[0]); \
        return kept === null ? null : Array.from({ length: kept.length }, (_, i) => kept.charCodeAt(i));";
    page.script(code, vec![json!(key)]).await
}

/// Puts code units under `key`.
pub async fn put_raw(page: &Page, key: &str, units: &[u16]) {
    let code = "let text = ''; for (const unit of arguments[1]) text += String.fromCharCode(unit); \
        localStorage.setItem(arguments[0], text); return null;";
    page.script::<Value>(code, vec![json!(key), json!(units)]).await;
}

/// What is kept under `key`, decoded as the contract documents it: lz-string's UTF-16 form of JSON.
pub async fn kept(page: &Page, key: &str) -> Option<Value> {
    decode(&raw(page, key).await?)
}

/// The roles and contents kept under `key`.
pub async fn messages(page: &Page, key: &str) -> Vec<(String, String)> {
    let kept = kept(page, key).await.unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = kept["messages"].as_array().cloned().unwrap_or_default();
    messages.iter().map(|message| (text(&message["role"]), text(&message["content"]))).collect()
}

/// JSON out of lz-string's UTF-16 form.
#[must_use]
pub fn decode(units: &[u16]) -> Option<Value> {
    let json = lz_str::decompress_from_utf16(&String::from_utf16(units).ok()?)?;
    serde_json::from_str(&String::from_utf16(&json).ok()?).ok()
}

/// JSON in lz-string's UTF-16 form.
#[must_use]
pub fn encode(value: &Value) -> Vec<u16> {
    lz_str::compress_to_utf16(value.to_string().as_str()).encode_utf16().collect()
}

/// JSON in the raw form of lz-string's `compress()`, which older versions wrote.
#[must_use]
pub fn encode_raw(value: &Value) -> Vec<u16> {
    lz_str::compress(value.to_string().as_str())
}

/// A stored conversation of the current format, last changed `age_ms` ago.
#[must_use]
pub fn conversation(messages: &[(&str, &str)], age_ms: u64) -> Value {
    let now = now_ms() - age_ms;
    json!({"v": 1, "messages": stored(messages, now), "lastUpdated": now})
}

/// Messages as they are stored, all written at `timestamp`.
#[must_use]
pub fn stored(messages: &[(&str, &str)], timestamp: u64) -> Vec<Value> {
    let stored = |(index, (role, content)): (usize, &(&str, &str))| json!({"id": format!("m{index}"), "role": role, "content": content, "timestamp": timestamp});
    messages.iter().enumerate().map(stored).collect()
}

/// Milliseconds since 1970.
#[must_use]
pub fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}
