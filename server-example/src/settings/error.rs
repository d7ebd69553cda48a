//! Why the server does not start.

use std::net::SocketAddr;
use std::path::Path;
use std::{error, fmt, io};

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command, CommandFactory};

use super::Settings;

/// One sentence that names the setting at fault and says what is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError(String);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for SettingsError {}

impl SettingsError {
    /// The server cannot listen on `addr`.
    #[must_use]
    pub fn address(addr: SocketAddr, error: &io::Error) -> Self {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => "which another program uses".into(),
            _ => format!("which cannot be listened on ({error})"),
        };
        let name = name("addr");
        Self(format!("{name} is {addr}, {why}; it takes a free address and port, such as 127.0.0.1:8788, or port 0."))
    }

    /// The file or folder that `setting` names cannot be used; `why` continues the sentence after the path.
    pub(crate) fn path(setting: &str, path: Option<&Path>, why: &str) -> Self {
        match path {
            Some(path) => Self(format!("{} names {}, which {why}.", name(setting), path.display())),
            None => Self(format!("{}: what ships {why}.", name(setting))),
        }
    }

    /// The value of `setting`, which is not repeated, cannot be used; `why` continues the sentence.
    pub(crate) fn value(setting: &str, why: &str) -> Self {
        Self(format!("{} {why}.", name(setting)))
    }

    /// The upstream's client cannot be made.
    pub(crate) fn upstream(error: &reqwest::Error) -> Self {
        let name = name("upstream");
        Self(format!("{name} needs an HTTPS client, which cannot be made: {error}. Are root certificates installed?"))
    }

    pub(super) fn from_clap(error: &clap::Error, command: &Command) -> Self {
        let text = |kind| match error.get(kind) {
            Some(ContextValue::String(text)) => Some(text.as_str()),
            Some(ContextValue::Strings(texts)) => texts.first().map(String::as_str),
            _ => None,
        };
        let given = text(ContextKind::InvalidArg).unwrap_or_default();
        let flag = given.split_whitespace().next().unwrap_or_default().trim_start_matches('-');
        let known = command.get_arguments().find(|arg| arg.get_long() == Some(flag));
        let source = error::Error::source(error).map(ToString::to_string);
        Self(match (known, source) {
            (Some(arg), Some(accepted)) => {
                let value = text(ContextKind::InvalidValue).filter(|_| !arg.is_hide_env_values_set());
                let value = value.map_or("what it was given".into(), |value| format!("{value:?}"));
                format!("{} cannot be {value}; it takes {accepted}.", describe(arg))
            }
            (Some(arg), None) => format!("{} needs a value; see --help.", describe(arg)),
            (None, _) => match text(ContextKind::SuggestedArg) {
                Some(close) => format!("There is no setting {given}; did you mean {close}? --help lists them all."),
                None => format!("There is no setting {given}; --help lists them all."),
            },
        })
    }
}

/// `--rate-limit (NATTER_RATE_LIMIT)`
fn describe(arg: &Arg) -> String {
    let flag = arg.get_long().unwrap_or_default();
    match arg.get_env() {
        Some(variable) => format!("--{flag} ({})", variable.to_string_lossy()),
        None => format!("--{flag}"),
    }
}

fn name(id: &str) -> String {
    let command = Settings::command();
    command.get_arguments().find(|arg| arg.get_id() == id).map_or_else(|| id.into(), describe)
}
