//! The visitor's address behind proxies, from what they write into `X-Forwarded-For` or `Forwarded` (RFC 7239).
//!
//! Every proxy adds the address it was called from at the right end, so only the right end can be believed: the walk
//! begins at the peer and goes left for as long as each address belongs to a trusted proxy. What stands further left
//! was written by somebody unknown and is never looked at; from a peer that is no trusted proxy, nothing is.
//!
//! Of the two headers a proxy usually writes one and passes on the other as the visitor sent it, so they are never
//! mixed. `X-Forwarded-For` counts when it is there, since nearly every proxy writes it; behind one that writes only
//! `Forwarded`, the setting `--proxy-header forwarded` makes a forged `X-Forwarded-For` count for nothing.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header};
use ipnet::IpNet;

use crate::settings::{LimitSettings, ProxyHeader};

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The first address from the right that is no trusted proxy's.
///
/// An entry that is no address (`unknown`, an obfuscated name, garbage) ends the walk at the proxy that wrote it: who
/// hides behind it is counted together with all others who do.
pub(super) fn visitor(peer: IpAddr, headers: &HeaderMap, settings: &LimitSettings) -> IpAddr {
    let is_trusted = |address| is_trusted(address, &settings.trusted_proxies);
    let mut address = peer;
    if !is_trusted(peer) {
        return address;
    }
    for hop in hops(headers, settings.proxy_header) {
        match hop {
            Some(next) => address = next,
            None => break,
        }
        if !is_trusted(address) {
            break;
        }
    }
    address
}

pub(super) fn is_trusted(address: IpAddr, proxies: &[IpNet]) -> bool {
    let address = address.to_canonical();
    proxies.iter().any(|network| network.contains(&address))
}

/// The entries of the header that counts, from the last; `None` for one without an address.
fn hops(headers: &HeaderMap, which: ProxyHeader) -> Vec<Option<IpAddr>> {
    let x_forwarded_for = || {
        let entries = entries(headers, X_FORWARDED_FOR);
        entries.iter().map(|entry| address(entry)).collect()
    };
    let forwarded = || {
        let entries = entries(headers, header::FORWARDED.as_str());
        entries.iter().map(|entry| address(forwarded_for(entry)?)).collect()
    };
    match which {
        ProxyHeader::Either if headers.contains_key(X_FORWARDED_FOR) => x_forwarded_for(),
        ProxyHeader::Either | ProxyHeader::Forwarded => forwarded(),
        ProxyHeader::XForwardedFor => x_forwarded_for(),
    }
}

/// What stands between the commas of all lines of the header `name`, from the last.
fn entries(headers: &HeaderMap, name: &str) -> Vec<String> {
    let mut entries = Vec::new();
    for line in headers.get_all(name) {
        entries.extend(split(&String::from_utf8_lossy(line.as_bytes()), ',').into_iter().map(str::to_owned));
    }
    entries.reverse();
    entries
}

/// The pieces of `text` between `mark`s outside quotes.
///
/// Quotes are paired from the right: one that a visitor left open must not swallow what the proxy added after it.
fn split(text: &str, mark: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut end, mut quoted) = (text.len(), false);
    for (at, c) in text.char_indices().rev() {
        if c == '"' {
            quoted = !quoted;
        } else if c == mark && !quoted {
            pieces.push(text[at + c.len_utf8()..end].trim());
            end = at;
        }
    }
    pieces.push(text[..end].trim());
    pieces.reverse();
    pieces
}

