//! Text to values. An error is a phrase on what is accepted, to be read after "it takes".

use std::net::SocketAddr;

use clap::Command;

use super::Secret;

pub(super) fn addr(text: &str) -> Result<SocketAddr, String> {
    text.replace("localhost", "127.0.0.1").parse().map_err(|_| "an address and a port, such as 127.0.0.1:8787".into())
}

/// A whole number from `MIN` to `MAX`.
pub(super) fn whole<T: TryFrom<u64>, const MIN: u64, const MAX: u64>(text: &str) -> Result<T, String> {
    let number = text.trim().parse::<u64>().ok().filter(|number| (MIN..=MAX).contains(number));
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| format!("a whole number from {MIN} to {MAX}"))
}

pub(super) fn temperature(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok().filter(|number| (0.0..=2.0).contains(number));
    number.ok_or_else(|| "a number from 0 to 2, such as 0.7".into())
}

/// Kept without the slash at the end.
pub(super) fn base_url(text: &str) -> Result<String, String> {
    let url = reqwest::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let plain = url.filter(|url| url.query().is_none() && url.fragment().is_none());
    match plain {
        Some(url) => Ok(url.as_str().trim_end_matches('/').into()),
        None => Err("an http or https URL without query, such as https://api.openai.com/v1".into()),
    }
}

pub(super) fn secret(text: &str) -> Result<Secret, String> {
    let key = text.trim();
    if !key.is_empty() && key.chars().all(|c| c.is_ascii_graphic()) {
        Ok(Secret::new(key))
    } else {
        Err("a key of visible ASCII characters".into())
    }
}

/// A TOML value that can stand where a flag's text stands.
pub(super) struct Plain(pub(super) String);

impl Plain {
    pub(super) fn of(value: &toml::Value) -> Option<Self> {
        match value {
            toml::Value::String(text) => Some(Self(text.clone())),
            toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => Some(Self(value.to_string())),
            _ => None,
        }
    }
}

/// Why the file's `key` cannot be used.
pub(super) fn chosen(key: &str, value: &toml::Value, command: &Command) -> String {
    let names: Vec<_> = command.get_arguments().filter_map(|arg| arg.get_long()).filter(|n| *n != "config").collect();
    if names.contains(&key) {
        format!("gives {key} a value of type {}; it takes a text or a number", value.type_str())
    } else {
        format!("has an unknown setting {key:?}; it takes {}", names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_both_ends() {
        assert_eq!(whole::<u32, 1, 3>("3"), Ok(3));
        for wrong in ["0", "4", "-1", "2.5", "", "many"] {
            assert_eq!(whole::<u32, 1, 3>(wrong), Err("a whole number from 1 to 3".into()), "{wrong}");
        }
        assert!(temperature("2.1").is_err() && temperature("NaN").is_err());
    }

    #[test]
    fn base_urls_end_without_a_slash() {
        assert_eq!(base_url("http://localhost:11434/v1/").unwrap(), "http://localhost:11434/v1");
        for wrong in ["", "localhost:11434", "ftp://x/", "https://x/?key=1"] {
            assert!(base_url(wrong).is_err(), "{wrong}");
        }
    }
}
