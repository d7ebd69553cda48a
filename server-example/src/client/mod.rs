//! Who is asking: the key of every limit.

mod forwarded;

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use crate::settings::LimitSettings;
use crate::state::AppState;

/// One visitor as far as a server can tell: the peer's address, or the one a trusted proxy names.
///
/// An IPv6 visitor usually owns a whole /64 and could count as anyone in it, so that is the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    Address(IpAddr),
    /// The router is not served with connection info.
    Unknown,
}

impl Client {
    /// The visitor behind a request with these parts.
    pub(crate) fn of(extensions: &Extensions, headers: &HeaderMap, settings: &LimitSettings) -> Self {
        match peer(extensions) {
            Some(peer) => Self::from(forwarded::visitor(peer, headers, settings)),
            None => Self::Unknown,
        }
    }
}

/// Whether the request comes from a proxy whose headers are believed.
pub(crate) fn is_from_proxy(extensions: &Extensions, settings: &LimitSettings) -> bool {
    peer(extensions).is_some_and(|peer| forwarded::is_trusted(peer, &settings.trusted_proxies))
}

/// The address at the other end of the connection, if the router is served with connection info.
pub(crate) fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip())
}

impl From<IpAddr> for Client {
    fn from(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V4(v4) => v4.into(),
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        })
    }
}

/// As it stands in a key that replicas share.
impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

impl FromRequestParts<AppState> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers, &state.settings().limits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_visitor_is_one_v4_address_or_one_v6_network() {
        let client = |text: &str| Client::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(client("192.0.2.1"), client("::ffff:192.0.2.1"));
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
        assert_eq!(client("2001:db8:1:2::1"), client("2001:db8:1:2:ffff::9"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
        assert_eq!(client("2001:db8:1:2:3::1").to_string(), "2001:db8:1:2::");
    }
}
