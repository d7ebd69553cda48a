//! What is remembered: the conversation and the draft.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::Callback;

use super::{Around, same, same_but};
use crate::app::memory::Memory;
use crate::browser::clock::{self, Timer};
use crate::browser::page::{self, Listeners};
use crate::model::message::ChatMessage;
use crate::model::state::State;
use crate::model::thread::Thread;
use crate::model::update::Action;

/// How long the conversation must be quiet before it counts as saved: another tab may be saving it at the same moment,
/// without what is new here. An answer that is arriving is not saved earlier.
const QUIET_MILLIS: u32 = 400;

/// How long a cleared history can be brought back: as long as WCAG gives for an answer (2.2.1).
const UNDO_MILLIS: u32 = 20_000;

/// Saves the conversation as it changes, so that every tab and widget that shows it follows; an answer that is
/// arriving only when it has been quiet for a moment or the page is left. Saves the draft as it is written.
pub(super) struct Remember {
    shared: Rc<Shared>,
    draft: String,
    quiet: Option<Timer>,
    undo: Option<Timer>,
    _leaving: Listeners,
    _others: Listeners,
}

struct Shared {
    memory: RefCell<Memory>,
    /// The conversation at the last render; `None` before the first.
    seen: RefCell<Option<(Vec<Rc<ChatMessage>>, Thread)>>,
    /// Whether it is not stored yet.
    unsaved: Cell<bool>,
    /// The time of the newest message when all was stored last: others know what is not newer.
    known: Cell<u64>,
    /// Whether what changes in the storage right now is changed here.
    storing: Cell<bool>,
    /// Whether the page was left, and may have been kept: what another one stored meanwhile is not known here yet.
    away: Cell<bool>,
    /// What another tab, or another widget of this page, has saved since the last render.
    theirs: RefCell<Option<Vec<ChatMessage>>>,
}

impl Shared {
    fn save(&self) {
        if self.unsaved.get() {
            // What found no room is known here only, and another tab cannot take it away.
            let stored = self.store();
            self.unsaved.set(!stored);
            if stored {
                self.agree();
            }
        }
    }

    /// All that is here is stored.
    fn agree(&self) {
        let newest = self.seen.borrow().as_ref().and_then(|(messages, _)| Some(messages.last()?.timestamp));
        self.known.set(newest.unwrap_or_default());
    }

    fn store(&self) -> bool {
        let (seen, memory) = (self.seen.borrow(), self.memory.borrow());
        let Some((messages, thread)) = seen.as_ref() else { return true };
        let stored = !self.away.get() && memory.save(messages, thread);
        if stored {
            self.storing.set(true);
            memory.history().tell();
            self.storing.set(false);
        }
        stored
    }
}

impl Remember {
    pub(super) fn new(memory: Memory, act: &Callback<Action>) -> Self {
        let shared = Rc::new(Shared {
            memory: RefCell::new(memory),
            seen: RefCell::default(),
            unsaved: Cell::default(),
            known: Cell::default(),
            storing: Cell::default(),
            away: Cell::default(),
            theirs: RefCell::default(),
        });
        let (leaving, others, act) = (Rc::clone(&shared), Rc::clone(&shared), act.clone());
        Self {
            shared,
            draft: String::new(),
            quiet: None,
            undo: None,
            _leaving: page::on_leave(move || {
                leaving.save();
                leaving.away.set(true);
            }),
            _others: page::on_storage(move |event| {
                if others.storing.get() || !others.memory.borrow().history().is_told(event) {
                    return;
                }
                others.away.set(false);
                let unsaved = others.unsaved.get().then(|| others.known.get());
                let stored = others.memory.borrow().stored();
                others.theirs.replace(Some(stored.messages.clone()));
                act.emit(Action::Sync { stored, unsaved });
            }),
        }
    }

    pub(super) fn remember_in(&mut self, memory: &Memory) -> bool {
        if *self.shared.memory.borrow() == *memory {
            return false;
        }
        self.shared.memory.replace(memory.clone());
        // What is recalled from there needs no saving.
        self.shared.seen.take();
        self.shared.unsaved.set(false);
        true
    }

    pub(super) fn save(&self) {
        self.shared.save();
    }

    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        let theirs = self.shared.theirs.take();
        let thread = state.stored_thread();
        let seen = |seen: &(Vec<_>, Thread)| same(&seen.0, &state.messages) && seen.1 == thread;
        let changed = !self.shared.seen.borrow().as_ref().is_some_and(seen);
        if changed {
            // What was just recalled, here or by another tab, needs no saving.
            let stored = theirs.is_some_and(|theirs| theirs.iter().eq(state.messages.iter().map(Rc::as_ref)));
            let seen = self.shared.seen.replace(Some((state.messages.clone(), thread.clone())));
            if stored || seen.is_none() {
                self.shared.agree();
            }
            if let Some((messages, saved)) = seen.filter(|_| !stored) {
                self.shared.unsaved.set(true);
                if saved != thread || !same_but(state.streaming_id(), &messages, &state.messages) {
                    self.shared.store();
                }
                let shared = Rc::clone(&self.shared);
                self.quiet = Some(clock::later(QUIET_MILLIS, move || shared.save()));
            }
        }
        let unsent = state.unsent();
        if self.draft != unsent {
            self.shared.memory.borrow().save_draft(&unsent);
            self.draft = unsent;
        }
        if state.cleared.is_none() {
            self.undo = None;
        } else if self.undo.is_none() {
            let act = around.act.clone();
            self.undo = Some(clock::later(UNDO_MILLIS, move || act.emit(Action::ForgetCleared)));
        }
    }
}
