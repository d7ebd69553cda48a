//! Who answers: models while there is one that can, the site's own notes otherwise.

mod chain;
mod offline;
mod small_talk;
mod summary;
mod upstream;

use std::fmt;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use natter_protocol::event::{StreamEvent, Usage};
use natter_protocol::request::Message;

use self::chain::Chain;
use self::offline::Offline;
use self::summary::Summarizer;
use self::upstream::Api;
use crate::context::{Context, older};
use crate::error::ApiError;
use crate::settings::{Dialect, Settings, SettingsError};
use crate::telemetry::Metrics;

/// One event, or the failure that took its place.
pub(crate) type Item = Result<StreamEvent, ApiError>;

/// One answer as it comes. Nothing happens before it is asked for, and dropping it gives up on it.
pub(crate) type Events = BoxStream<'static, Item>;

/// Whether nothing comes after `item`.
pub(crate) fn ends(item: &Item) -> bool {
    matches!(item, Err(_) | Ok(StreamEvent::Finish(_) | StreamEvent::Error(_)))
}

/// Answers conversations. To plug in something else, give [`Answerer::answer`] another stream of events.
#[derive(Debug)]
pub(crate) struct Answerer(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    /// `None` without a key: then the notes answer, as a matter of course.
    models: Option<Models>,
    offline: Offline,
    context: Arc<Context>,
}

#[derive(Debug)]
struct Models {
    chain: Chain,
    summarizer: Summarizer,
    /// Whether the notes answer when no model can.
    fallback: bool,
}

impl Answerer {
    /// # Errors
    /// A sentence that names the setting at fault.
    pub(crate) fn new(settings: &Settings, metrics: &Metrics) -> Result<Self, SettingsError> {
        let context = Arc::new(Context::open(&settings.context)?);
        let offline = Offline::new(Arc::clone(&context), settings.context.word_delay);
        let model = &settings.model;
        let models = if model.openai_api_key.is_some() || model.upstream == Dialect::Ollama {
            let api = Api::new(model, metrics.clone())?;
            let summarizer = Summarizer::new(&api, settings);
            Some(Models { chain: Chain::new(api, model), summarizer, fallback: model.offline_fallback })
        } else {
            None
        };
        Ok(Self(Arc::new(Parts { models, offline, context })))
    }

    /// Answers the last of `messages`, which is the visitor's.
    pub(crate) fn answer(&self, messages: Vec<Message>) -> Events {
        let parts = Arc::clone(&self.0);
        stream::once(async move { parts.begin(&messages).await }).try_flatten().boxed()
    }

    /// What formats that name a model call it.
    pub(crate) fn model(&self) -> &str {
        self.0.models.as_ref().map_or("natter-offline", |models| models.chain.first())
    }
}

impl Parts {
    /// Waits for the first event of whoever answers.
    async fn begin(&self, messages: &[Message]) -> Result<Events, ApiError> {
        let Some(models) = &self.models else { return Ok(self.offline.answer(messages)) };
        let (summary, spent) = models.summarizer.summarize(older(messages, self.context.window())).await;
        let prompt = self.context.prompt(messages, Some(&summary));
        match models.chain.ask(&prompt).await {
            Ok(reply) => Ok(adding(spent, reply.events())),
            Err(_) if models.fallback => Ok(self.offline.stand_in(messages)),
            Err(error) => Err(error),
        }
    }
}

/// The events with the tokens `spent` before them added to what they count themselves.
fn adding(spent: Usage, events: Events) -> Events {
    if spent == Usage::default() {
        return events;
    }
    let add = move |event| match event {
        StreamEvent::Usage(Usage { input_tokens, output_tokens }) => StreamEvent::Usage(Usage {
            input_tokens: input_tokens.saturating_add(spent.input_tokens),
            output_tokens: output_tokens.saturating_add(spent.output_tokens),
        }),
        event => event,
    };
    events.map_ok(add).boxed()
}

impl fmt::Display for Answerer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.models {
            Some(models) => models.chain.fmt(f),
            None => self.0.offline.fmt(f),
        }
    }
}
