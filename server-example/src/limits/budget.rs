//! Tokens of the day, per client and in all. A day begins at midnight UTC.
//!
//! The budget is looked at before an answer and charged after it, since only then is its price known: answers that are
//! on their way when a budget runs out still end. Every replica counts what it charges itself; with a Redis it adds
//! that to what all replicas charge, and what counts is the larger of the two, so that neither a lost Redis nor one
//! that comes back empty gives a day's budget out again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use redis::pipe;

use super::MAX_CLIENTS;
use crate::client::Client;
use crate::redis::Redis;

/// How long Redis keeps a day's count, in seconds: longer than the day, whatever its clock says.
const KEPT: i64 = 48 * 3600;

/// What may be used a day, and what was. A limit of 0 is none.
#[derive(Debug)]
pub(super) struct Budget {
    per_client: u64,
    in_all: u64,
    redis: Option<Redis>,
    today: Mutex<Day>,
}

/// What this replica charged on one day.
#[derive(Debug, Default)]
struct Day {
    date: Date,
    in_all: u64,
    by_client: HashMap<Client, u64>,
    /// What clients used for whom there was no room; it counts for each of them.
    others: u64,
}

impl Day {
    /// The count of `date`, which begins at nothing when that is another day.
    fn on(&mut self, date: Date) -> &mut Self {
        if self.date != date {
            *self = Self { date, ..Self::default() };
        }
        self
    }

    fn charge(&mut self, client: Client, tokens: u64) {
        self.in_all = self.in_all.saturating_add(tokens);
        let has_room = self.by_client.len() < MAX_CLIENTS || self.by_client.contains_key(&client);
        let used = if has_room { self.by_client.entry(client).or_default() } else { &mut self.others };
        *used = used.saturating_add(tokens);
    }

    /// Tokens of the client and of all.
    fn used(&self, client: Client) -> (u64, u64) {
        (self.by_client.get(&client).copied().unwrap_or(self.others), self.in_all)
    }
}

impl Budget {
    pub(super) fn new(per_client: u64, in_all: u64, redis: Option<Redis>) -> Self {
        Self { per_client, in_all, redis, today: Mutex::default() }
    }

    /// Whether there is a limit at all; without one nothing is counted.
    pub(super) fn is_limited(&self) -> bool {
        self.per_client > 0 || self.in_all > 0
    }

    /// Seconds until there is a new budget when `client` or all together used up today's.
    pub(super) async fn exhausted(&self, client: Client) -> Option<u64> {
        if !self.is_limited() {
            return None;
        }
        let now = Timestamp::now();
        let mut used = self.here(date(now), |day| day.used(client));
        if let Some(redis) = &self.redis {
            let keys = keys(client, date(now));
            let command = async move |connection: &mut _| redis::cmd("MGET").arg(&keys).query_async(connection).await;
            let shared: Option<(Option<u64>, Option<u64>)> = redis.run(command).await;
            let (client, all) = shared.unwrap_or_default();
            used = (used.0.max(client.unwrap_or(0)), used.1.max(all.unwrap_or(0)));
        }
        let is_over = |limit, used| limit > 0 && used >= limit;
        (is_over(self.per_client, used.0) || is_over(self.in_all, used.1)).then(|| until_midnight(now))
    }

    /// Counts what an answer used, here at once and in Redis when the future is awaited.
    pub(super) fn charge(&self, client: Client, tokens: u64) -> impl Future<Output = ()> + Send + use<> {
        let date = date(Timestamp::now());
        self.here(date, |day| day.charge(client, tokens));
        let redis = self.redis.clone();
        async move {
            let Some(redis) = redis else { return };
            let mut add = pipe();
            for key in keys(client, date) {
                add.cmd("INCRBY").arg(&key).arg(tokens).ignore().cmd("EXPIRE").arg(&key).arg(KEPT).ignore();
            }
            let _: Option<()> = redis.run(async move |connection| add.atomic().query_async(connection).await).await;
        }
    }

    fn here<T>(&self, date: Date, count: impl FnOnce(&mut Day) -> T) -> T {
        count(self.today.lock().unwrap_or_else(PoisonError::into_inner).on(date))
    }
}

/// Where Redis counts the client's tokens and those of all.
fn keys(client: Client, date: Date) -> [String; 2] {
    [format!("natter:tokens:{date}:client:{client}"), format!("natter:tokens:{date}:all")]
}

fn date(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// Whole seconds, at least one.
fn until_midnight(now: Timestamp) -> u64 {
    let now = now.to_zoned(TimeZone::UTC).datetime();
    let midnight = now.date().saturating_add(1.day()).to_datetime(jiff::civil::Time::midnight());
    let left: SignedDuration = midnight.duration_since(now);
    u64::try_from(left.as_secs()).unwrap_or(0).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn midnight_utc_gives_a_new_budget() {
        let (one, other) = (Client::Unknown, Client::from(IpAddr::from([192, 0, 2, 1])));
        let at = |text: &str| date(text.parse().unwrap());
        let mut day = Day::default();
        day.on(at("2026-11-23T23:59:59Z")).charge(one, 70);
        assert_eq!(day.on(at("2026-11-23T23:59:59.9Z")).used(one), (70, 70));
        assert_eq!(day.used(other), (0, 70));
        assert_eq!(day.on(at("2026-11-24T00:00:00Z")).used(one), (0, 0));
        assert_eq!(until_midnight("2026-11-23T23:59:59.5Z".parse().unwrap()), 1);
        assert_eq!(until_midnight("2026-11-23T00:00:00Z".parse().unwrap()), 86_401);
    }

    #[test]
    fn whom_there_is_no_room_for_counts_with_the_others() {
        let mut day = Day::default();
        for n in 0..MAX_CLIENTS as u32 + 2 {
            day.charge(Client::from(IpAddr::from(n.to_be_bytes())), 1);
        }
        assert_eq!(day.by_client.len(), MAX_CLIENTS);
        assert_eq!(day.used(Client::Unknown), (2, MAX_CLIENTS as u64 + 2));
        assert_eq!(day.used(Client::from(IpAddr::from([0, 0, 0, 1]))).0, 1);
    }
}
