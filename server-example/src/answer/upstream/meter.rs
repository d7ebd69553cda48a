//! Counts what one reply took, for the owner's figures.

use natter_protocol::event::Usage;

use super::Failure;
use crate::telemetry::Metrics;

/// One reply's meter.
#[derive(Debug)]
pub(super) struct Meter {
    metrics: Metrics,
    model: String,
}

impl Meter {
    pub(super) fn new(metrics: Metrics, model: &str) -> Self {
        Self { metrics, model: model.into() }
    }

    /// The API says what the reply took: once, in the end.
    pub(super) fn took(&self, usage: Usage) {
        self.metrics.used(&self.model, usage);
    }

    /// The reply failed after it had begun.
    pub(super) fn failed(&self, failure: &Failure) {
        self.metrics.upstream_failed(&self.model, failure.code());
    }
}
