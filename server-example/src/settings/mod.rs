//! Every setting, as a flag, an environment variable and a line of a TOML file; the first of these that is there counts.

mod error;
mod parse;

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use clap::{ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

pub use self::error::SettingsError;
use self::parse::{Plain, base_url, chosen, secret, temperature, whole};
use crate::rate::Rate;

/// A chat endpoint and demo site for the Natter widget.
///
/// Every setting is a flag, an environment variable, and a line of the --config file named as the flag without its
/// dashes (rate-limit = "20/60"). A flag wins over the environment, the environment over the file.
#[derive(Debug, Clone, Parser)]
#[command(name = "natter-server-example", version, max_term_width = 100)]
pub struct Settings {
    /// TOML file with settings
    #[arg(long, env = "NATTER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "NATTER_ADDR", value_name = "IP:PORT", value_parser = parse::addr,
        default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 8787)))]
    pub addr: SocketAddr,

    /// Requests a client may make in so many seconds; questions and forms are counted apart
    #[arg(long, env = "NATTER_RATE_LIMIT", value_name = "REQUESTS/SECONDS", default_value = "20/60")]
    pub rate_limit: Rate,

    /// Size of the body of a chat request, in bytes
    #[arg(long, env = "NATTER_MAX_BODY", value_name = "BYTES", default_value = "65536",
        value_parser = whole::<usize, 1024, 67_108_864>)]
    pub max_body: usize,

    /// Messages in one chat request
    #[arg(long, env = "NATTER_MAX_MESSAGES", value_name = "COUNT", default_value = "100",
        value_parser = whole::<usize, 1, 10_000>)]
    pub max_messages: usize,

    /// Length of one message, in characters
    #[arg(long, env = "NATTER_MAX_LENGTH", value_name = "CHARACTERS", default_value = "4000",
        value_parser = whole::<usize, 1, 10_000_000>)]
    pub max_length: usize,

    /// Text file with the system prompt; read again when it changes [default: the one that ships]
    #[arg(long, env = "NATTER_SYSTEM_PROMPT", value_name = "FILE")]
    pub system_prompt: Option<PathBuf>,

    /// Folder with availability.md and projects.json, which are appended to the system prompt together with the date;
    /// read again when they change [default: the ones that ship]
    #[arg(long, env = "NATTER_CONTEXT", value_name = "FOLDER")]
    pub context: Option<PathBuf>,

    /// Markdown file, or folder of such files, that answers come from when there is no key [default: the one that
    /// ships]
    #[arg(long, env = "NATTER_KNOWLEDGE", value_name = "PATH")]
    pub knowledge: Option<PathBuf>,

    /// Pause between two words of an answer that comes from the knowledge, in milliseconds
    #[arg(long, env = "NATTER_WORD_DELAY", value_name = "MILLISECONDS", default_value = "20",
        value_parser = whole::<u64, 0, 10_000>)]
    pub word_delay: u64,

    /// JSON-lines file that the contact form appends to
    #[arg(long, env = "NATTER_CONTACT_FILE", value_name = "FILE", default_value = "contact.jsonl")]
    pub contact_file: PathBuf,

    /// Key of an OpenAI-compatible API; with it a model answers (prefer the environment: flags show in process lists)
    #[arg(long, env = "OPENAI_API_KEY", value_name = "KEY", value_parser = secret, hide_env_values = true)]
    pub openai_api_key: Option<Secret>,

    /// Where that API is, up to but without /chat/completions
    #[arg(long, env = "OPENAI_BASE_URL", value_name = "URL", value_parser = base_url,
        default_value = "https://api.openai.com/v1")]
    pub openai_base_url: String,

    /// Model that answers
    #[arg(long, env = "OPENAI_MODEL", value_name = "NAME", default_value = "gpt-4o-mini")]
    pub openai_model: String,

    /// How freely the model words its answers, from 0 to 2
    #[arg(long, env = "NATTER_TEMPERATURE", value_name = "NUMBER", default_value = "0.7", value_parser = temperature)]
    pub temperature: f64,

    /// Length of an answer, in tokens
    #[arg(long, env = "NATTER_MAX_TOKENS", value_name = "COUNT", default_value = "500",
        value_parser = whole::<u32, 1, 1_000_000>)]
    pub max_tokens: u32,

    /// How many of a conversation's last messages the model gets to read
    #[arg(long, env = "NATTER_CONTEXT_MESSAGES", value_name = "COUNT", default_value = "10",
        value_parser = whole::<usize, 1, 10_000>)]
    pub context_messages: usize,

    /// How long the model may be silent, before its first byte and between two, in seconds
    #[arg(long, env = "NATTER_UPSTREAM_TIMEOUT", value_name = "SECONDS", default_value = "30",
        value_parser = whole::<u64, 1, 3600>)]
    pub upstream_timeout: u64,
}

