//! Answers from any API that speaks OpenAI's chat completions, passed through as they come.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use natter_protocol::decode::Decoder;
use natter_protocol::event::StreamEvent;
use natter_protocol::request::{Message, Role};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use serde::Serialize;
use tokio::time::timeout;

use super::Events;
use crate::context::Context;
use crate::error::ApiError;
use crate::settings::{Secret, Settings, SettingsError};
use crate::watched::Watched;

const SYSTEM_PROMPT: &str = include_str!("../../system-prompt.md");
/// Where the public API is.
const OPENAI: &str = "https://api.openai.com/v1";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// What a busy upstream's visitors are told when it does not say itself, in seconds.
const RETRY_LATER: u64 = 10;

/// A model behind an API.
#[derive(Debug)]
pub(crate) struct Upstream {
    client: Client,
    url: String,
    key: Secret,
    model: String,
    temperature: f64,
    max_tokens: u32,
    context_messages: usize,
    /// How long it may be silent.
    patience: Duration,
    system_prompt: Watched<String>,
    context: Context,
}

/// The body of the request.
#[derive(Debug, Serialize)]
struct Completion<'a> {
    model: &'a str,
    messages: &'a [Turn],
    temperature: f64,
    max_tokens: u32,
    stream: bool,
}

#[derive(Debug, Serialize)]
struct Turn {
    role: &'static str,
    content: String,
}

impl Upstream {
    pub(super) fn new(settings: &Settings, key: &Secret, context: Context) -> Result<Self, SettingsError> {
        let system_prompt = match settings.context.system_prompt.as_deref() {
            None => Watched::fixed(SYSTEM_PROMPT.to_owned()),
            Some(path) => Watched::open(path, |text| Ok(text.to_owned()))
                .map_err(|why| SettingsError::path("system_prompt", Some(path), &why))?,
        };
        // Fails only when there is a provider already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| SettingsError::upstream(&error))?;
        Ok(Self {
            client,
            url: format!("{}/chat/completions", settings.model.openai_base_url.as_deref().unwrap_or(OPENAI)),
            key: key.clone(),
            model: settings.model.openai_model.clone(),
            temperature: settings.model.temperature,
            max_tokens: settings.model.max_tokens,
            context_messages: settings.context.context_messages,
            patience: Duration::from_secs(settings.model.upstream_timeout),
            system_prompt,
            context,
        })
    }

    pub(super) fn model(&self) -> &str {
        &self.model
    }

    /// Sends the conversation's last messages; the events are the upstream's own, in its own time.
    pub(super) fn answer(&self, messages: Vec<Message>) -> Events {
        let request = self.request(&messages);
        let patience = self.patience;
        let reply = stream::once(async move { Reply::open(request, patience).await });
        let events =
            |reply| stream::try_unfold(reply, async |mut reply: Reply| Ok(reply.next().await?.map(|e| (e, reply))));
        reply.map_ok(events).try_flatten().boxed()
    }

    fn request(&self, messages: &[Message]) -> RequestBuilder {
        let system = format!("{}\n\n{}", self.system_prompt.get().trim(), self.context.prompt());
        let recent = &messages[messages.len().saturating_sub(self.context_messages)..];
        let turns = recent.iter().map(|message| Turn {
            role: match message.role {
                Role::User => "user",
                Role::Assistant => "assistant",
            },
            content: message.plain_text(),
        });
        let messages: Vec<_> = std::iter::once(Turn { role: "system", content: system }).chain(turns).collect();
        let Self { model, temperature, max_tokens, .. } = self;
        let body =
            Completion { model, messages: &messages, temperature: *temperature, max_tokens: *max_tokens, stream: true };
        self.client.post(&self.url).bearer_auth(self.key.expose()).json(&body)
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = reqwest::Url::parse(&self.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        write!(f, "{} at {}", self.model, host.as_deref().unwrap_or("an unnamed host"))
    }
}

/// One answer on its way. Dropping it closes the connection to the upstream.
struct Reply {
    response: Response,
    decoder: Decoder,
    ready: VecDeque<StreamEvent>,
    ended: bool,
    patience: Duration,
}

impl Reply {
    /// Sends the request and waits for the head of the response.
    async fn open(request: RequestBuilder, patience: Duration) -> Result<Self, ApiError> {
        let response = match timeout(patience, request.send()).await {
            Err(_) => return Err(gave_up("it did not answer in time", ApiError::upstream_timeout())),
            Ok(Err(error)) => return Err(broken(&error)),
            Ok(Ok(response)) => response,
        };
        if !response.status().is_success() {
            return Err(refused(response.status(), response.headers()));
        }
        let text = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let decoder = Decoder::for_response(text(CONTENT_TYPE.as_str()).as_deref(), text);
        Ok(Self { response, decoder, ready: VecDeque::new(), ended: false, patience })
    }

    /// The next event, as soon as the bytes for it are there.
    async fn next(&mut self) -> Result<Option<StreamEvent>, ApiError> {
        loop {
            match self.ready.pop_front() {
                // A model's thoughts may quote the system prompt, and they are no part of the answer.
                Some(StreamEvent::ReasoningDelta(_) | StreamEvent::Skipped(_)) => continue,
                // The upstream's own words may quote the key or tell of its plans and limits.
                Some(StreamEvent::Error(error)) => return Err(gave_up(&error.code, ApiError::upstream_failed())),
                Some(event) => return Ok(Some(event)),
                None if self.ended => return Ok(None),
                None => self.read().await?,
            }
        }
    }

    async fn read(&mut self) -> Result<(), ApiError> {
        let events = match timeout(self.patience, self.response.chunk()).await {
            Err(_) => return Err(gave_up("it fell silent", ApiError::upstream_timeout())),
            Ok(Err(error)) => return Err(broken(&error)),
            Ok(Ok(Some(bytes))) => self.decoder.push(&bytes),
            Ok(Ok(None)) => {
                self.ended = true;
                self.decoder.finish()
            }
        };
        self.ended |= self.decoder.is_done();
        self.ready.extend(events);
        Ok(())
    }
}

/// What the visitor is told about the upstream's status; the owner reads it in the log.
fn refused(status: StatusCode, headers: &HeaderMap) -> ApiError {
    let error = match status {
        StatusCode::TOO_MANY_REQUESTS => {
            let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            ApiError::upstream_busy(seconds.map_or(RETRY_LATER, |seconds: u64| seconds.min(3600)))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => ApiError::upstream_timeout(),
        _ => ApiError::upstream_failed(),
    };
    let hint = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ": is OPENAI_API_KEY right?",
        StatusCode::NOT_FOUND => ": are OPENAI_BASE_URL and OPENAI_MODEL right?",
        _ => "",
    };
    gave_up(&format!("it answered {status}{hint}"), error)
}

fn broken(error: &reqwest::Error) -> ApiError {
    let what = if error.is_connect() { "it cannot be connected to" } else { "the connection broke" };
    gave_up(what, ApiError::upstream_failed())
}

fn gave_up(why: &str, error: ApiError) -> ApiError {
    tracing::error!("the upstream failed: {why}");
    error
}
