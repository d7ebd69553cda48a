//! One kept reply: how it is introduced, its log, and a way to wait for either side.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::StreamExt;
use futures_util::stream;
use natter_protocol::encode::{Encoder, Format};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::log::Log;
use crate::answer::{Events, Item};

/// What the formats say of a reply beside its events: the same to each of its readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    message_id: String,
    model: String,
    /// Seconds since 1970.
    created: u64,
}

impl Head {
    /// Of a reply that begins now, to the request of this id.
    pub(crate) fn new(request_id: &str, model: &str) -> Self {
        let created = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self { message_id: format!("msg-{request_id}"), model: model.into(), created }
    }

    pub(crate) fn encoder(&self, format: Format) -> Encoder {
        Encoder::new(format, &self.message_id, &self.model, self.created)
    }
}

/// A reply that is kept, or was until a moment ago: its readers may outlast it.
#[derive(Debug)]
pub(super) struct Kept {
    /// Tells it from others of the same conversation; of those of one replica the later sorts behind.
    pub(super) run: String,
    pub(super) head: Head,
    /// Whoever changes it wakes those who wait for a change.
    pub(super) log: watch::Sender<Log>,
    doubt: Notify,
}

impl Kept {
    pub(super) fn new(run: String, head: Head, limit: usize) -> Self {
        Self { run, head, log: watch::Sender::new(Log::new(limit, Instant::now())), doubt: Notify::new() }
    }

    /// Everything it has said and will say. Dropping the events is leaving.
    pub(super) fn read(self: Arc<Self>) -> Events {
        let mut number = 0;
        self.log.send_modify(|log| number = log.join());
        let reader = Reader { news: self.log.subscribe(), kept: self, number };
        stream::unfold(reader, async |mut reader| Some((reader.next().await?, reader))).boxed()
    }

    pub(super) fn give_up(&self) {
        self.log.send_modify(Log::give_up);
    }

    /// Another reply of the conversation has begun elsewhere, before this one or after: the copy tells.
    pub(super) fn doubt(&self) {
        self.doubt.notify_one();
    }

    /// Waits for a doubt.
    pub(super) async fn doubted(&self) {
        self.doubt.notified().await;
    }

    /// Waits until the log is as described.
    pub(super) async fn until(&self, described: impl FnMut(&Log) -> bool) {
        // Fails only when the sender is gone, which is right here.
        let _ = self.log.subscribe().wait_for(described).await;
    }
}

struct Reader {
    kept: Arc<Kept>,
    news: watch::Receiver<Log>,
    number: u64,
}

impl Reader {
    async fn next(&mut self) -> Option<Item> {
        let number = self.number;
        if self.news.wait_for(|log| log.has_news_for(number)).await.is_err() {
            return None;
        }
        let mut item = None;
        // Nobody else need look up but for room that there was not, or for the end.
        self.kept.log.send_if_modified(|log| {
            let before = (log.has_room(), log.is_delivered());
            item = log.take(number);
            before != (log.has_room(), log.is_delivered())
        });
        item
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.kept.log.send_modify(|log| log.leave(self.number, Instant::now()));
    }
}
