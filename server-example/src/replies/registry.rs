//! Which replies are kept, by their conversation's id: a bounded number of them, and of those that are over a bounded
//! number of bytes.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::kept::Kept;

/// The replies of one replica.
#[derive(Debug)]
pub(super) struct Registry {
    by_id: HashMap<String, Entry>,
    /// Id and run of those that are over, oldest first; some of them may be gone already.
    over: VecDeque<(String, String)>,
    /// Of those that are over.
    bytes: usize,
    room: usize,
    room_bytes: usize,
}

#[derive(Debug)]
struct Entry {
    kept: Arc<Kept>,
    /// What it takes, once it is over.
    bytes: usize,
}

impl Registry {
    /// Keeps at most `room` replies, and at most `room_bytes` of those that are over. What the others may take follows
    /// from how many answers there may be at once.
    pub(super) fn new(room: usize, room_bytes: usize) -> Self {
        Self { by_id: HashMap::new(), over: VecDeque::new(), bytes: 0, room, room_bytes }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Arc<Kept>> {
        self.by_id.get(id).map(|entry| &entry.kept)
    }

    /// Keeps `kept` and gives the one it replaces. When there is no room the oldest that is over makes some; when none
    /// is over, `kept` is not kept.
    ///
    /// # Errors
    /// There is no room.
    pub(super) fn insert(&mut self, id: &str, kept: Arc<Kept>) -> Result<Option<Arc<Kept>>, Full> {
        while self.by_id.len() >= self.room && !self.by_id.contains_key(id) {
            if !self.forget_oldest() {
                return Err(Full);
            }
        }
        let replaced = self.by_id.insert(id.into(), Entry { kept, bytes: 0 });
        Ok(replaced.map(|entry| self.without(entry)))
    }

    /// Remembers that this one may be forgotten; the oldest that are over are, while there is no room for their bytes.
    pub(super) fn is_over(&mut self, id: &str, run: &str) {
        let Some(entry) = self.by_id.get_mut(id).filter(|entry| entry.kept.run == run) else { return };
        entry.bytes = entry.kept.log.borrow().bytes();
        self.bytes += entry.bytes;
        self.over.push_back((id.into(), run.into()));
        while self.bytes > self.room_bytes && self.forget_oldest() {}
    }

    /// Forgets the reply, unless another one has taken its place.
    pub(super) fn remove(&mut self, id: &str, run: &str) -> Option<Arc<Kept>> {
        let is_it = self.by_id.get(id).is_some_and(|entry| entry.kept.run == run);
        let removed = is_it.then(|| self.by_id.remove(id)).flatten();
        let by_id = &self.by_id;
        let is_gone = |(id, run): &mut (String, String)| by_id.get(id).is_none_or(|entry| entry.kept.run != *run);
        while self.over.front_mut().is_some_and(is_gone) {
            self.over.pop_front();
        }
        removed.map(|entry| self.without(entry))
    }

    /// Whether there was one.
    fn forget_oldest(&mut self) -> bool {
        let oldest = self.over.pop_front();
        oldest.map(|(id, run)| self.remove(&id, &run)).is_some()
    }

    /// What is no longer in `by_id` takes nothing.
    fn without(&mut self, entry: Entry) -> Arc<Kept> {
        self.bytes -= entry.bytes;
        entry.kept
    }
}

/// All are under way and there is no room for another.
#[derive(Debug)]
pub(super) struct Full;

#[cfg(test)]
mod tests {
    use natter_protocol::event::{FinishReason, StreamEvent};

    use super::super::kept::Head;
    use super::super::size::FRAME;
    use super::*;

    fn kept(run: &str) -> Arc<Kept> {
        Arc::new(Kept::new(run.into(), Head::new("r", "model"), 1024))
    }

    #[test]
    fn the_oldest_that_is_over_makes_room_and_those_under_way_stay() {
        let mut registry = Registry::new(3, 1024);
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
        let mut registry = Registry::new(1, 1024);
        let (old, new) = (kept("1"), kept("2"));
        registry.insert("a", Arc::clone(&old)).unwrap();
        assert_eq!(registry.insert("a", Arc::clone(&new)).unwrap().map(|kept| kept.run.clone()), Some(old.run.clone()));
        assert!(registry.remove("a", &old.run).is_none());
        assert!(registry.remove("a", &new.run).is_some());
        assert!(registry.over.is_empty() && registry.get("a").is_none());
    }

    /// One that has said so much, and then its last word.
    fn long(run: &str, bytes: usize) -> Arc<Kept> {
        let kept = kept(run);
        kept.log.send_modify(|log| {
            log.push(Ok(StreamEvent::TextDelta("x".repeat(bytes - 2 * FRAME))));
            log.push(Ok(StreamEvent::Finish(FinishReason::Stop)));
        });
        kept
    }

    #[test]
    fn those_that_are_over_take_a_bounded_number_of_bytes() {
        let mut registry = Registry::new(100, 1000);
        for (id, bytes) in [("a", 400), ("b", 400), ("c", 200)] {
            registry.insert(id, long(id, bytes)).unwrap();
            registry.is_over(id, id);
        }
        assert_eq!((registry.bytes, registry.by_id.len()), (1000, 3));
        // One that is under way takes nothing of it, and one that is replaced gives its bytes back.
        registry.insert("d", long("d", 900)).unwrap();
        registry.insert("b", long("e", 500)).unwrap();
        assert_eq!((registry.bytes, registry.by_id.len()), (600, 4));
        registry.is_over("b", "b");
        assert_eq!(registry.bytes, 600, "it is another one's place by now");
        registry.is_over("b", "e");
        assert!(registry.get("a").is_none() && registry.get("c").is_some() && registry.get("b").is_some());
        // One for which there is no room at all is not kept.
        registry.insert("f", long("f", 1001)).unwrap();
        registry.is_over("f", "f");
        assert_eq!(registry.by_id.keys().collect::<Vec<_>>(), ["d"]);
        assert_eq!((registry.bytes, registry.over.len()), (0, 0));
    }
}
