//! The replies said here, as other replicas see them: each is copied to Redis while it is said, and what the others want
//! of it is heard. A reply never waits for Redis: the copy follows the log as fast as it can.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use redis::RedisResult;
use redis::aio::PubSub;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::kept::Kept;
use super::log::{End, Log};
use super::scripts::{Appended, CHANNEL, Copy, Why};
use super::wire;
use crate::redis::Redis;

/// How often a sign of life is given to a copy with nothing to add.
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);
/// Without one for so long, whoever said the reply is gone, and so is the copy.
const EXPIRY: Duration = Duration::from_secs(15);
/// Pause before a lost Redis is tried again.
const PAUSE: Duration = Duration::from_millis(300);
/// How many events are copied at once.
const BATCH: usize = 256;

/// The replies' side of Redis.
#[derive(Debug)]
pub(super) struct Shared {
    redis: Redis,
    /// How long a reply that is over is kept.
    keep: Duration,
    /// How many copies are being written.
    writing: watch::Sender<usize>,
    ear: Mutex<Option<AbortHandle>>,
}

/// What a replica wants of another's reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Order<'a> {
    /// Another run may have been replaced.
    Began { id: &'a str, run: &'a str },
    /// Give up this run, or whatever is said in this conversation.
    Stop { id: &'a str, run: Option<&'a str> },
    /// It has a reader elsewhere.
    Reads { id: &'a str, run: &'a str },
    /// A reader elsewhere has had the last event.
    Delivered { id: &'a str, run: &'a str },
}

impl<'a> Order<'a> {
    fn read(message: &'a str) -> Option<Self> {
        let (verb, rest) = message.split_once(' ')?;
        let (run, id) = rest.split_once(' ')?;
        match verb {
            "began" => Some(Self::Began { id, run }),
            "stop" => Some(Self::Stop { id, run: Some(run).filter(|run| *run != "-") }),
            "reads" => Some(Self::Reads { id, run }),
            "done" => Some(Self::Delivered { id, run }),
            _ => None,
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(ear) = self.ear.lock().unwrap_or_else(PoisonError::into_inner).take() {
            ear.abort();
        }
    }
}

impl Shared {
    pub(super) fn new(redis: Redis, keep: Duration) -> Self {
        Self { redis, keep, writing: watch::Sender::new(0), ear: Mutex::new(None) }
    }

    pub(super) fn copy(&self, id: &str) -> Copy {
        Copy { redis: self.redis.clone(), id: id.into() }
    }

    pub(super) fn keep(&self) -> Duration {
        self.keep
    }

    pub(super) async fn stop(&self, id: &str) {
        self.copy(id).end(None, Why::GivenUp).await;
    }

    pub(super) async fn settled(&self) {
        let _ = self.writing.subscribe().wait_for(|writing| *writing == 0).await;
    }

    /// Copies the reply until it is over and known to be delivered, or is not worth copying any more.
    pub(super) fn follow(&self, id: &str, kept: Arc<Kept>) {
        self.writing.send_modify(|writing| *writing += 1);
        let writing = Writing(self.writing.clone());
        let writer = Writer { copy: self.copy(id), kept, keep: self.keep, written: 0 };
        tokio::spawn(async move {
            let Some(writer) = writer.write(writing).await else { return };
            let _ = timeout(writer.keep, writer.deliver()).await;
        });
    }

