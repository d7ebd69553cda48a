//! Several tabs show one conversation.

use std::rc::Rc;

use crate::model::history::History;
use crate::model::message::ChatMessage;
use crate::model::state::{Phase, State};

impl State {
    /// Takes over what another tab saved; what only this tab knows yet stays, behind what both know.
    pub(super) fn sync(&mut self, mut stored: History, unsaved: Option<u64>) {
        let before = self.reply().map(|reply| reply.content.clone());
        let ours = std::mem::take(&mut self.messages);
        let unfinished = std::mem::take(&mut stored.thread.unfinished);
        if !self.busy() && (unsaved.is_none() || !unfinished.is_empty()) {
            self.thread = stored.thread;
        }
        // The answer that is arriving here is further than any other tab knows it.
        let arriving = self.busy().then_some(self.turn.reply_id.as_str());
        let known = |theirs: &ChatMessage| {
            ours.iter().find(|our| our.id == theirs.id && (arriving == Some(our.id.as_str()) || ***our == *theirs))
        };
        let mut merged: Vec<_> = stored
            .messages
            .into_iter()
            .map(|theirs| known(&theirs).cloned().unwrap_or_else(|| Rc::new(theirs)))
            .collect();
        // What the other tab could know and has no more, was taken away there.
        let new = |our: &ChatMessage| self.busy() || unsaved.is_some_and(|known| our.timestamp > known);
        let missing = |our: &&Rc<ChatMessage>| new(our) && merged.iter().all(|message| message.id != our.id);
        let only_here: Vec<_> = ours.iter().filter(missing).cloned().collect();
        for our in only_here {
            let before = merged.iter().rposition(|message| message.timestamp <= our.timestamp);
            merged.insert(before.map_or(0, |at| at + 1), our);
        }
        self.messages = merged;
        // What another tab made of an answer that was cut off is not this one's to drop, nor to ask for.
        self.turn.partial = false;
        if self.failure().is_some() && self.reply().map(|reply| &reply.content) != before.as_ref() {
            self.phase = Phase::Idle;
        }
        if !self.messages.is_empty() {
            // Where it was brought back, it would come twice.
            self.cleared = None;
        }
        self.forget_oldest();
        // The answer that is not whole there is that tab's, which tells of it. One it could not tell whole is not asked for
        // again, whatever else is stored.
        let failed = self.failure().is_some() && self.turn.reply_id == unfinished;
        if self.rules.shares && !self.busy() && !failed {
            self.thread.unfinished = unfinished;
            self.take_up();
        }
    }
}
