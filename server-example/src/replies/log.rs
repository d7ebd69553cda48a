//! What one reply has said so far, and how far each of its readers has come.

use std::collections::VecDeque;

use natter_protocol::event::{FinishReason, StreamEvent};
use tokio::time::Instant;

use super::size::size;
use crate::answer::{Item, ends};
use crate::error::ApiError;

/// How many events a reply may be ahead of its fastest reader.
pub(super) const WINDOW: u64 = 64;
/// The same in bytes, for an upstream that says much at once.
const WINDOW_BYTES: usize = 256 * 1024;

/// The events of one reply, as many as may be kept, and where its readers are in them.
///
/// Events are counted from 1. As long as all of them are kept a reader may come at any time. Once there are more bytes
/// than the limit allows, the oldest are dropped as soon as the fastest reader has them, and nobody can come any more.
#[derive(Debug)]
pub(super) struct Log {
    said: VecDeque<(Item, usize)>,
    dropped: u64,
    /// Of what is kept.
    bytes: usize,
    limit: usize,
    /// Each reader's number, and how many events it has.
    readers: Vec<(u64, u64)>,
    next_reader: u64,
    /// When there was last a sign of a reader, here or at another replica.
    attended: Instant,
    outgrown: bool,
    end: Option<End>,
    delivered: bool,
}

/// How a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With its last event, which may be a failure.
    Said,
    /// By being given up: it was stopped or replaced, or nobody came back in time.
    GivenUp,
}

impl Log {
    /// Of a reply that nobody reads yet. `limit` is in bytes.
    pub(super) fn new(limit: usize, now: Instant) -> Self {
        Self {
            said: VecDeque::new(),
            dropped: 0,
            bytes: 0,
            limit,
            readers: Vec::new(),
            next_reader: 0,
            attended: now,
            outgrown: false,
            end: None,
            delivered: false,
        }
    }

    /// Takes in the next event; what comes after the last is ignored.
    pub(super) fn push(&mut self, item: Item) {
        if self.is_over() {
            return;
        }
        self.end = ends(&item).then_some(End::Said);
        let size = size(&item);
        self.bytes += size;
        self.said.push_back((item, size));
        self.outgrown |= self.bytes > self.limit;
        self.trim();
    }

    /// Ends the reply as an aborted one, unless it is over already: AI SDK clients then leave what they have as it is, while
    /// an error would be shown to a visitor who asked for the end.
    pub(super) fn give_up(&mut self) {
        if !self.is_over() {
            self.push(Ok(StreamEvent::Finish(FinishReason::Abort)));
            self.end = Some(End::GivenUp);
        }
    }

    /// A new reader, who starts at the beginning, and its number.
    pub(super) fn join(&mut self) -> u64 {
        self.next_reader += 1;
        self.readers.push((self.next_reader, 0));
        self.next_reader
    }

    pub(super) fn leave(&mut self, reader: u64, now: Instant) {
        self.readers.retain(|(number, _)| *number != reader);
        self.attended = now;
    }

    /// Another replica has a reader.
    pub(super) fn attend(&mut self, now: Instant) {
        self.attended = now;
    }

    /// The reader's next event, if it has been said.
    pub(super) fn take(&mut self, reader: u64) -> Option<Item> {
        let (dropped, said) = (self.dropped, self.said_so_far());
        let (_, has) = self.readers.iter_mut().find(|(number, _)| *number == reader)?;
        if *has < dropped {
            // It was much slower than another one, and the reply has outgrown what is kept.
            *has = said;
            return Some(Err(ApiError::upstream_failed()));
        }
        let (item, _) = self.said.get(usize::try_from(*has - dropped).ok()?)?;
        *has += 1;
        self.delivered |= ends(item);
        let item = item.clone();
        self.trim();
        Some(item)
    }

    /// Whether [`Log::take`] would give the reader something.
    pub(super) fn has_news_for(&self, reader: u64) -> bool {
        self.readers.iter().any(|(number, has)| *number == reader && *has < self.said_so_far())
    }

    /// Whether more events are wanted: its fastest reader has almost all there are, or it runs on by itself.
    pub(super) fn has_room(&self) -> bool {
        match self.fastest() {
            _ if self.is_over() => false,
            None => !self.outgrown,
            Some(has) => {
                let ahead = self.said_so_far() - has;
                let unread = self.said.iter().rev().take(usize::try_from(ahead).unwrap_or(usize::MAX));
                ahead < WINDOW && unread.map(|(_, size)| size).sum::<usize>() < WINDOW_BYTES
            }
        }
    }

    /// Whether somebody may come who has the first `after` events; `None` stands for somebody who does not say, and who
    /// is not told again what was told to the end.
    pub(super) fn serves(&self, after: Option<u64>) -> bool {
        let unserved = !self.outgrown && self.end != Some(End::GivenUp);
        unserved && is_worth_coming(self.said_so_far(), self.is_over(), self.delivered, after)
    }

