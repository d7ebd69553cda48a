//! Every text of the interface, in one place.

mod other;

use natter_protocol::json::decimal;

macro_rules! strings {
    ($($name:ident: $english:literal,)*) => {
        /// The language that is built in.
        pub static ENGLISH: Strings = Strings { texts: [$($english),*], categories: "10" };

        /// The names of the texts. They are in the order of the alphabet, which is that of a locale's file as it ships:
        /// there, names are told by their places.
        pub const NAMES: [&str; COUNT] = [$(stringify!($name)),*];

        const COUNT: usize = [$($english),*].len();

        #[allow(non_camel_case_types)]
        enum Place { $($name),* }

        #[allow(missing_docs)] // Each is the English text's own name.
        impl Strings {
            $(#[must_use]
            pub const fn $name(&self) -> &'static str {
                self.texts[Place::$name as usize]
            })*
        }
    };
}

strings! {
    assistant_message: "assistant message",
    bad_response: "Bad response",
    cancel: "Cancel",
    characters_left: "{n} character left\n{n} characters left",
    chat_messages: "Chat messages",
    clear_history: "Clear history",
    close_chat: "Close chat",
    code_block: "Code block",
    comma: ", ",
    contact_email: "Email",
    contact_failed: "Your message could not be sent. Please try again.",
    contact_message: "Message",
    contact_name: "Name",
    contact_send: "Send",
    contact_sending: "Sending...",
    contact_sent: "Thank you. Your message was sent.",
    contact_us: "Contact us",
    copied: "Copied",
    copy: "Copy",
    copy_code: "Copy code",
    copy_conversation: "Copy conversation",
    cut_off: "The answer was cut off",
    data_deleted: "Your data was deleted from this device",
    delete_data: "Delete my data",
    download_conversation: "Download conversation",
    edit: "Edit",
    edit_message: "Edit message",
    email_invalid: "Please enter a valid email address",
    empty_answer: "The answer was empty",
    expand: "Expand",
    feedback_comment: "What could be better? (optional)",
    feedback_thanks: "Thank you for your feedback",
    good_response: "Good response",
    history_cleared: "History cleared",
    jump_to_latest: "Jump to latest",
    message_required: "Please enter a message",
    minimize: "Minimize",
    more: "More",
    name_required: "Please enter your name",
    next_version: "Next version",
    offline: "Offline",
    online: "Online",
    open_chat: "Open chat",
    press_enter: "Press Enter to send",
    previous_version: "Previous version",
    queued: "Will be sent next",
    regenerate: "Regenerate",
    retry: "Retry",
    retry_in: "Retry in {n} s",
    save: "Save",
    send_message: "Send message",
    sources: "Sources",
    stop: "Stop",
    thinking: "Thinking",
    typing: "Typing...",
    unanswered: "Not answered",
    unavailable_offer: "The assistant is unavailable right now. You can still reach us:",
    undo: "Undo",
    unreachable: "The assistant could not be reached. Please try again.",
    unread: "{n} unread message\n{n} unread messages",
    user_message: "user message",
    waiting_for_connection: "Waiting for connection",
    you: "You",
}

/// More than the six forms that a language can have.
const LAST: usize = 6;

/// The words of the interface in one language.
///
/// A text with a number has a form on each line, of which [`Strings::count`] takes one, and `{n}` for the number.
#[derive(Debug, Clone, Copy)]
pub struct Strings {
    texts: [&'static str; COUNT],
    /// Which form goes with 0, 1, 2 …, as a digit each. Where there is no such form, it is the last one.
    categories: &'static str,
}

impl PartialEq for Strings {
    /// By identity, so that nothing is read: of equal texts there is one.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Strings {}

impl Strings {
    /// The form that goes with `n`, and `n` in it.
    #[must_use]
    pub fn count(&self, forms: &'static str, n: isize) -> String {
        let size = n.unsigned_abs();
        // No rule of a language looks at the hundreds alone, so that those of 100 to 199 are those of all that follow.
        let at = if size < 100 { size } else { 100 + size % 100 };
        let form = self.categories.as_bytes().get(at).map_or(LAST, |digit| usize::from(digit & 7));
        let template = forms.split('\n').take(form + 1).last().unwrap_or_default();
        // By characters, since searching for a text costs 2 KB.
        match (template.split_once('{'), template.split_once('}')) {
            (Some((before, _)), Some((_, after))) => {
                [before, if n < 0 { "-" } else { "" }, &decimal(size as u64), after].concat()
            }
            _ => template.to_owned(),
        }
    }
}