    /// Hands on what other replicas want, until there is nobody to hand it to.
    pub(super) fn listen(&self, mut hear: impl FnMut(Order<'_>) -> Option<()> + Send + 'static) {
        let mut ear = self.ear.lock().unwrap_or_else(PoisonError::into_inner);
        if ear.is_some() {
            return;
        }
        let redis = self.redis.clone();
        let listening = async move {
            loop {
                if let Ok(Ok(channel)) = timeout(PAUSE, subscribe(&redis)).await {
                    let mut messages = channel.into_on_message();
                    while let Some(message) = messages.next().await {
                        let text = message.get_payload::<String>().unwrap_or_default();
                        if Order::read(&text).is_some_and(|order| hear(order).is_none()) {
                            return;
                        }
                    }
                }
                sleep(PAUSE).await;
            }
        };
        *ear = Some(tokio::spawn(listening).abort_handle());
    }
}

async fn subscribe(redis: &Redis) -> RedisResult<PubSub> {
    let mut channel = redis.client().get_async_pubsub().await?;
    channel.subscribe(CHANNEL).await?;
    Ok(channel)
}

/// Counts one copy as being written until it is dropped.
struct Writing(watch::Sender<usize>);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.send_modify(|writing| *writing = writing.saturating_sub(1));
    }
}

/// Writes one copy.
struct Writer {
    copy: Copy,
    kept: Arc<Kept>,
    keep: Duration,
    /// How many events the copy has.
    written: u64,
}

impl Writer {
    /// Follows the reply to its end; `None` when there is no copy that anybody may read.
    async fn write(mut self, _writing: Writing) -> Option<Self> {
        let head = serde_json::to_string(&self.kept.head).unwrap_or_default();
        loop {
            match self.copy.begin(&self.kept.run, &head, EXPIRY).await {
                Some(true) => break,
                Some(false) => return None,
                None if self.kept.log.borrow().is_over() => return None,
                None => sleep(PAUSE).await,
            }
        }
        loop {
            let written = self.written;
            let news = self.kept.until(|log| log.said_so_far() > written || log.is_over());
            tokio::select! {
                () = news => {}
                () = self.kept.doubted() => {}
                () = sleep(SIGN_OF_LIFE) => {}
            }
            if let Some(why) = self.unreadable() {
                self.copy.end(Some(&self.kept.run), why).await;
                return None;
            }
            let (events, over) = self.batch();
            let expiry = if over { self.keep } else { EXPIRY };
            match self.copy.append(&self.kept.run, self.written, &events, expiry).await {
                Some(Appended::Done) => self.written += events.len() as u64,
                Some(Appended::Gone) => return None,
                Some(Appended::Ended) => {
                    self.kept.give_up();
                    return None;
                }
                None if over && !self.copy.redis.is_up() => return None,
                None => {
                    sleep(PAUSE).await;
                    continue;
                }
            }
            if over {
                return Some(self);
            }
        }
    }

    /// Tells the copy's readers when a reader has had the last event.
    async fn deliver(&self) {
        self.kept.until(Log::is_delivered).await;
        self.copy.deliver(&self.kept.run, self.keep).await;
    }

    fn unreadable(&self) -> Option<Why> {
        let log = self.kept.log.borrow();
        if log.end() == Some(End::GivenUp) { Some(Why::GivenUp) } else { log.is_outgrown().then_some(Why::Outgrown) }
    }

    /// The next events, and whether they are the last.
    fn batch(&self) -> (Vec<String>, bool) {
        let log = self.kept.log.borrow();
        let events: Vec<_> = log.since(self.written).take(BATCH).map(wire::write).collect();
        let last = log.is_over() && self.written + events.len() as u64 == log.said_so_far();
        (events, last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_name_a_run_and_a_conversation_and_nothing_else_is_one() {
        assert_eq!(Order::read("stop - a"), Some(Order::Stop { id: "a", run: None }));
        assert_eq!(Order::read("stop r1 a"), Some(Order::Stop { id: "a", run: Some("r1") }));
        assert_eq!(Order::read("began r1 a"), Some(Order::Began { id: "a", run: "r1" }));
        assert_eq!(Order::read("reads r1 a"), Some(Order::Reads { id: "a", run: "r1" }));
        assert_eq!(Order::read("done r1 a"), Some(Order::Delivered { id: "a", run: "r1" }));
        for other in ["", "stop", "stop r1", "sing r1 a"] {
            assert_eq!(Order::read(other), None, "{other}");
        }
    }
}
