//! The places of what is remembered, as the settings name them.

use std::rc::Rc;

use crate::browser::storage::Slot;
use crate::browser::{clock, page};
use crate::config::{Config, Mode, Storage};
use crate::model::history::{self, History};
use crate::model::message::ChatMessage;
use crate::model::state::{Rules, State};
use crate::model::thread::Thread;

/// Where the conversation and the draft are kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Memory {
    history: Slot,
    /// The unsent text, for as long as the tab is open.
    draft: Slot,
    max_age: u64,
}

impl Memory {
    pub(super) fn of(config: &Config) -> Self {
        let key = match &config.user {
            Some(user) => [&config.storage_key, ":", user].concat(),
            None => config.storage_key.clone(),
        };
        Self::under(key, config)
    }

    fn under(key: String, config: &Config) -> Self {
        let draft_kind = match config.storage {
            Storage::None => Storage::None,
            Storage::Local | Storage::Session => Storage::Session,
        };
        Self {
            draft: Slot::new(draft_kind, [&key, "#draft"].concat()),
            history: Slot::new(config.storage, key),
            max_age: config.max_age,
        }
    }

    /// What is kept for whom the settings name, who is here from now on, as a state to recall.
    ///
    /// What was said here without a name is removed when somebody has one: it is nobody's, and the next visitor without
    /// a name is not to read it.
    pub(super) fn welcome(&self, config: &Config) -> State {
        if config.user.is_some() {
            let nameless = Self::under(config.storage_key.clone(), config);
            nameless.history.remove();
            nameless.draft.remove();
        }
        let History { messages, thread, .. } = self.stored();
        let draft = String::from_utf16_lossy(&self.draft.load().unwrap_or_default());
        State { thread, online: page::is_online(), ..State::new(rules(config), messages, draft) }
    }

    /// The conversation as it is stored.
    pub(super) fn stored(&self) -> History {
        history::decode(&self.history.load().unwrap_or_default(), clock::now(), self.max_age)
    }

    /// The conversation's slot.
    pub(super) fn history(&self) -> &Slot {
        &self.history
    }

    /// Keeps the conversation; where it does not fit, without its oldest messages, or not at all: then it says false.
    pub(super) fn save(&self, messages: &[Rc<ChatMessage>], thread: &Thread) -> bool {
        let mut kept = messages;
        while !kept.is_empty() {
            if self.history.save(&history::encode(kept, thread, clock::now())).is_ok() {
                return true;
            }
            // A quarter at a time: a few tries even for the longest conversation.
            kept = &kept[kept.len().div_ceil(4)..];
        }
        self.history.remove();
        messages.is_empty()
    }

    /// Keeps the draft. One that cannot be kept is still on the screen.
    pub(super) fn save_draft(&self, draft: &str) {
        if draft.is_empty() {
            self.draft.remove();
        } else {
            let _ = self.draft.save(draft);
        }
    }
}

/// The settings that the state machine obeys.
pub(super) fn rules(config: &Config) -> Rules {
    Rules {
        max_messages: config.max_messages,
        max_length: config.max_length,
        inline: config.mode == Mode::Inline,
        strings: config.strings,
        // What tabs tell each other is not in the crate, but beside it.
        shares: cfg!(feature = "bundle") && config.storage == Storage::Local,
    }
}
