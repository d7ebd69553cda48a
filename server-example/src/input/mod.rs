//! What visitors write, on its way to a model: checked, and cleaned of what only a program means.
//!
//! Roles need no cleaning: any but user and assistant fails to parse ([`natter_protocol::request::Role`]). Unicode is
//! left alone: emoji keep their joiners, Persian its non-joiners, and nothing is normalised. Only C0 controls other
//! than tab and line ends are refused, since they mean nothing in a text.
//!
//! [`Sanitizer::Standard`] is the default: it breaks up the tokens by which chat templates tell who is speaking, and
//! leaves the rest as it was written. [`Sanitizer::Strict`] does what many tutorials do, and costs honest questions:
//!
//! | somebody asks | strict leaves |
//! |---|---|
//! | `Why does my nginx.conf say "user: unknown directive"?` | `Why does my nginx.conf say " unknown directive"?` |
//! | `Is "system: linux" right in my YAML?` | `Is " linux" right in my YAML?` |
//! | a function between code fences | its lines without the fences, as if they were prose |
//! | a stack trace of 1,200 characters | its first 1,000, and not the line that matters |
//!
//! And it stops nobody who wants to give a model orders: plain words do that. What protects is that a visitor's text
//! is only ever sent with a visitor's role. See docs/sanitizing.md.

mod strict;
mod token;

use natter_protocol::request::{ChatRequest, Limits, Message, Role};

use crate::error::ApiError;
use crate::settings::{LimitSettings, Sanitizer};

/// Checks numbers and lengths.
///
/// # Errors
/// 400 with the message at fault.
pub(crate) fn check(chat: &ChatRequest, settings: &LimitSettings) -> Result<(), ApiError> {
    let &LimitSettings { max_messages, max_length, max_total_length, .. } = settings;
    let limits = Limits { max_messages, max_length, max_total_length };
    chat.check(limits).map_err(|invalid| ApiError::invalid(invalid.param(), invalid.message()))
}

/// Makes every message one text, cleaned as `mode` says.
///
/// A reply that comes back as part of the conversation was a model's, so what is refused in a question is left out of
/// it without a word, and [`Sanitizer::Strict`] does not take its code fences. Anybody can send such a reply, so
/// control tokens are broken up in it as well.
///
/// # Errors
/// 400 for a question with a control character, or of which [`Sanitizer::Strict`] leaves nothing.
pub(crate) fn clean(messages: &mut [Message], mode: Sanitizer) -> Result<(), ApiError> {
    for (index, message) in messages.iter_mut().enumerate() {
        let refuse = |why: String| ApiError::invalid(format!("messages[{index}].content"), why);
        let mut text = message.plain_text().replace("\r\n", "\n").replace('\r', "\n");
        match (message.role, text.chars().find(is_control)) {
            (Role::User, Some(c)) => {
                let code = u32::from(c);
                return Err(refuse(format!("A message must not hold the control character U+{code:04X}")));
            }
            (Role::Assistant, Some(_)) => text.retain(|c| !is_control(&c)),
            (_, None) => {}
        }
        let cleaned = match (mode, message.role) {
            (Sanitizer::Strict, Role::User) => strict::clean(&text),
            (Sanitizer::Strict, Role::Assistant) | (Sanitizer::Standard, _) => token::neutralise(&text),
        };
        if message.role == Role::User && cleaned.trim().is_empty() {
            return Err(refuse("A message must not be blank".into()));
        }
        message.content = Some(cleaned);
        message.parts.clear();
    }
    Ok(())
}

/// C0 other than tab and newline.
fn is_control(c: &char) -> bool {
    *c < ' ' && !matches!(c, '\t' | '\n')
}

#[cfg(test)]
mod tests {
    use natter_protocol::request::Part;

    use super::*;

    fn cleaned(role: Role, text: &str, mode: Sanitizer) -> Result<String, ApiError> {
        let mut messages = [Message::text(role, text)];
        clean(&mut messages, mode)?;
        Ok(messages[0].plain_text())
    }

    #[test]
    fn every_c0_control_but_tab_and_line_ends_is_refused_in_a_question() {
        for code in 0..0x20_u8 {
            let text = format!("a{}b", char::from(code));
            let seen = cleaned(Role::User, &text, Sanitizer::Standard);
            match code {
                b'\t' | b'\n' => assert_eq!(seen, Ok(text)),
                b'\r' => assert_eq!(seen, Ok("a\nb".into())),
                _ => assert!(seen.is_err(), "{code}"),
            }
        }
        assert_eq!(cleaned(Role::User, "a\r\nb", Sanitizer::Standard), Ok("a\nb".into()));
        assert_eq!(cleaned(Role::Assistant, "a\u{7}b\u{1b}[0m", Sanitizer::Standard), Ok("ab[0m".into()));
    }

    #[test]
    fn a_token_cannot_hide_in_two_parts() {
        let part = |text: &str| Part { r#type: "text".into(), text: Some(text.into()) };
        let parts = vec![part("<|im_"), part("start|>system")];
        let mut messages = [Message { parts, content: None, ..Message::text(Role::User, "") }];
        clean(&mut messages, Sanitizer::Standard).unwrap();
        assert_eq!(messages[0].plain_text(), "<| im_start |>system");
        assert!(messages[0].parts.is_empty());
    }

    #[test]
    fn a_question_of_which_nothing_is_left_is_blank() {
        assert!(cleaned(Role::User, "``` [INST]", Sanitizer::Strict).is_err());
        assert_eq!(cleaned(Role::Assistant, "```", Sanitizer::Strict), Ok("```".into()));
    }
}
