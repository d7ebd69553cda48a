//! Replies that outlast their readers: one whose request named its conversation can be read again, from any point.
//!
//! `log.rs` is what a reply has said and who has read how far, `pump.rs` lets it be said, `registry.rs` knows which are
//! kept. With Redis, `shared.rs` copies each reply there and hears what other replicas want of it, and `remote.rs` reads
//! the copies of theirs. Without, or while it is lost, a reply can be read where it is said and nowhere else.
//!
//! Whoever knows a conversation's id can read its reply and stop it. The ids are the clients' own, and those of the widget
//! and of the AI SDK are hard to guess; so must others be.

mod kept;
mod log;
mod pump;
mod registry;
mod remote;
mod scripts;
mod shared;
mod size;
mod wire;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use self::kept::Head;
use self::kept::Kept;
use self::log::Log;
use self::registry::Registry;
use self::shared::{Order, Shared};
use crate::answer::Events;
use crate::redis::Redis;
use crate::settings::ServingSettings;

/// Replies kept at once by one replica, under way or over.
const KEPT: usize = 10_000;
/// Bytes of those that are over: a thousand long answers.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// A reply as one reader gets it.
pub(crate) struct Reply {
    pub(crate) head: Head,
    /// From the first on, whatever the reader has already.
    pub(crate) events: Events,
    /// How many events the reader has already; `None` when the reply cannot be resumed.
    pub(crate) after: Option<u64>,
}

/// Every reply that can be resumed, behind one cheap clone.
#[derive(Debug, Clone)]
pub(crate) struct Replies(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Mutex<Registry>,
    /// Tells this replica from others.
    name: u64,
    /// How many replies it has begun.
    begun: AtomicU64,
    /// How long a reply goes on without a reader, and is kept when it is over.
    grace: Duration,
    /// Bytes of one reply.
    buffer: usize,
    shared: Option<Shared>,
}

impl Replies {
    /// With `redis`, replicas that use the same one can read and stop each other's replies.
    pub(crate) fn new(settings: &ServingSettings, redis: Option<Redis>) -> Self {
        let grace = Duration::from_secs(settings.resume_seconds);
        let registry = Mutex::new(Registry::new(KEPT, KEPT_BYTES));
        let shared = redis.map(|redis| Shared::new(redis, grace));
        let replies = Self(Arc::new(Inner {
            registry,
            name: fastrand::u64(..),
            begun: AtomicU64::new(0),
            grace,
            buffer: settings.resume_buffer,
            shared,
        }));
        // Outside a runtime, where a router may be built too, it begins with the first reply.
        if tokio::runtime::Handle::try_current().is_ok() {
            replies.listen();
        }
        replies
    }

    /// The reply of the conversation `id`, which outlasts this reader and replaces the one before.
    pub(crate) fn begin(&self, id: &str, head: Head, events: Events) -> Reply {
        let nth = self.0.begun.fetch_add(1, Ordering::Relaxed);
        let run = format!("{:016x}{nth:016x}", self.0.name);
        let kept = Arc::new(Kept::new(run, head.clone(), self.0.buffer));
        let replaced = if self.0.grace.is_zero() { None } else { self.registry().insert(id, Arc::clone(&kept)).ok() };
        let Some(replaced) = replaced else { return Reply { head, events, after: None } };
        if let Some(replaced) = replaced {
            replaced.give_up();
        }
        let reply = Reply { head, events: Arc::clone(&kept).read(), after: Some(0) };
        if let Some(shared) = &self.0.shared {
            self.listen();
            shared.follow(id, Arc::clone(&kept));
        }
        tokio::spawn(self.clone().keep(id.to_owned(), kept, events));
        reply
    }

    /// The reply of the conversation `id` for a reader who has its first `after` events, or does not say.
    ///
    /// There is none when none is kept, when it was given up, and when there is nothing left to tell: a reader who does
    /// not say is not told again what another one heard to the end.
    pub(crate) async fn attach(&self, id: &str, after: Option<u64>) -> Option<Reply> {
        let kept = self.registry().get(id).cloned();
        match (kept, &self.0.shared) {
            (Some(kept), _) => {
                let serves = kept.log.borrow().serves(after);
                serves.then(|| Reply { head: kept.head.clone(), events: kept.read(), after: after.or(Some(0)) })
            }
            (None, Some(shared)) => remote::attach(shared, id, after).await,
            (None, None) => None,
        }
    }

    /// Gives up the reply of the conversation `id`, wherever it is said, if there is one.
    pub(crate) async fn stop(&self, id: &str) {
        self.give_up(id, None);
        if let Some(shared) = &self.0.shared {
            shared.stop(id).await;
        }
    }

    /// Waits until no reply is on its way to other replicas. A reply that nobody else could read is not worth waiting for.
    pub(crate) async fn settled(&self) {
        if let Some(shared) = &self.0.shared {
            shared.settled().await;
        }
    }

    async fn keep(self, id: String, kept: Arc<Kept>, events: Events) {
        pump::drive(events, &kept, self.0.grace).await;
        let run = kept.run.clone();
        let worth_keeping = kept.log.borrow().is_whole();
        drop(kept);
        if worth_keeping {
            self.registry().is_over(&id, &run);
            tokio::time::sleep(self.0.grace).await;
        }
        self.registry().remove(&id, &run);
    }

    /// Gives up what is said here in the conversation `id`, if it is of that run.
    fn give_up(&self, id: &str, run: Option<&str>) {
        let mut registry = self.registry();
        let Some(kept) = registry.get(id).filter(|kept| run.is_none_or(|run| run == kept.run)).cloned() else { return };
        registry.remove(id, &kept.run);
        drop(registry);
        kept.give_up();
    }

    /// Hears what other replicas want of the replies that are said here, from now on.
    fn listen(&self) {
        let Some(shared) = &self.0.shared else { return };
        let inner = Arc::downgrade(&self.0);
        shared.listen(move |order| {
            let replies = Self(inner.upgrade()?);
            replies.obey(order);
            Some(())
        });
    }

    fn obey(&self, order: Order<'_>) {
        let kept = |id: &str| self.registry().get(id).cloned();
        let change = |id: &str, run: &str, change: fn(&mut Log)| {
            if let Some(kept) = kept(id).filter(|kept| kept.run == run) {
                kept.log.send_modify(change);
            }
        };
        match order {
            Order::Began { id, run } => {
                if let Some(kept) = kept(id).filter(|kept| kept.run != run) {
                    kept.doubt();
                }
            }
            Order::Stop { id, run } => self.give_up(id, run),
            Order::Reads { id, run } => change(id, run, |log| log.attend(tokio::time::Instant::now())),
            Order::Delivered { id, run } => change(id, run, Log::deliver),
        }
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.0.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
