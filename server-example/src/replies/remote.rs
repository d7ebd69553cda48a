//! Reads the copy of a reply that another replica says, or said.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use natter_protocol::event::{FinishReason, StreamEvent};
use redis::aio::{ConnectionManager, MultiplexedConnection};
use redis::streams::{StreamId, StreamRangeReply, StreamReadOptions, StreamReadReply};
use redis::{AsyncCommands, AsyncConnectionConfig, RedisResult};
use tokio::time::Instant;

use super::log::is_worth_coming;
use super::scripts::{Copy, Why};
use super::shared::Shared;
use super::{Head, Reply, wire};
use crate::answer::{Item, ends};
use crate::error::ApiError;

/// How long one question for news may wait for them; then it is asked whether the copy is still there.
const POLL: Duration = Duration::from_secs(1);
/// How much longer than that a Redis may take to answer that is there.
const PATIENCE: Duration = Duration::from_secs(1);

/// The reply of the conversation `id` out of Redis, on the terms of [`super::Replies::attach`].
pub(super) async fn attach(shared: &Shared, id: &str, after: Option<u64>) -> Option<Reply> {
    let copy = shared.copy(id);
    let key = copy.key();
    let all = async |connection: &mut ConnectionManager| -> RedisResult<StreamRangeReply> {
        connection.xrange_all(&key).await
    };
    let entries = copy.redis.run(all).await?.ids;
    let (run, Field::Head(head)) = read(entries.first()?)? else { return None };
    let mut reader = Remote {
        copy,
        run,
        keep: shared.keep(),
        ready: VecDeque::new(),
        last: String::new(),
        connection: None,
        told: None,
    };
    let mut delivered = false;
    for entry in &entries[1..] {
        delivered |= reader.take_in(entry);
    }
    let over = reader.ready.back().is_some_and(ends);
    if !is_worth_coming(reader.ready.len() as u64, over, delivered, after) {
        return None;
    }
    reader.last = entries.last()?.id.clone();
    let events = stream::unfold(reader, async |mut reader| Some((reader.next().await, reader))).boxed();
    Some(Reply { head, events, after: after.or(Some(0)) })
}

/// What an entry carries.
enum Field {
    Head(Head),
    Event(Item),
    Delivered,
    Ended(Why),
}

/// The run an entry is of, and what it carries; `None` for one of another version of this program.
fn read(entry: &StreamId) -> Option<(String, Field)> {
    let text = |name: &str| entry.get::<String>(name);
    let field = if let Some(head) = text("h") {
        Field::Head(serde_json::from_str(&head).ok()?)
    } else if let Some(event) = text("e") {
        Field::Event(wire::read(&event))
    } else if let Some(why) = text("s") {
        Field::Ended(Why::from_name(&why))
    } else {
        text("d").map(|_| Field::Delivered)?
    };
    Some((text("r")?, field))
}

/// A reader of a copy.
struct Remote {
    copy: Copy,
    run: String,
    keep: Duration,
    ready: VecDeque<Item>,
    /// The last entry that was read.
    last: String,
    connection: Option<MultiplexedConnection>,
    /// When the replica that says it was last told that it has a reader.
    told: Option<Instant>,
}

impl Remote {
    /// The next event; the last is a finish or a failure.
    async fn next(&mut self) -> Item {
        loop {
            if let Some(item) = self.ready.pop_front() {
                if ends(&item) {
                    self.deliver().await;
                }
                return item;
            }
            self.tell().await;
            if self.poll().await.is_err() {
                return Err(ApiError::upstream_failed());
            }
        }
    }

    /// Takes in an entry, and gives whether it says that the reply was delivered.
    fn take_in(&mut self, entry: &StreamId) -> bool {
        match read(entry) {
            Some((run, Field::Event(item))) if run == self.run => self.ready.push_back(item),
            Some((run, Field::Delivered)) if run == self.run => return true,
            Some((run, Field::Ended(Why::Outgrown))) if run == self.run => {
                self.ready.push_back(Err(ApiError::upstream_failed()));
            }
            // It was given up, or another reply has taken its place.
            Some(_) => self.ready.push_back(Ok(StreamEvent::Finish(FinishReason::Abort))),
            None => self.ready.push_back(Err(ApiError::upstream_failed())),
        }
        false
    }

    /// Waits a while for news.
    async fn poll(&mut self) -> RedisResult<()> {
        let key = self.copy.key();
        let mut connection = self.connect().await?;
        let block = usize::try_from(POLL.min(self.pause()).as_millis()).unwrap_or(usize::MAX);
        let options = StreamReadOptions::default().block(block);
        let news: Option<StreamReadReply> = connection.xread_options(&[&key], &[&self.last], &options).await?;
        let entries: Vec<_> = news.into_iter().flat_map(|news| news.keys).flat_map(|key| key.ids).collect();
        for entry in &entries {
            self.take_in(entry);
            self.last.clone_from(&entry.id);
        }
        if entries.is_empty() && !connection.exists::<_, bool>(&key).await? {
            // The replica that said it is gone: the copy has had no sign of life.
            self.ready.push_back(Err(ApiError::upstream_failed()));
        }
        Ok(())
    }

    /// A connection of its own, since it is busy while it waits.
    async fn connect(&mut self) -> RedisResult<MultiplexedConnection> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(POLL + PATIENCE));
        let connection = self.copy.redis.client().get_multiplexed_async_connection_with_config(&config).await?;
        self.connection = Some(connection.clone());
        Ok(connection)
    }

    /// How often a reader must be heard of.
    fn pause(&self) -> Duration {
        (self.keep / 3).min(Duration::from_secs(5))
    }

    /// Tells the replica that says it that it has a reader, often enough for it to go on.
    async fn tell(&mut self) {
        if self.told.is_none_or(|told| told.elapsed() >= self.pause()) {
            self.told = Some(Instant::now());
            self.copy.tell("reads", &self.run).await;
        }
    }

    /// The last event has been read, and whoever comes without a position is not told it again.
    async fn deliver(&self) {
        self.copy.deliver(&self.run, self.keep).await;
        self.copy.tell("done", &self.run).await;
    }
}
