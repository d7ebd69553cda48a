//! A model behind an API: one question to it, one reply from it, passed through as it comes.

mod body;
mod breaker;
mod failure;
mod meter;
mod reply;
mod retry;

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url};
use tokio::time::timeout;

pub(super) use self::breaker::Breaker;
pub(super) use self::failure::Failure;
use self::meter::Meter;
pub(super) use self::reply::Reply;
pub(super) use self::retry::Retries;
use crate::context::Prompt;
use crate::http;
use crate::settings::{Dialect, ModelSettings, Secret, SettingsError};
use crate::telemetry::Metrics;

/// Where and how models are asked.
#[derive(Debug, Clone)]
pub(super) struct Api {
    client: Client,
    dialect: Dialect,
    /// Up to the dialect's own path.
    base: String,
    key: Option<Secret>,
    /// How long it may be silent.
    patience: Duration,
    wishes: Wishes,
    metrics: Metrics,
}

/// How an answer should be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wishes {
    /// From 0 to 2.
    pub(super) temperature: f64,
    /// The most that may be written.
    pub(super) tokens: u32,
}

impl Api {
    /// # Errors
    /// When there is no TLS to be had.
    pub(super) fn new(settings: &ModelSettings, metrics: Metrics) -> Result<Self, SettingsError> {
        let client = http::client(Duration::from_secs(settings.connect_timeout));
        Ok(Self {
            client: client.map_err(|error| SettingsError::upstream(&error))?,
            dialect: settings.upstream,
            base: settings.openai_base_url.clone().unwrap_or_else(|| body::public(settings.upstream).into()),
            key: settings.openai_api_key.clone(),
            patience: Duration::from_secs(settings.upstream_timeout),
            wishes: Wishes { temperature: settings.temperature, tokens: settings.max_tokens },
            metrics,
        })
    }

    /// The same, for answers of another kind.
    pub(super) fn wishing(&self, wishes: Wishes) -> Self {
        Self { wishes, ..self.clone() }
    }

    /// Where it is, for the log.
    pub(super) fn host(&self) -> String {
        let host = Url::parse(&self.base).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_else(|| "an unnamed host".into())
    }

    /// Asks `model` once and waits until its reply has begun to say something.
    ///
    /// # Errors
    /// Whatever came in its place.
    pub(super) async fn ask(&self, model: &str, prompt: &Prompt) -> Result<Reply, Failure> {
        let asked = self.open(model, prompt).await;
        if let Err(failure) = &asked {
            self.metrics.upstream_failed(model, failure.code());
        }
        asked
    }

    async fn open(&self, model: &str, prompt: &Prompt) -> Result<Reply, Failure> {
        let response = match timeout(self.patience, self.request(model, prompt).send()).await {
            Err(_) => return Err(Failure::silent("it did not answer in time")),
            Ok(Err(error)) => return Err(Failure::broken(&error, true)),
            Ok(Ok(response)) => response,
        };
        if !response.status().is_success() {
            return Err(Failure::refused(response.status(), response.headers()));
        }
        let meter = Meter::new(self.metrics.clone(), model);
        let mut reply = Reply::new(response, self.patience, self.key.clone(), meter);
        reply.begin().await?;
        Ok(reply)
    }

    fn request(&self, model: &str, prompt: &Prompt) -> RequestBuilder {
        let request = self.client.post(format!("{}{}", self.base, body::path(self.dialect)));
        let body = body::of(self.dialect, model, prompt, self.wishes);
        body::authorize(request, self.dialect, self.key.as_ref()).json(&body)
    }
}
