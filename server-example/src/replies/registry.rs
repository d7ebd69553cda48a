//! Which replies are kept, by their conversation's id: a bounded number.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::kept::Kept;

/// The replies of one replica.
#[derive(Debug)]
pub(super) struct Registry {
    by_id: HashMap<String, Arc<Kept>>,
    /// Id and run of those that are over, oldest first; some of them may be gone already.
    over: VecDeque<(String, String)>,
    room: usize,
}

impl Registry {
    /// Keeps at most `room` replies.
    pub(super) fn new(room: usize) -> Self {
        Self { by_id: HashMap::new(), over: VecDeque::new(), room }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Arc<Kept>> {
        self.by_id.get(id)
    }

    /// Keeps `kept` and gives the one it replaces. When there is no room the oldest that is over makes some; when none
    /// is over, `kept` is not kept.
    ///
    /// # Errors
    /// There is no room.
    pub(super) fn insert(&mut self, id: &str, kept: Arc<Kept>) -> Result<Option<Arc<Kept>>, Full> {
        while self.by_id.len() >= self.room && !self.by_id.contains_key(id) {
            let (id, run) = self.over.pop_front().ok_or(Full)?;
            self.remove(&id, &run);
        }
        Ok(self.by_id.insert(id.into(), kept))
    }

    /// Remembers that this one may be forgotten.
    pub(super) fn is_over(&mut self, id: &str, run: &str) {
        self.over.push_back((id.into(), run.into()));
    }

    /// Forgets the reply, unless another one has taken its place.
    pub(super) fn remove(&mut self, id: &str, run: &str) -> Option<Arc<Kept>> {
        let is_it = self.by_id.get(id).is_some_and(|kept| kept.run == run);
        let removed = is_it.then(|| self.by_id.remove(id)).flatten();
        let by_id = &self.by_id;
        let is_gone = |(id, run): &mut (String, String)| by_id.get(id).is_none_or(|kept| kept.run != *run);
        while self.over.front_mut().is_some_and(is_gone) {
            self.over.pop_front();
        }
        removed
    }
}

/// All are under way and there is no room for another.
#[derive(Debug)]
pub(super) struct Full;

#[cfg(test)]
mod tests {
    use super::super::kept::Head;
    use super::*;

    fn kept(run: &str) -> Arc<Kept> {
        Arc::new(Kept::new(run.into(), Head::new("r", "model"), 1024))
    }

    #[test]
    fn the_oldest_that_is_over_makes_room_and_those_under_way_stay() {
        let mut registry = Registry::new(3);
        let [a, b, c] = ["1", "2", "3"].map(kept);
        for (id, kept) in [("a", &a), ("b", &b), ("c", &c)] {
            assert!(registry.insert(id, Arc::clone(kept)).unwrap().is_none());
        }
        assert!(registry.insert("d", kept("4")).is_err());
        registry.is_over("c", &c.run);
        registry.is_over("b", &b.run);
        assert!(registry.insert("d", kept("4")).is_ok());
        assert!(registry.get("c").is_none() && registry.get("b").is_some() && registry.get("a").is_some());
    }

    #[test]
    fn a_new_reply_takes_the_place_of_the_old_which_is_not_forgotten_twice() {
        let mut registry = Registry::new(1);
        let (old, new) = (kept("1"), kept("2"));
        registry.insert("a", Arc::clone(&old)).unwrap();
        assert_eq!(registry.insert("a", Arc::clone(&new)).unwrap().map(|kept| kept.run.clone()), Some(old.run.clone()));
        assert!(registry.remove("a", &old.run).is_none());
        assert!(registry.remove("a", &new.run).is_some());
        assert!(registry.over.is_empty() && registry.get("a").is_none());
    }
}
