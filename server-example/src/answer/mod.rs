//! Who answers: a model when there is a key, the site's own notes otherwise.

mod knowledge;
mod offline;
mod search;
mod small_talk;
mod upstream;

use std::fmt;

use futures_util::stream::BoxStream;
use natter_protocol::event::StreamEvent;
use natter_protocol::request::Message;

pub(crate) use self::knowledge::Section;
use self::offline::Offline;
use self::upstream::Upstream;
use crate::context::Context;
use crate::error::ApiError;
use crate::settings::{Settings, SettingsError};

/// One answer as it comes. Nothing happens before it is asked for, and dropping it gives up on it.
pub(crate) type Events = BoxStream<'static, Result<StreamEvent, ApiError>>;

/// Answers conversations. To plug in something else, add a case here.
#[derive(Debug)]
pub(crate) enum Answerer {
    Upstream(Upstream),
    Offline(Offline),
}

impl Answerer {
    pub(crate) fn new(settings: &Settings, context: Context) -> Result<Self, SettingsError> {
        Ok(match &settings.model.openai_api_key {
            Some(key) => Self::Upstream(Upstream::new(settings, key, context)?),
            None => Self::Offline(Offline::new(settings, context)?),
        })
    }

    /// Answers the last of `messages`, which is the visitor's.
    pub(crate) fn answer(&self, messages: Vec<Message>) -> Events {
        match self {
            Self::Upstream(upstream) => upstream.answer(messages),
            Self::Offline(offline) => offline.answer(&messages),
        }
    }

    /// What formats that name a model call it.
    pub(crate) fn model(&self) -> &str {
        match self {
            Self::Upstream(upstream) => upstream.model(),
            Self::Offline(_) => "natter-offline",
        }
    }
}

impl fmt::Display for Answerer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upstream(upstream) => upstream.fmt(f),
            Self::Offline(offline) => offline.fmt(f),
        }
    }
}
