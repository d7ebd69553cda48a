//! The owner's notes and today's facts behind one index, which is made anew when either changes.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::knowledge::{self, Section};
use super::search::Index;
use crate::watched::Watched;

/// The notes, and the index last made of them.
#[derive(Debug)]
pub(super) struct Library {
    notes: Watched<Vec<Section>>,
    made: Mutex<Option<Made>>,
}

#[derive(Debug)]
struct Made {
    notes: Arc<Vec<Section>>,
    facts: Vec<Section>,
    index: Arc<Index>,
}

impl Library {
    /// Reads the Markdown file or folder, or takes what ships.
    ///
    /// # Errors
    /// One phrase on why there are no notes.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, String> {
        let notes = match path {
            None => Watched::fixed(knowledge::shipped()),
            Some(path) => Watched::load(path, knowledge::load)?,
        };
        Ok(Self { notes, made: Mutex::new(None) })
    }

    pub(super) fn len(&self) -> usize {
        self.notes.get().len()
    }

    /// The index of the notes as they are now and of `facts`.
    pub(super) fn index(&self, facts: Vec<Section>) -> Arc<Index> {
        let notes = self.notes.get();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        match &*made {
            Some(made) if Arc::ptr_eq(&made.notes, &notes) && made.facts == facts => Arc::clone(&made.index),
            _ => {
                let index = Arc::new(Index::new(&notes, &facts));
                *made = Some(Made { notes, facts, index: Arc::clone(&index) });
                index
            }
        }
    }
}
