//! Which model answers, and what happens when it does not.

use clap::{Args, ValueEnum};

use super::Secret;
use super::parse::{self, base_url, secret, temperature, whole};

/// Which model answers, and what happens when it does not.
#[derive(Debug, Clone, Args)]
pub struct ModelSettings {
    /// What the model's API speaks
    #[arg(long, env = "NATTER_UPSTREAM", value_name = "DIALECT", value_enum, default_value_t)]
    pub upstream: Dialect,

    /// Key of the API; with it (or with the dialect ollama, which needs none) a model answers. Prefer the environment:
    /// flags show in process lists
    #[arg(long, env = "OPENAI_API_KEY", value_name = "KEY", value_parser = secret, hide_env_values = true)]
    pub openai_api_key: Option<Secret>,

    /// Where that API is, up to but without /chat/completions, /responses, /messages or /api/chat [default: the public
    /// one of the dialect]
    #[arg(long, env = "OPENAI_BASE_URL", value_name = "URL", value_parser = base_url)]
    pub openai_base_url: Option<String>,

    /// Model that answers
    #[arg(long, env = "OPENAI_MODEL", value_name = "NAME", default_value = "gpt-4o-mini")]
    pub openai_model: String,

    /// Models that are asked in turn when the one before failed; comma-separated
    #[arg(long, env = "NATTER_FALLBACK_MODELS", value_name = "NAME,…", value_delimiter = ',')]
    pub fallback_models: Vec<String>,

    /// Answer from the knowledge, with a notice, when no model can
    #[arg(long, env = "NATTER_OFFLINE_FALLBACK", value_name = "BOOL", default_value = "false", action = clap::ArgAction::Set,
        num_args = 0..=1, default_missing_value = "true")]
    pub offline_fallback: bool,

    /// How freely the model words its answers, from 0 to 2
    #[arg(long, env = "NATTER_TEMPERATURE", value_name = "NUMBER", default_value = "0.7", value_parser = temperature)]
    pub temperature: f64,

    /// Longest answer, in tokens
    #[arg(long, env = "NATTER_MAX_TOKENS", value_name = "COUNT", default_value = "500",
        value_parser = whole::<u32, 1, 1_000_000>)]
    pub max_tokens: u32,

    /// How long connecting to the API may take, in seconds
    #[arg(long, env = "NATTER_CONNECT_TIMEOUT", value_name = "SECONDS", default_value = "10",
        value_parser = whole::<u64, 1, 3600>)]
    pub connect_timeout: u64,

    /// How long the model may be silent, before its first byte and between two, in seconds
    #[arg(long, env = "NATTER_UPSTREAM_TIMEOUT", value_name = "SECONDS", default_value = "30",
        value_parser = whole::<u64, 1, 3600>)]
    pub upstream_timeout: u64,

    /// How often a model is asked again that failed before its first byte
    #[arg(long, env = "NATTER_RETRIES", value_name = "COUNT", default_value = "1", value_parser = whole::<u32, 0, 10>)]
    pub retries: u32,

    /// After so many failures in a row a model is left alone for so many seconds
    #[arg(long, env = "NATTER_BREAKER", value_name = "FAILURES/SECONDS", default_value = "5/30")]
    pub breaker: crate::limits::Rate,

    /// What models cost, in any one currency per million tokens read and written, such as gpt-4o-mini=0.15/0.60;
    /// comma-separated
    #[arg(long, env = "NATTER_PRICES", value_name = "MODEL=IN/OUT,…", value_delimiter = ',', value_parser = parse::price)]
    pub prices: Vec<Price>,
}

/// What a model's API speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    /// OpenAI's chat completions, which most APIs offer
    #[default]
    Openai,
    /// OpenAI's responses
    Responses,
    /// Anthropic's messages
    Anthropic,
    /// Ollama's chat
    Ollama,
}

/// What a model costs per million tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// The model's name.
    pub model: String,
    /// A million tokens that it reads.
    pub input: f64,
    /// A million tokens that it writes.
    pub output: f64,
}
