//! Requests counted in Redis, so that any number of replicas share one limit.

use std::time::Duration;

use redis::Script;

use super::Rate;
use super::quota::{Lane, Left};
use crate::client::Client;
use crate::redis::Redis;

/// The generic cell rate algorithm, in one step that nothing comes between, on Redis' own clock.
///
/// A key holds the time at which its client's quota is whole again, and expires then. `ARGV` is the quota in requests
/// and its window in microseconds. The result is whether the request counts, how many are left, and after how many
/// microseconds there are more. A time further away than the window comes from a rate that was set before, or from a
/// clock that jumped, and counts as the window.
const GCRA: &str = r"
local quota, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local whole = tonumber(redis.call('GET', KEYS[1]) or now)
whole = math.min(math.max(whole, now), now + window)
local after = whole + window / quota
if after - now > window + 0.5 then
  return { 0, 0, math.ceil(after - now - window) }
end
redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil((after - now) / 1000))
return { 1, math.floor((window - (after - now)) * quota / window + 0.001), math.ceil(after - now) }
";

/// The limit that all replicas share. It takes Redis 5 or newer, whose scripts may look at the clock before they write.
#[derive(Debug)]
pub(super) struct Shared {
    rate: Rate,
    redis: Redis,
    script: Script,
}

impl Shared {
    pub(super) fn new(rate: Rate, redis: Redis) -> Self {
        Self { rate, redis, script: Script::new(GCRA) }
    }

    /// Counts one request; the inner `Err` when there is none left, `None` when Redis cannot say.
    pub(super) async fn count(&self, client: Client, lane: Lane) -> Option<Result<Left, Left>> {
        let mut call = self.script.key(format!("natter:rate:{}:{client}", lane.name()));
        call.arg(self.rate.requests.get()).arg(self.rate.window().as_micros() as u64);
        let (counts, requests, wait): (u8, u32, u64) =
            self.redis.run(async move |connection| call.invoke_async(connection).await).await?;
        let left = Left { requests, seconds: Duration::from_micros(wait).as_secs_f64().ceil() as u64 };
        Some(if counts == 1 { Ok(left) } else { Err(Left { seconds: left.seconds.max(1), ..left }) })
    }
}
