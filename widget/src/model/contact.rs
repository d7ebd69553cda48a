//! The form that is offered when the assistant is unavailable.

use super::strings::Strings;

/// Where the form stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Contact {
    /// The visitor fills it in; what was wrong at the last try stands beside the fields.
    #[default]
    Editing,
    /// The last try had these faults.
    Invalid(Faults),
    /// On its way.
    Sending(ContactForm),
    /// It arrived.
    Sent,
    /// It did not arrive; the fields keep their text.
    Failed,
}

/// What the visitor wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactForm {
    /// Who writes.
    pub name: String,
    /// Where to answer.
    pub email: String,
    /// What they want.
    pub message: String,
}

/// What is wrong with each field, if anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// About the name.
    pub name: Option<&'static str>,
    /// About the address.
    pub email: Option<&'static str>,
    /// About the message.
    pub message: Option<&'static str>,
}

impl ContactForm {
    /// Checks every field, so that the visitor sees all faults at once.
    ///
    /// # Errors
    /// When a field is blank, or the address has no `@` with something around it.
    pub fn check(&self, strings: &Strings) -> Result<(), Faults> {
        let faults = Faults {
            name: self.name.trim().is_empty().then_some(strings.name_required()),
            email: (!plausible_email(self.email.trim())).then_some(strings.email_invalid()),
            message: self.message.trim().is_empty().then_some(strings.message_required()),
        };
        if faults == Faults::default() { Ok(()) } else { Err(faults) }
    }
}

/// Whether mail could go there; only a mail tells for sure, so the check is a loose one.
fn plausible_email(address: &str) -> bool {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && !domain.is_empty()
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && !address.contains(char::is_whitespace)
        }
        None => false,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::model::strings::ENGLISH;

    fn form(name: &str, email: &str, message: &str) -> ContactForm {
        ContactForm { name: name.into(), email: email.into(), message: message.into() }
    }

    #[test]
    fn tells_all_faults_at_once() {
        let faults = form(" ", "nobody", "").check(&ENGLISH).unwrap_err();
        assert!(faults.name.is_some() && faults.email.is_some() && faults.message.is_some());
        assert_eq!(form("Ada", "ada@example.com", "Hello").check(&ENGLISH), Ok(()));
    }

    #[test]
    fn only_the_impossible_addresses_are_refused() {
        for address in ["a@b", "o'neil+x@sub.example.org", "用户@例子.公司", "\"a@b\"@c.de"] {
            assert!(plausible_email(address), "{address}");
        }
        for address in ["", "@", "a@", "@b", "a b@c.de", "a@.de", "a@de."] {
            assert!(!plausible_email(address), "{address}");
        }
    }
}
