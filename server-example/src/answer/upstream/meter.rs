//! Counts what one reply took, for the owner's figures.

use natter_protocol::event::Usage;

use super::Failure;
use crate::telemetry::Metrics;

/// One reply's meter. It is read when the reply is dropped, since an API may say what it took more than once.
#[derive(Debug)]
pub(super) struct Meter {
    metrics: Metrics,
    model: String,
    usage: Option<Usage>,
}

impl Meter {
    pub(super) fn new(metrics: Metrics, model: &str) -> Self {
        Self { metrics, model: model.into(), usage: None }
    }

    /// The API says what the reply took so far.
    pub(super) fn took(&mut self, usage: Usage) {
        self.usage = Some(usage);
    }

    /// The reply failed after it had begun.
    pub(super) fn failed(&self, failure: &Failure) {
        self.metrics.upstream_failed(&self.model, failure.code());
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some(usage) = self.usage {
            self.metrics.used(&self.model, usage);
        }
    }
}
