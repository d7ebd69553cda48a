//! The same question as each API wants it asked.
//!
//! The addresses and fields are those of the APIs' own references: platform.openai.com (chat completions, responses),
//! docs.anthropic.com (messages) and Ollama's docs/api.md.

use natter_protocol::request::Role;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::Wishes;
use crate::context::{Prompt, Turn};
use crate::settings::{Dialect, Secret};

/// The version of Anthropic's API that this is written to.
const ANTHROPIC_VERSION: &str = "2023-06-01";
/// Anthropic's models begin with the visitor; this stands where the window cut between question and answer.
const BEFORE: &str = "(What was said before is left out.)";

/// Where the API is when the settings do not say.
pub(super) const fn public(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Openai | Dialect::Responses => "https://api.openai.com/v1",
        Dialect::Anthropic => "https://api.anthropic.com/v1",
        Dialect::Ollama => "http://localhost:11434",
    }
}

/// Where below that it takes questions.
pub(super) const fn path(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Openai => "/chat/completions",
        Dialect::Responses => "/responses",
        Dialect::Anthropic => "/messages",
        Dialect::Ollama => "/api/chat",
    }
}

/// Adds what says who asks.
pub(super) fn authorize(request: RequestBuilder, dialect: Dialect, key: Option<&Secret>) -> RequestBuilder {
    match (dialect, key) {
        (Dialect::Anthropic, Some(key)) => {
            request.header("x-api-key", key.expose()).header("anthropic-version", ANTHROPIC_VERSION)
        }
        (_, Some(key)) => request.bearer_auth(key.expose()),
        (_, None) => request,
    }
}

/// The body: streamed, and with token counts where those must be asked for.
pub(super) fn of(dialect: Dialect, model: &str, prompt: &Prompt, wishes: Wishes) -> Value {
    match dialect {
        Dialect::Openai => openai(model, prompt, wishes),
        Dialect::Responses => responses(model, prompt, wishes),
        Dialect::Anthropic => anthropic(model, prompt, wishes),
        Dialect::Ollama => ollama(model, prompt, wishes),
    }
}

fn openai(model: &str, prompt: &Prompt, Wishes { temperature, tokens }: Wishes) -> Value {
    json!({
        "model": model,
        "messages": with_system(prompt),
        "temperature": temperature,
        "max_tokens": tokens,
        "stream": true,
        "stream_options": { "include_usage": true },
    })
}

/// Nothing is stored there: the widget sends the conversation along.
fn responses(model: &str, prompt: &Prompt, Wishes { temperature, tokens }: Wishes) -> Value {
    json!({
        "model": model,
        "instructions": prompt.system,
        "input": prompt.turns.iter().map(message).collect::<Vec<_>>(),
        "temperature": temperature,
        "max_output_tokens": tokens,
        "store": false,
        "stream": true,
    })
}

/// Its temperatures end at 1, and its turns alternate.
fn anthropic(model: &str, prompt: &Prompt, Wishes { temperature, tokens }: Wishes) -> Value {
    let mut turns: Vec<Turn> = Vec::new();
    if prompt.turns.first().is_some_and(|turn| turn.role == Role::Assistant) {
        turns.push(Turn { role: Role::User, text: BEFORE.into() });
    }
    for turn in &prompt.turns {
        match turns.last_mut() {
            Some(last) if last.role == turn.role => last.text.extend(["\n\n", &turn.text]),
            _ => turns.push(turn.clone()),
        }
    }
    json!({
        "model": model,
        "system": prompt.system,
        "messages": turns.iter().map(message).collect::<Vec<_>>(),
        "temperature": temperature.min(1.0),
        "max_tokens": tokens,
        "stream": true,
    })
}

fn ollama(model: &str, prompt: &Prompt, Wishes { temperature, tokens }: Wishes) -> Value {
    json!({
        "model": model,
        "messages": with_system(prompt),
        "options": { "temperature": temperature, "num_predict": tokens },
        "stream": true,
    })
}

fn with_system(prompt: &Prompt) -> Vec<Value> {
    let system = json!({ "role": "system", "content": prompt.system });
    std::iter::once(system).chain(prompt.turns.iter().map(message)).collect()
}

fn message(turn: &Turn) -> Value {
    json!({ "role": turn.role.name(), "content": turn.text })
}
