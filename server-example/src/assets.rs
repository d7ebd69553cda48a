//! The demo site, the examples and dist/, as the build script packed them.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What the site itself promises to need: no inline script or style, nothing from elsewhere.
const STRICT_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'";
/// What every page of the site gives up: nothing it shows needs it, so nothing that gets in has it.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// One embedded file.
#[derive(Debug)]
struct Asset {
    path: &'static str,
    content_type: &'static str,
    /// Of the bytes, for the entity tag.
    hash: &'static str,
    /// Part of the widget, which pages of other origins load.
    shared: bool,
    body: &'static [u8],
    brotli: Option<&'static [u8]>,
}

/// Sorted by path.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// `GET` or `HEAD` of an embedded file; `/x` finds `/x.html` and `/` finds `/index.html`.
pub(crate) async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")], "This address takes GET\n")
            .into_response();
    }
    match find(request.uri().path()) {
        Some(asset) => asset.respond(StatusCode::OK, request.headers()),
        None => match find("/404") {
            Some(page) => page.respond(StatusCode::NOT_FOUND, request.headers()),
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

fn find(path: &str) -> Option<&'static Asset> {
    let exactly = |path: &str| ASSETS.binary_search_by_key(&path, |asset| asset.path).ok().map(|at| &ASSETS[at]);
    let index = if path.ends_with('/') { format!("{path}index.html") } else { format!("{path}.html") };
    exactly(path).or_else(|| exactly(&index))
}

impl Asset {
    fn respond(&self, status: StatusCode, request: &HeaderMap) -> Response {
        let (body, encoding) = match self.brotli {
            Some(packed) if accepts_brotli(request) => (packed, Some("br")),
            _ => (self.body, None),
        };
        let tag = format!("\"{}{}\"", self.hash, if encoding.is_some() { "-br" } else { "" });
        let fresh = status == StatusCode::OK && has_tag(request, &tag);

        let mut response =
            if fresh { StatusCode::NOT_MODIFIED.into_response() } else { (status, Body::from(body)).into_response() };
        let headers = response.headers_mut();
        let mut set = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set("etag", &tag);
        // The loader and the app must be of one build, so a browser always asks; the answer is usually a 304.
        set("cache-control", "no-cache");
        if self.brotli.is_some() {
            set("vary", "Accept-Encoding");
        }
        if !fresh {
            set("content-type", self.content_type);
            if let Some(encoding) = encoding {
                set("content-encoding", encoding);
            }
        }
        set("x-content-type-options", "nosniff");
        set("referrer-policy", "strict-origin-when-cross-origin");
        if self.shared {
            set("access-control-allow-origin", "*");
            set("cross-origin-resource-policy", "cross-origin");
            return response;
        }
        set("cross-origin-resource-policy", "same-origin");
        set("cross-origin-opener-policy", "same-origin");
        set("permissions-policy", PERMISSIONS);
        set("x-frame-options", "DENY");
        if self.is_strict() {
            set("content-security-policy", STRICT_CSP);
        }
        response
    }

    /// The examples show other ways to embed the widget, most of them with a script on the page.
    fn is_strict(&self) -> bool {
        !self.path.starts_with("/examples/")
            || ["/strict-csp.html", "/theme.html"].iter().any(|page| self.path.ends_with(page))
    }
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let listed = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|value| value.split(',')).any(|coding| {
        let mut pieces = coding.split(';').map(str::trim);
        let is_brotli = pieces.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let weight = pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(Ok(1.0), str::parse::<f32>);
        is_brotli && weight.is_ok_and(|weight| weight > 0.0)
    })
}

/// Whether `If-None-Match` names `tag`; the comparison is weak (RFC 9110, 13.1.2).
fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    let listed = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    listed
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|item| item == "*" || item.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn brotli_only_for_those_who_want_it() {
        for (value, expected) in [
            ("br", true),
            ("gzip, deflate, BR", true),
            ("gzip;q=1, br;q=0.5", true),
            ("br;q=0", false),
            ("brx, gzip", false),
            ("", false),
        ] {
            assert_eq!(accepts_brotli(&with(header::ACCEPT_ENCODING, value)), expected, "{value}");
        }
    }

    #[test]
    fn a_tag_is_found_in_a_list() {
        for (value, expected) in
            [("\"a\"", true), ("W/\"a\"", true), ("\"b\", \"a\"", true), ("*", true), ("\"b\"", false), ("a", false)]
        {
            assert_eq!(has_tag(&with(header::IF_NONE_MATCH, value), "\"a\""), expected, "{value}");
        }
    }

    #[test]
    fn the_list_is_sorted_so_that_files_are_found() {
        assert!(ASSETS.is_sorted_by_key(|asset| asset.path));
        assert_eq!(find("/").map(|asset| asset.path), Some("/index.html"));
        assert_eq!(find("/contact").map(|asset| asset.path), Some("/contact.html"));
        assert!(find("/../Cargo.toml").is_none() && find("").is_none());
    }
}
