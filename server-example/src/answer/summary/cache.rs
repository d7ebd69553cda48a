//! The summaries of conversations' beginnings.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Mutex, PoisonError};

use natter_protocol::request::Message;

/// How many are kept: those used last.
const MOST: usize = 512;

/// Summaries by what they sum up. Only fingerprints of the messages are kept, made with a key of this process's own, and of
/// 128 bits, so that one conversation is not taken for another.
#[derive(Debug, Default)]
pub(super) struct Cache {
    keys: [RandomState; 2],
    /// The one used last is at the end.
    kept: Mutex<VecDeque<(Fingerprint, String)>>,
}

type Fingerprint = [u64; 2];

impl Cache {
    /// How many of the first `messages` have a summary, and that summary.
    pub(super) fn longest(&self, messages: &[Message]) -> (usize, Option<String>) {
        let prints = self.prints(messages);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (nth, print) in prints.iter().enumerate().rev() {
            if let Some(found) = kept.iter().position(|(other, _)| other == print).and_then(|at| kept.remove(at)) {
                let summary = found.1.clone();
                kept.push_back(found);
                return (nth + 1, Some(summary));
            }
        }
        (0, None)
    }

    /// Keeps the summary of all of `messages`.
    pub(super) fn keep(&self, messages: &[Message], summary: &str) {
        let Some(print) = self.prints(messages).pop() else { return };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, _)| *other != print);
        kept.push_back((print, summary.into()));
        if kept.len() > MOST {
            kept.pop_front();
        }
    }

    /// Of each beginning, from the first message alone to all of them.
    fn prints(&self, messages: &[Message]) -> Vec<Fingerprint> {
        let mut hashers = self.keys.each_ref().map(BuildHasher::build_hasher);
        let print = |message: &Message| {
            let text = message.plain_text();
            for hasher in &mut hashers {
                hasher.write(message.role.name().as_bytes());
                hasher.write_usize(text.len());
                hasher.write(text.as_bytes());
            }
            hashers.each_ref().map(Hasher::finish)
        };
        messages.iter().map(print).collect()
    }
}

#[cfg(test)]
mod tests {
    use natter_protocol::request::Role;

    use super::*;

    fn said(turns: &[&str]) -> Vec<Message> {
        turns.iter().map(|text| Message::text(Role::User, *text)).collect()
    }

    #[test]
    fn the_longest_known_beginning_is_found() {
        let cache = Cache::default();
        cache.keep(&said(&["a"]), "A");
        cache.keep(&said(&["a", "b"]), "AB");
        assert_eq!(cache.longest(&said(&["a", "b", "c"])), (2, Some("AB".into())));
        assert_eq!(cache.longest(&said(&["a", "x"])), (1, Some("A".into())));
        assert_eq!(cache.longest(&said(&["ab"])), (0, None));
        assert_eq!(cache.longest(&[]), (0, None));
    }

    #[test]
    fn what_was_not_used_for_long_is_forgotten() {
        let cache = Cache::default();
        cache.keep(&said(&["first"]), "1");
        for nth in 0..MOST {
            cache.longest(&said(&["first"]));
            cache.keep(&said(&[&nth.to_string()]), "n");
        }
        assert!(cache.longest(&said(&["first"])).1.is_some());
        assert!(cache.longest(&said(&["0"])).1.is_none());
        assert_eq!(cache.kept.lock().unwrap().len(), MOST);
    }
}
