//! Every setting, as a flag, an environment variable and a line of a TOML file; the first of these that is there counts.

mod context;
mod error;
mod limits;
mod model;
mod parse;
mod serving;

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use clap::{ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

pub use self::context::ContextSettings;
pub use self::error::SettingsError;
pub use self::limits::{LimitSettings, ProxyHeader, Sanitizer};
pub use self::model::{Dialect, ModelSettings, Price};
use self::parse::{Plain, why_not};
pub use self::serving::ServingSettings;

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

    /// JSON-lines file that the contact form appends to
    #[arg(long, env = "NATTER_CONTACT_FILE", value_name = "FILE", default_value = "contact.jsonl")]
    pub contact_file: PathBuf,

    /// Who may ask, and how much.
    #[command(flatten)]
    pub limits: LimitSettings,

    /// Which model answers, and what happens when it does not.
    #[command(flatten)]
    pub model: ModelSettings,

    /// What the assistant knows.
    #[command(flatten)]
    pub context: ContextSettings,

    /// How requests are served, and for how long.
    #[command(flatten)]
    pub serving: ServingSettings,
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
        Some((key, value)) => Err(refuse(why_not(&key, &value, &command))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_design() {
        let settings = Settings::default();
        assert_eq!(settings.addr.to_string(), "127.0.0.1:8787");
        let Settings { limits, model, context, serving, .. } = settings;
        assert_eq!(limits.rate_limit.to_string(), "20/60");
        assert_eq!((limits.max_body, limits.max_messages, limits.max_length), (65536, 100, 4000));
        assert_eq!((model.temperature, model.max_tokens, context.context_messages), (0.7, 500, 10));
        assert_eq!((model.upstream_timeout, model.openai_api_key), (30, None));
        assert_eq!((serving.header_timeout, serving.body_timeout, serving.drain_seconds), (10, 15, 10));
        assert!(limits.trusted_proxies.is_empty() && limits.allowed_origins.is_empty());
    }

    #[test]
    fn a_key_is_never_shown() {
        let mut settings = Settings::default();
        settings.model.openai_api_key = Some(Secret::new("sk-very-secret"));
        assert!(!format!("{settings:?}").contains("very"));
    }
}
