//! How much may be asked: requests in a time, answers at once, tokens a day; by client and in all.
//!
//! Each limit is a file: [`local`] and [`shared`] count requests, [`streams`] answers, [`budget`] tokens.

mod admission;
mod budget;
mod local;
mod quota;
mod rate;
mod shared;
mod streams;

use std::sync::Arc;

use natter_protocol::request::Message;

pub(crate) use self::quota::{Lane, limit};
pub use self::rate::{Rate, RateError};

use self::admission::Admission;
use self::budget::Budget;
use self::local::Local;
use self::quota::Left;
use self::shared::Shared;
use self::streams::Streams;
use crate::client::Client;
use crate::error::ApiError;
use crate::redis::Redis;
use crate::settings::LimitSettings;

/// Clients that are told apart at once; more than these are counted as one.
const MAX_CLIENTS: usize = 100_000;
/// When to ask again while there are too many answers on their way, in seconds: about as long as one takes.
const MAKE_ROOM: u64 = 5;

/// Every limit on how much may be asked.
#[derive(Debug)]
pub(crate) struct Limits {
    rate: Rate,
    local: Local,
    shared: Option<Shared>,
    streams: Arc<Streams>,
    budget: Arc<Budget>,
}

impl Limits {
    /// With a Redis, requests and tokens are counted for all replicas together.
    pub(crate) fn new(settings: &LimitSettings, redis: Option<Redis>) -> Self {
        let rate = settings.rate_limit;
        Self {
            rate,
            local: Local::new(rate),
            shared: redis.clone().map(|redis| Shared::new(rate, redis)),
            streams: Streams::new(settings.client_streams, settings.max_streams),
            budget: Arc::new(Budget::new(settings.client_tokens, settings.daily_tokens, redis)),
        }
    }

    /// Counts one request; `Err` when there is none left.
    ///
    /// It is always counted here too, so that losing Redis gives nobody a fresh quota.
    async fn count(&self, client: Client, lane: Lane) -> Result<Left, Left> {
        let here = self.local.count(client, lane);
        let shared = match &self.shared {
            Some(shared) => shared.count(client, lane).await,
            None => None,
        };
        shared.unwrap_or(here)
    }

    /// Leave to answer `messages`.
    ///
    /// # Errors
    /// - 503 when as many answers as allowed are on their way, to this client or in all,
    /// - 429 when the tokens of the day are used up.
    pub(crate) async fn admit(&self, client: Client, messages: &[Message]) -> Result<Admission, ApiError> {
        let permit = self.streams.enter(client).ok_or_else(|| ApiError::overloaded(MAKE_ROOM))?;
        if let Some(seconds) = self.budget.exhausted(client).await {
            return Err(ApiError::budget_exhausted(seconds));
        }
        let asked = messages.iter().map(|message| message.plain_text().chars().count()).sum();
        Ok(Admission { permit, budget: Arc::clone(&self.budget), client, asked })
    }
}
