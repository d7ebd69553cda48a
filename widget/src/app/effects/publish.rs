//! Tells the page, its analytics and the owner's error endpoint what happened.

use std::cell::Cell;

use natter_protocol::json::Object;

use crate::browser::dom::{self, HostElement};
use crate::browser::{analytics, clock, post};
use crate::config::{Analytics, Config};
use crate::model::state::{Notice, State};

/// Error reports sent from one page, so that a broken endpoint is not flooded.
const MAX_REPORTS: u32 = 10;

thread_local! {
    static REPORTS: Cell<u32> = const { Cell::new(0) };
}

/// Publishes each notice once, in order; before the first of them, that the widget is there.
#[derive(Default)]
pub(super) struct Publish {
    ready: bool,
    published: usize,
}

impl Publish {
    pub(super) fn follow(&mut self, state: &State, config: &Config, host: &HostElement) {
        if !std::mem::replace(&mut self.ready, true) {
            dom::emit(host, "ready", "{}");
        }
        let new = state.noticed - std::mem::replace(&mut self.published, state.noticed);
        for notice in &state.notices[state.notices.len().saturating_sub(new)..] {
            publish(notice, config, host);
        }
    }
}

fn publish(notice: &Notice, config: &Config, host: &HostElement) {
    let emit = |name, detail: Object| dom::emit(host, name, &detail.end());
    // What analytics learn; lengths in characters and messages, times in ms.
    let analyze = |name, properties: Object| {
        if config.analytics == Analytics::Auto {
            analytics::gtag(name, &properties.text("event_category", "chat").end());
        }
    };
    match notice {
        Notice::Open => {
            emit("open", Object::new());
            analyze("chat_opened", Object::new());
        }
        Notice::Close => emit("close", Object::new()),
        Notice::Minimize => emit("minimize", Object::new()),
        Notice::Expand => emit("expand", Object::new()),
        Notice::Clear => emit("clear", Object::new()),
        Notice::Stop => emit("stop", Object::new()),
        Notice::Contact => emit("contact", Object::new()),
        Notice::Unread { count } => emit("unread", Object::new().number("count", *count as u64)),
        Notice::Feedback { message_id, value, comment } => {
            let detail = Object::new().text("messageId", message_id);
            let detail = match value {
                Some(value) => detail.text("value", value.name()),
                None => detail.json("value", "null"),
            };
            emit("feedback", comment.iter().fold(detail, |detail, comment| detail.text("comment", comment)));
        }
        Notice::Sent { message, conversation_length } => {
            emit("sent", Object::new().json("message", &message.to_json()));
            let length = message.content.chars().count();
            let properties = Object::new().number("message_length", length as u64);
            analyze("message_sent", properties.number("conversation_length", *conversation_length as u64));
        }
        Notice::Received { message, response_time } => {
            let time = || Object::new().number("response_time", *response_time);
            emit("received", time().json("message", &message.to_json()));
            analyze("message_received", time());
        }
        Notice::Error { code, message, retryable } => {
            let error = || Object::new().text("code", code);
            emit("error", error().text("message", message).bool("retryable", *retryable));
            analyze("error", error());
            report(code, config);
        }
    }
}

/// Reports an error to the owner. A report never holds what anybody wrote: the code says enough.
fn report(code: &str, config: &Config) {
    let Some(endpoint) = &config.error_endpoint else { return };
    let sent = REPORTS.get();
    if sent < MAX_REPORTS {
        REPORTS.set(sent + 1);
        let timestamp = clock::iso8601(clock::now());
        let report = Object::new().text("error", code).text("context", "chat").text("timestamp", &timestamp);
        // A report that does not arrive is not reported.
        post::json(endpoint, &report.end(), |_| {});
    }
}
