//! `GET /metrics`: the figures, for the owner's own network only.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::client::peer;
use crate::state::AppState;

/// What a proxy adds for whoever it speaks for.
const FORWARDED: [HeaderName; 2] = [header::FORWARDED, HeaderName::from_static("x-forwarded-for")];

/// 404 for those who come from outside: from a public address, or through a proxy, whichever address that has.
pub(crate) async fn scrape(State(state): State<AppState>, request: Request) -> Response {
    if !peer(request.extensions()).is_some_and(is_private) || is_forwarded(request.headers()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let redis_up = state.redis().is_some_and(|redis| redis.is_up());
    ([(header::CONTENT_TYPE, content_type)], state.metrics().text(redis_up)).into_response()
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    FORWARDED.iter().any(|name| headers.contains_key(name))
}

fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_network_has_private_addresses() {
        let is_private = |text: &str| is_private(text.parse().unwrap());
        for inside in ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.9", "::1", "fd00::1", "::ffff:10.0.0.1"] {
            assert!(is_private(inside), "{inside}");
        }
        for outside in ["8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8"] {
            assert!(!is_private(outside), "{outside}");
        }
    }
}