/// A key. It is never printed: its `Debug` form says only that there is one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A key with this text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Default for Settings {
    /// The defaults that `--help` names, whatever the environment says.
    fn default() -> Self {
        let command = Self::command().mut_args(|arg| arg.env(None::<&'static str>));
        let matches = command.get_matches_from([""]);
        // Every default is parsed by a test.
        #[expect(clippy::expect_used, reason = "a constant input")]
        Self::from_arg_matches(&matches).expect("the defaults are valid")
    }
}

impl Settings {
    /// Reads command line, environment and configuration file.
    ///
    /// `--help` and `--version` are answered on the spot: they print and end the process.
    ///
    /// # Errors
    /// A sentence that names what is wrong and says what is accepted.
    pub fn load(args: impl IntoIterator<Item = OsString>) -> Result<Self, SettingsError> {
        let args: Vec<OsString> = args.into_iter().collect();
        // An empty variable is how compose files and CI say "not set".
        let mut command = Self::command().mut_args(|arg| match arg.get_env().map(std::env::var_os) {
            Some(Some(value)) if value.is_empty() => arg.env(None::<&'static str>),
            _ => arg,
        });
        if let Some(file) = config_file(&command, &args) {
            command = with_defaults_from(&file, command)?;
        }
        let parsed = command.clone().try_get_matches_from(args).and_then(|found| Self::from_arg_matches(&found));
        parsed.map_err(|error| {
            if !error.use_stderr() {
                error.exit();
            }
            SettingsError::from_clap(&error, &command)
        })
    }
}

/// The file `--config` names, by a first look at the arguments that minds no mistake in the others.
fn config_file(command: &Command, args: &[OsString]) -> Option<PathBuf> {
    let only = command.get_arguments().find(|arg| arg.get_id() == "config")?.clone();
    let first_look = Command::new("natter").disable_help_flag(true).ignore_errors(true).arg(only);
    let found: ArgMatches = first_look.try_get_matches_from(args).ok()?;
    found.get_one::<PathBuf>("config").cloned()
}

/// Makes the file's values the defaults of `command`: one parser and one kind of complaint for every source.
fn with_defaults_from(file: &Path, command: Command) -> Result<Command, SettingsError> {
    let refuse = |why: String| SettingsError::path("config", Some(file), &why);
    let text = fs::read_to_string(file).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let mut table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| refuse(format!("is not TOML: {}", error.message())))?;
    let command = command.mut_args(|arg| {
        let key = arg.get_long().filter(|long| *long != "config").unwrap_or_default();
        match table.get(key).and_then(Plain::of) {
            Some(Plain(text)) => {
                table.remove(key);
                arg.default_value(text)
            }
            None => arg,
        }
    });
    match table.into_iter().next() {
        None => Ok(command),
        Some((key, value)) => Err(refuse(chosen(&key, &value, &command))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_design() {
        let settings = Settings::default();
        assert_eq!(settings.addr.to_string(), "127.0.0.1:8787");
        assert_eq!(settings.rate_limit.to_string(), "20/60");
        assert_eq!((settings.max_body, settings.max_messages, settings.max_length), (65536, 100, 4000));
        assert_eq!((settings.temperature, settings.max_tokens, settings.context_messages), (0.7, 500, 10));
        assert_eq!((settings.upstream_timeout, settings.openai_api_key), (30, None));
    }

    #[test]
    fn a_key_is_never_shown() {
        let settings = Settings { openai_api_key: Some(Secret::new("sk-very-secret")), ..Settings::default() };
        assert!(!format!("{settings:?}").contains("very"));
    }
}
