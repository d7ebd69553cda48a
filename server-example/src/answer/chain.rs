//! The models in the order in which they are asked: the next when the one before failed or is left alone.

use std::fmt;
use std::time::Duration;

use super::upstream::{Api, Breaker, Reply, Retries};
use crate::context::Prompt;
use crate::error::ApiError;
use crate::settings::ModelSettings;

/// The model that the settings name, and its fallbacks.
#[derive(Debug)]
pub(super) struct Chain {
    api: Api,
    first: String,
    models: Vec<Model>,
    retries: u32,
}

#[derive(Debug)]
struct Model {
    name: String,
    breaker: Breaker,
}

/// Why a model does not answer.
enum No {
    Failed(ApiError),
    /// It is left alone for so long.
    Closed(Duration),
}

impl Chain {
    pub(super) fn new(api: Api, settings: &ModelSettings) -> Self {
        let names = std::iter::once(&settings.openai_model).chain(&settings.fallback_models);
        let model = |name: &String| Model { name: name.clone(), breaker: Breaker::new(name, settings.breaker) };
        let models = names.map(model).collect();
        Self { api, first: settings.openai_model.clone(), models, retries: settings.retries }
    }

    /// The name of the model that answers when all is well.
    pub(super) fn first(&self) -> &str {
        &self.first
    }

    /// Asks one model after the other, until one has begun to answer.
    ///
    /// # Errors
    /// The last failure, or "unavailable" when no model was to be asked.
    pub(super) async fn ask(&self, prompt: &Prompt) -> Result<Reply, ApiError> {
        let mut failed = None;
        let mut soonest = Duration::MAX;
        for model in &self.models {
            match self.ask_one(model, prompt).await {
                Ok(reply) => {
                    if model.name != self.first {
                        tracing::warn!(model = model.name, "a fallback model answers");
                    }
                    return Ok(reply);
                }
                Err(No::Failed(error)) => failed = Some(error),
                Err(No::Closed(left)) => soonest = soonest.min(left),
            }
        }
        Err(failed.unwrap_or_else(|| ApiError::unavailable(soonest.as_secs_f64().ceil().clamp(1.0, 3600.0) as u64)))
    }

    async fn ask_one(&self, model: &Model, prompt: &Prompt) -> Result<Reply, No> {
        let mut retries = Retries::new(self.retries);
        let mut attempt = model.breaker.admit().map_err(No::Closed)?;
        loop {
            let failure = match self.api.ask(&model.name, prompt).await {
                Ok(reply) => {
                    attempt.succeeded();
                    return Ok(reply);
                }
                Err(failure) => failure,
            };
            tracing::error!(model = model.name, "the upstream failed: {failure}");
            if failure.is_trouble() {
                attempt.failed();
            } else {
                drop(attempt);
            }
            let Some(pause) = retries.pause(&failure) else { return Err(No::Failed(failure.into_error())) };
            tokio::time::sleep(pause).await;
            attempt = match model.breaker.admit() {
                Ok(attempt) => attempt,
                Err(_) => return Err(No::Failed(failure.into_error())),
            };
        }
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.models.iter().map(|model| model.name.as_str()).collect();
        write!(f, "{} at {}", names.join(", then "), self.api.host())
    }
}
