//! What the handlers share.

use std::sync::Arc;

use crate::answer::Answerer;
use crate::contact::Notes;
use crate::life::Life;
use crate::limits::Limits;
use crate::redis::Redis;
use crate::replies::Replies;
use crate::settings::{Settings, SettingsError};
use crate::telemetry::Metrics;

/// Everything a request needs, behind one cheap clone.
#[derive(Debug, Clone)]
pub struct AppState(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: Settings,
    answerer: Answerer,
    limits: Limits,
    notes: Notes,
    redis: Option<Redis>,
    metrics: Metrics,
    life: Life,
    replies: Replies,
}

impl AppState {
    /// Reads the files the settings name and chooses who answers: a model when there is a key, the notes otherwise.
    ///
    /// # Errors
    /// A sentence that names the setting whose file or folder cannot be used.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let redis = settings.limits.redis_url.as_ref().map(Redis::new).transpose();
        let redis = redis.map_err(|why| SettingsError::value("redis_url", &why))?;
        let replies = Replies::new(&settings.serving, redis.clone());
        let metrics = Metrics::new(settings.model.prices.clone());
        let answerer = Answerer::new(&settings, &metrics)?;
        Ok(Self(Arc::new(Shared {
            answerer,
            limits: Limits::new(&settings.limits, redis.clone()),
            notes: Notes::new(settings.contact_file.clone()),
            redis,
            metrics,
            life: Life::new(),
            replies,
            settings,
        })))
    }

    /// Who answers, in words for the start of the log.
    #[must_use]
    pub fn answers_from(&self) -> String {
        self.0.answerer.to_string()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn answerer(&self) -> &Answerer {
        &self.0.answerer
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn redis(&self) -> Option<&Redis> {
        self.0.redis.as_ref()
    }

    pub(crate) fn notes(&self) -> &Notes {
        &self.0.notes
    }

    pub(crate) fn life(&self) -> &Life {
        &self.0.life
    }

    pub(crate) fn replies(&self) -> &Replies {
        &self.0.replies
    }
}
