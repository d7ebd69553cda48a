//! Text to values. An error is a phrase on what is accepted, to be read after "it takes".

use std::net::SocketAddr;

use clap::Command;
use ipnet::IpNet;
use reqwest::Url;

use super::{Price, Secret};

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
    let plain = web(text).filter(|url| url.query().is_none() && url.fragment().is_none());
    match plain {
        Some(url) => Ok(url.as_str().trim_end_matches('/').into()),
        None => Err("an http or https URL without query, such as https://api.openai.com/v1".into()),
    }
}

pub(super) fn http_url(text: &str) -> Result<String, String> {
    web(text).map(|url| url.as_str().into()).ok_or_else(|| "an http or https URL".into())
}

fn web(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// A network, or an address alone.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let network = text.parse().ok().or_else(|| Some(IpNet::from(text.parse::<std::net::IpAddr>().ok()?)));
    network.ok_or_else(|| "networks or addresses, such as 10.0.0.0/8,::1".into())
}

/// Kept as browsers write it: in lower case, without a default port.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let bare = web(text.trim()).filter(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none());
    let bare = bare.filter(|url| url.username().is_empty() && url.password().is_none() && !text.trim().ends_with('/'));
    bare.map(|url| url.origin().ascii_serialization())
        .ok_or_else(|| "origins without a path, such as https://example.com,http://localhost:3000".into())
}

/// May hold a password, so it is never printed.
pub(super) fn redis(text: &str) -> Result<Secret, String> {
    let known = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "redis" | "rediss" | "redis+unix" | "unix"));
    known.map(|_| Secret::new(text)).ok_or_else(|| "a Redis URL, such as redis://127.0.0.1:6379".into())
}

pub(super) fn price(text: &str) -> Result<Price, String> {
    let parts = || {
        let (model, costs) = text.trim().rsplit_once('=')?;
        let (input, output) = costs.split_once('/')?;
        let cost = |text: &str| text.trim().parse::<f64>().ok().filter(|cost| cost.is_finite() && *cost >= 0.0);
        Some(Price { model: model.trim().into(), input: cost(input)?, output: cost(output)? })
    };
    let price = parts().filter(|price| !price.model.is_empty());
    price.ok_or_else(|| "models with what a million tokens cost, such as gpt-4o-mini=0.15/0.60".into())
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
pub(super) fn why_not(key: &str, value: &toml::Value, command: &Command) -> String {
    let names: Vec<_> = command.get_arguments().filter_map(|arg| arg.get_long()).filter(|n| *n != "config").collect();
    if names.contains(&key) {
        format!("gives {key} a value of type {}; it takes a text, a number, true or false", value.type_str())
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

    #[test]
    fn an_origin_has_no_path_and_is_written_as_browsers_do() {
        assert_eq!(origin("HTTPS://Example.com:443").unwrap(), "https://example.com");
        assert_eq!(origin(" http://localhost:3000").unwrap(), "http://localhost:3000");
        for wrong in
            ["", "*", "null", "example.com", "https://example.com/", "https://example.com/a", "https://a@b.example"]
        {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_network_may_be_one_address() {
        assert_eq!(network("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(network("::1").unwrap().to_string(), "::1/128");
        for wrong in ["", "10.0.0.0/33", "proxy"] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_price_is_a_model_and_two_costs() {
        let price = price("org/model=v2=0.15/0.60").unwrap();
        assert_eq!((price.model.as_str(), price.input, price.output), ("org/model=v2", 0.15, 0.6));
        for wrong in ["", "model", "model=1", "=1/2", "model=-1/2", "model=NaN/2"] {
            assert!(super::price(wrong).is_err(), "{wrong}");
        }
    }
}
