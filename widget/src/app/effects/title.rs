//! The number of unread answers in the tab's title.

use natter_protocol::json::decimal;

use crate::browser::page;
use crate::model::state::State;

/// Puts `(2) ` before the title while there are two unread answers, and takes it away again.
#[derive(Default)]
pub(super) struct Title {
    unread: usize,
    prefix: String,
}

impl Title {
    pub(super) fn follow(&mut self, state: &State) {
        if self.unread != state.unread {
            self.unread = state.unread;
            self.put(match state.unread {
                0 => String::new(),
                n => ["(", &decimal(n as u64), ") "].concat(),
            });
        }
    }

    /// The page may have changed its title meanwhile: only what was put there is taken away.
    fn put(&mut self, prefix: String) {
        let title = page::title();
        let own = title.strip_prefix(self.prefix.as_str()).unwrap_or(&title);
        page::set_title(&[&prefix, own].concat());
        self.prefix = prefix;
    }
}

impl Drop for Title {
    fn drop(&mut self) {
        if self.unread > 0 {
            self.put(String::new());
        }
    }
}
