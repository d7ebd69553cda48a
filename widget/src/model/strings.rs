//! Every text of the interface, in one place.

use natter_protocol::json::decimal;

/// The words of the interface in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // Each field is the English text's own name.
pub struct Strings {
    pub open_chat: &'static str,
    pub close_chat: &'static str,
    pub minimize: &'static str,
    pub expand: &'static str,
    pub online: &'static str,
    pub typing: &'static str,
    pub offline: &'static str,
    pub chat_messages: &'static str,
    pub user_message: &'static str,
    pub assistant_message: &'static str,
    pub send_message: &'static str,
    pub stop: &'static str,
    pub press_enter: &'static str,
    pub clear_history: &'static str,
    pub history_cleared: &'static str,
    pub undo: &'static str,
    pub unanswered: &'static str,
    pub retry: &'static str,
    pub jump_to_latest: &'static str,
    pub unread_one: &'static str,
    pub unread_many: &'static str,
    pub characters_left: &'static str,
    pub you: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub copy_code: &'static str,
    pub copy_conversation: &'static str,
    pub code_block: &'static str,
    pub regenerate: &'static str,
    pub previous_version: &'static str,
    pub next_version: &'static str,
    pub edit: &'static str,
    pub edit_message: &'static str,
    pub save: &'static str,
    pub cancel: &'static str,
    pub good_response: &'static str,
    pub bad_response: &'static str,
    pub feedback_comment: &'static str,
    pub feedback_thanks: &'static str,
    pub thinking: &'static str,
    pub sources: &'static str,
    pub waiting_for_connection: &'static str,
    pub queued: &'static str,
    pub retry_in: &'static str,
    pub unreachable: &'static str,
    pub cut_off: &'static str,
    pub empty_answer: &'static str,
    pub unavailable_offer: &'static str,
    pub contact_us: &'static str,
    pub contact_name: &'static str,
    pub contact_email: &'static str,
    pub contact_message: &'static str,
    pub contact_send: &'static str,
    pub contact_sending: &'static str,
    pub contact_sent: &'static str,
    pub contact_failed: &'static str,
    pub name_required: &'static str,
    pub email_invalid: &'static str,
    pub message_required: &'static str,
}

/// The language that is built in.
pub const ENGLISH: Strings = Strings {
    open_chat: "Open chat",
    close_chat: "Close chat",
    minimize: "Minimize",
    expand: "Expand",
    online: "Online",
    typing: "Typing...",
    offline: "Offline",
    chat_messages: "Chat messages",
    user_message: "user message",
    assistant_message: "assistant message",
    send_message: "Send message",
    stop: "Stop",
    press_enter: "Press Enter to send",
    clear_history: "Clear history",
    history_cleared: "History cleared",
    undo: "Undo",
    unanswered: "Not answered",
    retry: "Retry",
    jump_to_latest: "Jump to latest",
    unread_one: "1 unread message",
    unread_many: "{n} unread messages",
    characters_left: "{n} characters left",
    you: "You",
    copy: "Copy",
    copied: "Copied",
    copy_code: "Copy code",
    copy_conversation: "Copy conversation",
    code_block: "Code block",
    regenerate: "Regenerate",
    previous_version: "Previous version",
    next_version: "Next version",
    edit: "Edit",
    edit_message: "Edit message",
    save: "Save",
    cancel: "Cancel",
    good_response: "Good response",
    bad_response: "Bad response",
    feedback_comment: "What could be better? (optional)",
    feedback_thanks: "Thank you for your feedback",
    thinking: "Thinking",
    sources: "Sources",
    waiting_for_connection: "Waiting for connection",
    queued: "Will be sent next",
    retry_in: "Retry in {n} s",
    unreachable: "The assistant could not be reached. Please try again.",
    cut_off: "The answer was cut off",
    empty_answer: "The answer was empty",
    unavailable_offer: "The assistant is unavailable right now. You can still reach us:",
    contact_us: "Contact us",
    contact_name: "Name",
    contact_email: "Email",
    contact_message: "Message",
    contact_send: "Send",
    contact_sending: "Sending...",
    contact_sent: "Thank you. Your message was sent.",
    contact_failed: "Your message could not be sent. Please try again.",
    name_required: "Please enter your name",
    email_invalid: "Please enter a valid email address",
    message_required: "Please enter a message",
};

impl Strings {
    /// How many messages the visitor has not seen.
    #[must_use]
    pub fn unread(&self, count: usize) -> String {
        match count {
            1 => self.unread_one.to_owned(),
            n => with_count(self.unread_many, n as isize),
        }
    }
}

/// `template` with its `{n}` replaced.
#[must_use]
pub fn with_count(template: &str, n: isize) -> String {
    // By characters, since searching for a text costs 2 KB.
    match (template.split_once('{'), template.split_once('}')) {
        (Some((before, _)), Some((_, after))) => {
            [before, if n < 0 { "-" } else { "" }, &decimal(n.unsigned_abs() as u64), after].concat()
        }
        _ => template.to_owned(),
    }
}
