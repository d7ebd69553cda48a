//! How often one client may ask.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::client::Client;
use crate::error::ApiError;
use crate::state::AppState;

/// So many requests in so many seconds, written `20/60`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a client may make at once.
    pub requests: NonZeroU32,
    /// Seconds until they are all given back, one by one.
    pub seconds: NonZeroU32,
}

/// The text is not a [`Rate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateError;

impl fmt::Display for RateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("requests/seconds, both at least 1, such as 20/60")
    }
}

impl std::error::Error for RateError {}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.requests, self.seconds)
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (requests, seconds) = text.split_once('/').ok_or(RateError)?;
        let number = |text: &str| text.trim().parse().map_err(|_| RateError);
        Ok(Self { requests: number(requests)?, seconds: number(seconds)? })
    }
}

/// What is counted apart: error reports must not use up a visitor's questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lane {
    Chat,
    /// Answers that are read again.
    Resume,
    Forms,
}

type Limiter = RateLimiter<(Client, Lane), DashMapStateStore<(Client, Lane)>, DefaultClock, StateInformationMiddleware>;

/// Counts requests by client; forgets clients that have been away for as long as a quota lasts.
pub(crate) struct RateLimits {
    rate: Rate,
    limiter: Limiter,
    swept: Mutex<Instant>,
}

impl fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimits").field("rate", &self.rate).finish_non_exhaustive()
    }
}

/// What is left of a client's quota: requests, and seconds until there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    requests: u32,
    seconds: u64,
}

impl RateLimits {
    pub(crate) fn new(rate: Rate) -> Self {
        let step = Duration::from_secs(rate.seconds.get().into()) / rate.requests.get();
        let quota = Quota::with_period(step.max(Duration::from_nanos(1)))
            .unwrap_or(Quota::per_minute(rate.requests))
            .allow_burst(rate.requests);
        let limiter = RateLimiter::dashmap(quota).with_middleware();
        Self { rate, limiter, swept: Mutex::new(Instant::now()) }
    }

    /// Counts one request; `Err` when there is none left.
    fn check(&self, client: Client, lane: Lane) -> Result<Left, Left> {
        self.sweep();
        match self.limiter.check_key(&(client, lane)) {
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

    /// Once per window, drops the keys whose quota is whole again.
    fn sweep(&self) {
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.elapsed() > Duration::from_secs(self.rate.seconds.get().into()) {
            *swept = Instant::now();
            drop(swept);
            self.limiter.retain_recent();
        }
    }

    /// `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers.
    fn write(&self, left: Left, headers: &mut HeaderMap) {
        let Rate { requests, seconds } = self.rate;
        let policy = format!("\"default\";q={requests};w={seconds}");
        let state = format!("\"default\";r={};t={}", left.requests, left.seconds);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

/// Middleware: lets a request pass while its client has some left, and says how many on every answer.
pub(crate) async fn limit(
    State((state, lane)): State<(AppState, Lane)>,
    client: Client,
    request: Request,
    next: Next,
) -> Response {
    let limits = state.rate_limits();
    let (left, mut response) = match limits.check(client, lane) {
        Ok(left) => (left, next.run(request).await),
        Err(left) => (left, ApiError::too_many_requests(left.seconds).into_response()),
    };
    limits.write(left, response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_two_whole_numbers_above_zero() {
        assert_eq!("20/60".parse::<Rate>().unwrap().to_string(), "20/60");
        for wrong in ["", "20", "20/", "/60", "0/60", "20/0", "-1/60", "20/60/1", "1.5/60"] {
            assert_eq!(wrong.parse::<Rate>(), Err(RateError), "{wrong}");
        }
    }

    #[test]
    fn each_client_and_each_lane_has_a_quota_of_its_own() {
        let limits = RateLimits::new("2/3600".parse().unwrap());
        let (one, other) = (Client::Unknown, Client::from(std::net::IpAddr::from([192, 0, 2, 1])));
        assert_eq!(limits.check(one, Lane::Chat), Ok(Left { requests: 1, seconds: 1800 }));
        assert_eq!(limits.check(one, Lane::Chat).map(|left| left.requests), Ok(0));
        let refused = limits.check(one, Lane::Chat).unwrap_err();
        assert!((1795..=1800).contains(&refused.seconds), "{refused:?}");
        assert!(limits.check(other, Lane::Chat).is_ok());
        assert!(limits.check(one, Lane::Forms).is_ok());
    }

    #[test]
    fn very_generous_rates_work_too() {
        let limits = RateLimits::new("4000000000/1".parse().unwrap());
        assert!(limits.check(Client::Unknown, Lane::Chat).is_ok());
    }
}
