//! Leaves a model alone that has failed again and again.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::limits::Rate;

/// What those are told who come while the one trial is under way.
const SOON: Duration = Duration::from_secs(1);

/// One model's record: so many failures in a row, and it is not asked for so many seconds; then one question is its trial.
pub(in crate::answer) struct Breaker {
    model: String,
    limit: u32,
    rest: Duration,
    record: Mutex<Record>,
}

#[derive(Debug, Default)]
struct Record {
    /// In a row.
    failures: u32,
    /// Set while it is left alone, and during the trial after that.
    until: Option<Instant>,
    trial: bool,
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker").field("model", &self.model).field("record", &self.record).finish_non_exhaustive()
    }
}

impl Breaker {
    pub(in crate::answer) fn new(model: &str, rate: Rate) -> Self {
        let rest = Duration::from_secs(rate.seconds.get().into());
        Self { model: model.into(), limit: rate.requests.get(), rest, record: Mutex::default() }
    }

    /// Lets one attempt begin.
    ///
    /// # Errors
    /// How long the model is still left alone.
    pub(in crate::answer) fn admit(&self) -> Result<Attempt<'_>, Duration> {
        let mut record = self.record();
        let Some(until) = record.until else { return Ok(Attempt { breaker: self, trial: false, settled: false }) };
        match until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            Some(left) => Err(left),
            None if record.trial => Err(SOON),
            None => {
                record.trial = true;
                Ok(Attempt { breaker: self, trial: true, settled: false })
            }
        }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One attempt under way. Dropped without an outcome (the visitor left, or the request was refused), it counts neither way,
/// and a trial is free again.
#[derive(Debug)]
#[must_use]
pub(in crate::answer) struct Attempt<'a> {
    breaker: &'a Breaker,
    trial: bool,
    settled: bool,
}

impl Attempt<'_> {
    pub(in crate::answer) fn succeeded(mut self) {
        self.settled = true;
        let mut record = self.breaker.record();
        // An attempt from before the model was left alone proves nothing about it now.
        if record.until.is_none() || self.trial {
            if self.trial {
                tracing::info!(model = self.breaker.model, "the model answers again");
            }
            *record = Record::default();
        }
    }

    pub(in crate::answer) fn failed(mut self) {
        self.settled = true;
        let mut record = self.breaker.record();
        record.failures = record.failures.saturating_add(1);
        let closed = record.until.is_some() && !self.trial;
        if !closed && (self.trial || record.failures >= self.breaker.limit) {
            let seconds = self.breaker.rest.as_secs();
            tracing::warn!(model = self.breaker.model, record.failures, seconds, "the model is left alone");
            record.until = Some(Instant::now() + self.breaker.rest);
            record.trial = false;
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if self.trial && !self.settled {
            self.breaker.record().trial = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn failing(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.admit().unwrap().failed();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn failures_in_a_row_close_it_and_one_trial_decides() {
        let breaker = Breaker::new("m", "3/30".parse().unwrap());
        failing(&breaker, 2);
        breaker.admit().unwrap().succeeded();
        failing(&breaker, 2);
        assert!(breaker.admit().is_ok(), "a success in between counts");
        failing(&breaker, 1);
        assert_eq!(breaker.admit().err(), Some(Duration::from_secs(30)));
        advance(Duration::from_secs(29)).await;
        assert_eq!(breaker.admit().err(), Some(Duration::from_secs(1)));

        advance(Duration::from_secs(1)).await;
        let trial = breaker.admit().unwrap();
        assert_eq!(breaker.admit().err(), Some(SOON), "one trial at a time");
        trial.failed();
        assert_eq!(breaker.admit().err(), Some(Duration::from_secs(30)));

        advance(Duration::from_secs(30)).await;
        breaker.admit().unwrap().succeeded();
        failing(&breaker, 2);
        assert!(breaker.admit().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_trial_that_is_given_up_is_free_again() {
        let breaker = Breaker::new("m", "1/5".parse().unwrap());
        failing(&breaker, 1);
        advance(Duration::from_secs(5)).await;
        drop(breaker.admit().unwrap());
        breaker.admit().unwrap().succeeded();
        assert!(breaker.admit().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_from_before_neither_open_nor_lengthen_it() {
        let breaker = Breaker::new("m", "1/5".parse().unwrap());
        let (early, late) = (breaker.admit().unwrap(), breaker.admit().unwrap());
        failing(&breaker, 1);
        early.succeeded();
        advance(Duration::from_secs(1)).await;
        late.failed();
        assert_eq!(breaker.admit().err(), Some(Duration::from_secs(4)));
    }
}
