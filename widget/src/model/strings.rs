//! Every text of the interface, in one place.

mod other;

use natter_protocol::json::decimal;

/// The forms of a text with a number: the name of a plural category (CLDR) and the text, with `{n}` for the number.
pub type Forms = &'static [(&'static str, &'static str)];

macro_rules! strings {
    (texts { $($text:ident: $english:literal,)* } forms { $($forms:ident: $of:expr,)* }) => {
        /// The words of the interface in one language.
        #[derive(Debug, Clone, Copy)]
        #[allow(missing_docs)] // Each field is the English text's own name.
        pub struct Strings {
            $(pub $text: &'static str,)*
            $(pub $forms: Forms,)*
        }

        /// The language that is built in.
        pub static ENGLISH: Strings = Strings { $($text: $english,)* $($forms: $of,)* };

        /// The names of the texts, each with a space behind it: one text takes fewer bytes than a list of them.
        const TEXTS: &str = concat!($(stringify!($text), " "),*);
        /// The same for those with a number.
        const FORMS: &str = concat!($(stringify!($forms), " "),*);

        impl Strings {
            /// The texts in the order of [`TEXTS`].
            fn texts(&mut self) -> [&mut &'static str; TEXTS_LEN] {
                [$(&mut self.$text),*]
            }

            /// The texts with a number in the order of [`FORMS`].
            fn forms(&mut self) -> [&mut Forms; FORMS_LEN] {
                [$(&mut self.$forms),*]
            }
        }

        const TEXTS_LEN: usize = [$(stringify!($text)),*].len();
        const FORMS_LEN: usize = [$(stringify!($forms)),*].len();
    };
}

strings! {
    texts {
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
        // Between the launcher's name and what is unread.
        comma: ", ",
        // The plural categories of 0, 1, 2 … as words in a row; behind its end all are `other`.
        categories: "other one",
    }
    forms {
        unread: &[("one", "{n} unread message"), ("other", "{n} unread messages")],
        characters_left: &[("one", "{n} character left"), ("other", "{n} characters left")],
        retry_in: &[("other", "Retry in {n} s")],
    }
}

impl Default for &Strings {
    fn default() -> Self {
        &ENGLISH
    }
}

impl PartialEq for Strings {
    /// By identity, so that nothing is read: of equal texts there is one.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Strings {}

impl Strings {
    /// The form of a text that goes with `n`, and `n` in it.
    #[must_use]
    pub fn count(&self, forms: Forms, n: isize) -> String {
        let size = n.unsigned_abs();
        // No rule of a language looks at the hundreds alone, so that those of 100 to 199 are those of all that follow.
        let at = if size < 100 { size } else { 100 + size % 100 };
        let category = self.categories.split(' ').nth(at).unwrap_or("other");
        let form = |category| forms.iter().find(|form| form.0 == category);
        let template = form(category).or_else(|| form("other")).map_or("", |form| form.1);
        // By characters, since searching for a text costs 2 KB.
        match (template.split_once('{'), template.split_once('}')) {
            (Some((before, _)), Some((_, after))) => {
                [before, if n < 0 { "-" } else { "" }, &decimal(size as u64), after].concat()
            }
            _ => template.to_owned(),
        }
    }
}