    /// The events after the first `after`.
    pub(super) fn since(&self, after: u64) -> impl Iterator<Item = &Item> {
        let skipped = usize::try_from(after.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        self.said.iter().skip(skipped).map(|(item, _)| item)
    }

    pub(super) fn said_so_far(&self) -> u64 {
        self.dropped + self.said.len() as u64
    }

    /// Whether it has no reader here.
    pub(super) fn is_alone(&self) -> bool {
        self.readers.is_empty()
    }

    pub(super) fn attended(&self) -> Instant {
        self.attended
    }

    /// What is kept of it, as about so many bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether it said more than is kept.
    pub(super) fn is_outgrown(&self) -> bool {
        self.outgrown
    }

    pub(super) fn is_over(&self) -> bool {
        self.end.is_some()
    }

    /// Whether it has said its last event and is all kept.
    pub(super) fn is_whole(&self) -> bool {
        self.end == Some(End::Said) && !self.outgrown
    }

    pub(super) fn end(&self) -> Option<End> {
        self.end
    }

    /// Whether a reader has had the last event.
    pub(super) fn is_delivered(&self) -> bool {
        self.delivered
    }

    pub(super) fn deliver(&mut self) {
        self.delivered = true;
    }

    fn fastest(&self) -> Option<u64> {
        self.readers.iter().map(|(_, has)| *has).max()
    }

    fn trim(&mut self) {
        let Some(fastest) = self.fastest().filter(|_| self.outgrown) else { return };
        while self.bytes > self.limit && self.dropped < fastest {
            self.bytes -= self.said.pop_front().map_or(0, |(_, size)| size);
            self.dropped += 1;
        }
    }
}

/// Whether a reply that has said so many events has something for a reader who has the first `after`.
pub(super) fn is_worth_coming(said: u64, over: bool, delivered: bool, after: Option<u64>) -> bool {
    match after {
        None => !(over && delivered),
        // A position beyond the end is of another reply.
        Some(after) => after < said || (after == said && !over),
    }
}

#[cfg(test)]
mod tests {
    use super::super::size::FRAME;
    use super::*;

    fn text(text: &str) -> Item {
        Ok(StreamEvent::TextDelta(text.into()))
    }

    fn stop() -> Item {
        Ok(StreamEvent::Finish(FinishReason::Stop))
    }

    /// With room for three events of one letter.
    fn log() -> Log {
        Log::new(3 * (FRAME + 1), Instant::now())
    }

    #[test]
    fn each_reader_hears_everything_from_the_beginning() {
        let mut log = log();
        let early = log.join();
        log.push(text("a"));
        assert_eq!((log.take(early), log.take(early)), (Some(text("a")), None));
        log.push(stop());
        let late = log.join();
        assert_eq!((log.take(late), log.take(late), log.take(late)), (Some(text("a")), Some(stop()), None));
        assert!(log.has_news_for(early) && !log.has_news_for(late));
    }

    #[test]
    fn a_reply_is_never_far_ahead_of_its_fastest_reader() {
        let mut log = Log::new(1 << 20, Instant::now());
        let (reader, _slower) = (log.join(), log.join());
        for _ in 0..WINDOW {
            assert!(log.has_room());
            log.push(text("a"));
        }
        assert!(!log.has_room());
        log.take(reader);
        assert!(log.has_room());
        log.push(text(&"x".repeat(WINDOW_BYTES)));
        (0..10).for_each(|_| drop(log.take(reader)));
        assert!(!log.has_room(), "much was said at once");
    }

    #[test]
    fn without_a_reader_it_runs_until_it_is_full() {
        let mut log = log();
        for _ in 0..3 {
            log.push(text("a"));
            assert!(log.has_room() && log.serves(None));
        }
        log.push(text("a"));
        assert!(!log.has_room() && log.is_outgrown() && !log.serves(Some(0)));
    }

    #[test]
    fn a_reply_that_outgrew_its_limit_goes_on_for_who_is_there_and_keeps_no_more() {
        let mut log = log();
        let (fast, slow) = (log.join(), log.join());
        for n in 0..1000 {
            log.push(text("a"));
            assert_eq!(log.take(fast), Some(text("a")), "{n}");
        }
        assert!(log.said.len() <= 3 && log.bytes <= log.limit);
        assert_eq!((log.said_so_far(), log.serves(None), log.has_room()), (1000, false, true));
        assert_eq!(log.take(slow), Some(Err(ApiError::upstream_failed())), "what it misses is gone");
        assert_eq!(log.take(slow), None);
    }

    #[test]
    fn what_was_told_to_the_end_is_told_again_only_to_who_says_where_they_are() {
        let mut log = log();
        let reader = log.join();
        log.push(text("a"));
        assert!(log.serves(None) && log.serves(Some(0)) && log.serves(Some(1)) && !log.serves(Some(2)));
        log.push(stop());
        assert!(log.serves(None) && log.serves(Some(1)) && !log.serves(Some(2)));
        (0..2).for_each(|_| drop(log.take(reader)));
        assert!(!log.serves(None) && log.serves(Some(0)) && log.serves(Some(1)) && !log.serves(Some(2)));
    }

    #[test]
    fn given_up_it_ends_as_aborted_for_who_is_there_and_serves_nobody_else() {
        let mut log = log();
        let reader = log.join();
        log.give_up();
        log.push(text("late"));
        assert_eq!(log.take(reader), Some(Ok(StreamEvent::Finish(FinishReason::Abort))));
        assert_eq!((log.take(reader), log.serves(None), log.serves(Some(0))), (None, false, false));
    }
}
