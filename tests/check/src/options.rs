//! What to check, and how far to go.

use clap::Parser;
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};

/// Checks a chat endpoint against the contract the Natter widget relies on, from outside and in any language.
///
/// The bounds are the documented ones; name yours when they differ. A run asks about forty questions and waits whenever
/// the endpoint asks it to, then uses up the quota of this machine's address.
///
/// Exit code 0: nothing failed. 1: something failed. 2: the endpoint cannot be reached, or the arguments are wrong.
#[derive(Debug, Clone, Parser)]
#[command(name = "natter-check", version, max_term_width = 100)]
pub struct Options {
    /// Address of the endpoint, such as http://127.0.0.1:8787/api/chat
    #[arg(value_parser = http_url)]
    pub endpoint: Url,

    /// Header to send with every request, such as "Authorization: Bearer …"; may be repeated
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = header)]
    pub headers: Vec<(HeaderName, HeaderValue)>,

    /// Question with a long answer, so that one can see the answer being streamed
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "How do I install the chat on my website? Please explain every step."
    )]
    pub question: String,

    /// Origin (scheme, host, port) of another site that the endpoint is set up to allow [default: none, no other origin
    /// may ask]
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub allowed_origin: Option<String>,

    /// Length of one message that the endpoint accepts, in characters
    #[arg(long, value_name = "CHARACTERS", default_value_t = 4_000, value_parser = bound())]
    pub max_length: u32,

    /// Messages in one request that the endpoint accepts
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = bound())]
    pub max_messages: u32,

    /// Length of all messages of one request together that the endpoint accepts, in characters
    #[arg(long, value_name = "CHARACTERS", default_value_t = 60_000, value_parser = bound())]
    pub max_total_length: u32,

    /// Size of a request's body that the endpoint accepts, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 65_536, value_parser = bound())]
    pub max_body: u32,

    /// How long one reply may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,

    /// Go over the rate limit even when that takes more than 200 questions
    #[arg(long)]
    pub thorough: bool,

    /// Print one JSON object in the place of the table
    #[arg(long)]
    pub json: bool,
}

/// Far above every sensible bound, and small enough for sixteen times as much to be sent.
fn bound() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=10_000_000)
}

fn http_url(text: &str) -> Result<Url, String> {
    match text.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("an http or https address, such as http://127.0.0.1:8787/api/chat, is needed".into()),
    }
}

fn origin(text: &str) -> Result<String, String> {
    match text.parse::<Url>() {
        Ok(url) if url.origin().ascii_serialization() == text => Ok(text.to_owned()),
        _ => Err("an origin without a path is needed, such as https://example.com".into()),
    }
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let read = || {
        let (name, value) = text.split_once(':')?;
        Some((name.trim().parse().ok()?, value.trim().parse().ok()?))
    };
    read().ok_or_else(|| "a name and a value with a colon between them is needed, such as \"X-Key: 1234\"".into())
}