/// The node that the `for` of one `Forwarded` element names, without its quotes.
fn forwarded_for(element: &str) -> Option<&str> {
    let mut pairs = split(element, ';').into_iter().filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    let value = value.trim();
    Some(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// An address, with or without brackets and port.
fn address(node: &str) -> Option<IpAddr> {
    let bare = node.strip_prefix('[').and_then(|node| node.strip_suffix(']')).unwrap_or(node);
    bare.parse().ok().or_else(|| Some(node.parse::<SocketAddr>().ok()?.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;
    use crate::settings::Settings;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    fn trusting(networks: &[&str]) -> LimitSettings {
        let trusted_proxies = networks.iter().map(|network| network.parse().unwrap()).collect();
        LimitSettings { trusted_proxies, ..Settings::default().limits }
    }

    fn seen(peer: &str, lines: &[(&'static str, &str)], settings: &LimitSettings) -> String {
        visitor(peer.parse().unwrap(), &headers(lines), settings).to_string()
    }

    #[test]
    fn the_walk_ends_at_the_first_address_from_the_right_that_is_no_proxy() {
        let settings = trusting(&["10.0.0.0/8", "2001:db8:ffff::/48"]);
        for (line, expected) in [
            ("203.0.113.7", "203.0.113.7"),
            ("1.1.1.1, 203.0.113.7", "203.0.113.7"),
            ("1.1.1.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
            ("203.0.113.7:4711, 2001:db8:ffff::2", "203.0.113.7"),
            ("[2001:db8::7]:443", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("203.0.113.7, unknown, 10.0.0.2", "10.0.0.2"),
            ("203.0.113.7,", "10.0.0.1"),
            ("", "10.0.0.1"),
            ("999.1.1.1", "10.0.0.1"),
        ] {
            assert_eq!(seen("10.0.0.1", &[("x-forwarded-for", line)], &settings), expected, "{line:?}");
        }
        assert_eq!(seen("::ffff:10.0.0.1", &[("x-forwarded-for", "203.0.113.7")], &settings), "203.0.113.7");
    }

    #[test]
    fn forwarded_is_read_in_every_form_it_has() {
        let settings = trusting(&["10.0.0.0/8"]);
        for (line, expected) in [
            ("for=203.0.113.7", "203.0.113.7"),
            ("for=1.1.1.1, For=\"[2001:db8::1]:4711\";proto=https;by=10.0.0.1", "2001:db8::1"),
            ("proto=https; for = 203.0.113.7 ;host=\"a,b;c\", for=10.0.0.2", "203.0.113.7"),
            ("for=203.0.113.7, for=_hidden", "10.0.0.1"),
            ("for=203.0.113.7, for=unknown, for=10.0.0.2", "10.0.0.2"),
            ("proto=https", "10.0.0.1"),
            ("for=\"1.1.1.1, for=\"203.0.113.7\"", "203.0.113.7"),
            ("for=\"1.1.1.1, for=203.0.113.7", "203.0.113.7"),
        ] {
            assert_eq!(seen("10.0.0.1", &[("forwarded", line)], &settings), expected, "{line:?}");
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        let settings = trusting(&["10.0.0.0/8"]);
        let lines =
            [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.7"), ("x-forwarded-for", "10.0.0.2")];
        assert_eq!(seen("10.0.0.1", &lines, &settings), "203.0.113.7");
    }

    #[test]
    fn the_header_that_the_proxy_does_not_write_counts_for_nothing() {
        let mut settings = trusting(&["10.0.0.0/8"]);
        let both = [("forwarded", "for=203.0.113.7"), ("x-forwarded-for", "198.51.100.7")];
        for (which, expected) in [
            (ProxyHeader::Either, "198.51.100.7"),
            (ProxyHeader::XForwardedFor, "198.51.100.7"),
            (ProxyHeader::Forwarded, "203.0.113.7"),
        ] {
            settings.proxy_header = which;
            assert_eq!(seen("10.0.0.1", &both, &settings), expected, "{which:?}");
        }
        settings.proxy_header = ProxyHeader::XForwardedFor;
        assert_eq!(seen("10.0.0.1", &both[..1], &settings), "10.0.0.1");
    }

    #[test]
    fn whatever_a_peer_that_is_no_proxy_writes_it_is_itself() {
        let settings = trusting(&["10.0.0.0/8"]);
        let pieces = ["1.1.1.1", "10.0.0.2", "for=", "\"", ",", ";", "[2001:db8::1]", ":80", "unknown", " ", "=", "é"];
        for _ in 0..2000 {
            let line: String = (0..fastrand::usize(..8)).map(|_| pieces[fastrand::usize(..pieces.len())]).collect();
            let lines = [("x-forwarded-for", line.as_str()), ("forwarded", &line)];
            assert_eq!(seen("203.0.113.9", &lines, &settings), "203.0.113.9", "{line:?}");
            // Nor can it shorten or lengthen the part that a proxy adds behind it.
            for (name, added) in [("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=\"203.0.113.9:1\"")] {
                let line = format!("{line}, {added}");
                assert_eq!(seen("10.0.0.1", &[(name, line.as_str())], &settings), "203.0.113.9", "{line:?}");
            }
        }
    }
}
