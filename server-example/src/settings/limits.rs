//! Who may ask, and how much.

use clap::{Args, ValueEnum};
use ipnet::IpNet;

use super::parse::{self, whole};
use crate::limits::Rate;

/// Who may ask, and how much.
#[derive(Debug, Clone, Args)]
pub struct LimitSettings {
    /// Proxies whose X-Forwarded-For and Forwarded headers are believed, as networks; comma-separated
    #[arg(long, env = "NATTER_TRUSTED_PROXIES", value_name = "CIDR,…", value_delimiter = ',', value_parser = parse::network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Which header those proxies write. Name it where you know it: they pass the other one on as visitors send it
    #[arg(long, env = "NATTER_PROXY_HEADER", value_name = "HEADER", value_enum, default_value_t)]
    pub proxy_header: ProxyHeader,

    /// Origins beside the server's own whose pages may ask, such as https://example.com; comma-separated
    #[arg(long, env = "NATTER_ALLOWED_ORIGINS", value_name = "ORIGIN,…", value_delimiter = ',', value_parser = parse::origin)]
    pub allowed_origins: Vec<String>,

    /// Redis that all replicas share limits, budgets and replies through, such as redis://127.0.0.1:6379 [default: none,
    /// each replica counts for itself]
    #[arg(long, env = "REDIS_URL", value_name = "URL", value_parser = parse::redis, hide_env_values = true)]
    pub redis_url: Option<super::Secret>,

    /// Requests a client may make in so many seconds; questions, answers that are read again, and forms are counted apart
    #[arg(long, env = "NATTER_RATE_LIMIT", value_name = "REQUESTS/SECONDS", default_value = "20/60")]
    pub rate_limit: Rate,

    /// Answers one client may have on their way at once; each replica counts its own
    #[arg(long, env = "NATTER_CLIENT_STREAMS", value_name = "COUNT", default_value = "20",
        value_parser = whole::<usize, 1, 1_000_000>)]
    pub client_streams: usize,

    /// Answers on their way at once in all; each replica counts its own
    #[arg(long, env = "NATTER_MAX_STREAMS", value_name = "COUNT", default_value = "1000",
        value_parser = whole::<usize, 1, 1_000_000>)]
    pub max_streams: usize,

    /// Tokens one client may use a day, counted from midnight UTC; 0 is no limit
    #[arg(long, env = "NATTER_CLIENT_TOKENS", value_name = "COUNT", default_value = "0",
        value_parser = whole::<u64, 0, 1_000_000_000_000>)]
    pub client_tokens: u64,

    /// Tokens all clients together may use a day, counted from midnight UTC; 0 is no limit
    #[arg(long, env = "NATTER_DAILY_TOKENS", value_name = "COUNT", default_value = "0",
        value_parser = whole::<u64, 0, 1_000_000_000_000>)]
    pub daily_tokens: u64,

    /// Largest body of a chat request, in bytes
    #[arg(long, env = "NATTER_MAX_BODY", value_name = "BYTES", default_value = "65536",
        value_parser = whole::<usize, 1024, 67_108_864>)]
    pub max_body: usize,

    /// Most messages in one chat request
    #[arg(long, env = "NATTER_MAX_MESSAGES", value_name = "COUNT", default_value = "100",
        value_parser = whole::<usize, 1, 10_000>)]
    pub max_messages: usize,

    /// Longest message, in characters
    #[arg(long, env = "NATTER_MAX_LENGTH", value_name = "CHARACTERS", default_value = "4000",
        value_parser = whole::<usize, 1, 10_000_000>)]
    pub max_length: usize,

    /// Longest that all messages of one request may be together, in characters
    #[arg(long, env = "NATTER_MAX_TOTAL_LENGTH", value_name = "CHARACTERS", default_value = "60000",
        value_parser = whole::<usize, 1, 100_000_000>)]
    pub max_total_length: usize,

    /// What is done with what visitors write before a model reads it
    #[arg(long, env = "NATTER_SANITIZER", value_name = "MODE", value_enum, default_value_t)]
    pub sanitizer: Sanitizer,
}

/// The header in which trusted proxies name the visitor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ProxyHeader {
    /// X-Forwarded-For, or Forwarded where a request has no X-Forwarded-For
    #[default]
    Either,
    /// X-Forwarded-For alone
    XForwardedFor,
    /// Forwarded alone
    Forwarded,
}

/// What is done with what visitors write before a model reads it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Sanitizer {
    /// The control tokens of chat templates are neutralised, everything else stays as written
    #[default]
    Standard,
    /// Code fences, instruction markers and role labels are removed as well, and 1,000 characters are kept
    Strict,
}
