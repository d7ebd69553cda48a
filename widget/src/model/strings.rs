//! Every text of the interface, in one place.

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
    pub retry: &'static str,
    pub jump_to_latest: &'static str,
    pub unread_one: &'static str,
    pub unread_many: &'static str,
    pub characters_left: &'static str,
    pub unreachable: &'static str,
    pub connection_lost: &'static str,
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
    retry: "Retry",
    jump_to_latest: "Jump to latest",
    unread_one: "1 unread message",
    unread_many: "{n} unread messages",
    characters_left: "{n} characters left",
    unreachable: "The assistant could not be reached. Please try again.",
    connection_lost: "The connection was lost before the answer was complete.",
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

/// `template` with its `{n}` replaced.
#[must_use]
pub fn with_count(template: &str, n: isize) -> String {
    template.replace("{n}", &n.to_string())
}
