//! Requests counted in memory: by this replica alone, and for all of them while Redis is lost.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::{DashMapStateStore, ShrinkableKeyedStateStore};
use governor::{Quota, RateLimiter};

use super::quota::{Lane, Left};
use super::{MAX_CLIENTS, Rate};
use crate::client::Client;

/// How often keys are looked through while there are too many.
const SWEEP_WHEN_FULL: Duration = Duration::from_secs(1);

/// A client's quota, or the one that newcomers share while there are too many clients to tell apart.
type Key = (Option<Client>, Lane);

type Limiter = RateLimiter<Key, Clients, DefaultClock, StateInformationMiddleware>;

/// A token bucket per client; forgets clients whose bucket is full again.
pub(super) struct Local {
    rate: Rate,
    room: usize,
    limiter: Limiter,
    swept: Mutex<Instant>,
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("rate", &self.rate).field("clients", &self.limiter.len()).finish_non_exhaustive()
    }
}

impl Local {
    pub(super) fn new(rate: Rate) -> Self {
        Self::with_room(rate, MAX_CLIENTS)
    }

    fn with_room(rate: Rate, room: usize) -> Self {
        let quota = Quota::with_period(rate.step()).unwrap_or(Quota::per_minute(rate.requests));
        let clients = Clients { buckets: DashMapStateStore::default(), room };
        let limiter = RateLimiter::new(quota.allow_burst(rate.requests), clients, DefaultClock::default());
        Self { rate, room, limiter, swept: Mutex::new(Instant::now()) }
    }

    /// Counts one request; `Err` when there is none left.
    pub(super) fn count(&self, client: Client, lane: Lane) -> Result<Left, Left> {
        self.sweep();
        match self.limiter.check_key(&(Some(client), lane)) {
            Ok(state) => {
                let requests = state.remaining_burst_capacity();
                let used = self.rate.requests.get().saturating_sub(requests);
                let step = f64::from(self.rate.seconds.get()) / f64::from(self.rate.requests.get());
                Ok(Left { requests, seconds: (step * f64::from(used)).ceil() as u64 })
            }
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                Err(Left { requests: 0, seconds: wait.as_secs_f64().ceil().max(1.0) as u64 })
            }
        }
    }

    /// Once per window, and more often when there is no room, drops the keys whose quota is whole again.
    fn sweep(&self) {
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        let age = swept.elapsed();
        if age > self.rate.window() || (age > SWEEP_WHEN_FULL && self.limiter.len() >= self.room) {
            *swept = Instant::now();
            drop(swept);
            self.limiter.retain_recent();
        }
    }
}

/// Buckets by client, of which there are never many more than there is room for.
struct Clients {
    buckets: DashMapStateStore<Key>,
    room: usize,
}

impl StateStore for Clients {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let crowded = self.buckets.len() >= self.room && !self.buckets.contains_key(key);
        let key = if crowded { &(None, key.1) } else { key };
        self.buckets.measure_and_replace(key, f)
    }
}

impl ShrinkableKeyedStateStore<Key> for Clients {
    fn retain_recent(&self, drop_below: Nanos) {
        self.buckets.retain_recent(drop_below);
    }

    fn len(&self) -> usize {
        self.buckets.len()
    }

    fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn client(last: u8) -> Client {
        Client::from(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn each_client_and_each_lane_has_a_quota_of_its_own() {
        let limits = Local::new("2/3600".parse().unwrap());
        let (one, other) = (Client::Unknown, client(1));
        assert_eq!(limits.count(one, Lane::Chat), Ok(Left { requests: 1, seconds: 1800 }));
        assert_eq!(limits.count(one, Lane::Chat).map(|left| left.requests), Ok(0));
        let refused = limits.count(one, Lane::Chat).unwrap_err();
        assert!((1795..=1800).contains(&refused.seconds), "{refused:?}");
        assert!(limits.count(other, Lane::Chat).is_ok());
        assert!(limits.count(one, Lane::Forms).is_ok());
    }

    #[test]
    fn very_generous_rates_work_too() {
        let limits = Local::new("4000000000/1".parse().unwrap());
        assert!(limits.count(Client::Unknown, Lane::Chat).is_ok());
    }

    #[test]
    fn where_there_is_no_room_newcomers_share_a_quota_and_nobody_gets_a_second_one() {
        let limits = Local::with_room("1/3600".parse().unwrap(), 2);
        assert!(limits.count(client(1), Lane::Chat).is_ok() && limits.count(client(2), Lane::Chat).is_ok());
        assert!(limits.count(client(3), Lane::Chat).is_ok(), "the first of the crowd");
        for last in 1..=200 {
            assert!(limits.count(client(last), Lane::Chat).is_err(), "{last}");
        }
        assert_eq!(limits.limiter.len(), 3);
    }

    #[test]
    fn who_has_been_away_long_enough_is_forgotten() {
        // One is swept when its window is over, the other because it is full.
        for limits in [Local::new("1000/1".parse().unwrap()), Local::with_room("10000/10".parse().unwrap(), 2)] {
            assert!(limits.count(client(1), Lane::Chat).is_ok() && limits.count(client(2), Lane::Chat).is_ok());
            let started = Instant::now();
            while limits.limiter.len() > 1 {
                assert!(started.elapsed() < Duration::from_secs(5), "{limits:?}");
                std::thread::sleep(Duration::from_millis(10));
                assert!(limits.count(client(3), Lane::Chat).is_ok());
            }
        }
    }
}
