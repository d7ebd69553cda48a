//! Whose pages may ask: the server's own, and those of the origins the owner lists.
//!
//! Browsers say where a request comes from and no page can change what they say, so this keeps foreign sites from
//! spending the owner's tokens through their visitors' browsers. Programs can claim anything; the limits are for them.
//! There is nothing to steal beside: the server sets no cookies and reads none, and never allows credentials.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use natter_protocol::error::ErrorCode;

use crate::client::is_from_proxy;
use crate::error::ApiError;
use crate::state::AppState;

/// How a page of a listed origin may ask; a browser makes sure again after [`PREFLIGHT_AGE`] seconds.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, DELETE");
/// What clients send by themselves: AI SDK's name themselves in `User-Agent`, `Last-Event-ID` resumes a stream.
const HEADERS: &str = "Accept, Authorization, Content-Type, Last-Event-ID, User-Agent";
/// Two hours: no browser keeps it longer than Chromium, which keeps it that long.
const PREFLIGHT_AGE: HeaderValue = HeaderValue::from_static("7200");
/// What a page of a listed origin may read beside the body.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, X-Vercel-AI-UI-Message-Stream");
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Site {
    /// A page of this server, or a program that is no browser.
    Own,
    /// A page of a listed origin.
    Listed(HeaderValue),
    /// Any other page; its origin, when the browser names it.
    Foreign(String),
}

/// Middleware: answers preflights, refuses foreign pages, and lets listed ones read every answer, errors too.
pub(crate) async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let settings = &state.settings().limits;
    let from_proxy = is_from_proxy(request.extensions(), settings);
    let site = site(&hosts(&request, from_proxy), request.headers(), &settings.allowed_origins);
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ORIGIN)
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let mut response = match &site {
        Site::Foreign(origin) => refuse(origin).into_response(),
        _ if is_preflight => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Site::Listed(origin) = site {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if is_preflight {
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed(asked.as_ref()));
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
        }
    }
    response
}

/// The headers that a listed page may send: those it asked for too, since its owner may have told the widget to send any.
fn allowed(asked: Option<&HeaderValue>) -> HeaderValue {
    let both = asked.map(|asked| [HEADERS.as_bytes(), b", ", asked.as_bytes()].concat());
    let both = both.and_then(|both| HeaderValue::from_bytes(&both).ok());
    both.unwrap_or(HeaderValue::from_static(HEADERS))
}

fn refuse(origin: &str) -> ApiError {
    let message = match origin {
        "" | "null" => "Pages of other sites may not ask here".into(),
        origin => format!("Pages of {origin} may not ask here; NATTER_ALLOWED_ORIGINS lists the origins that may"),
    };
    ApiError::new(ErrorCode::OriginNotAllowed, message)
}

/// The names this server was called by: its `Host`, and the one a trusted proxy was called by.
fn hosts(request: &Request, from_proxy: bool) -> Vec<String> {
    let last = |name: HeaderName| {
        let value = request.headers().get_all(name).iter().next_back()?.to_str().ok()?;
        value.rsplit(',').next().map(|host| host.trim().to_owned())
    };
    let forwarded = last(HeaderName::from_static("x-forwarded-host")).filter(|_| from_proxy);
    let authority = request.uri().authority().map(ToString::to_string);
    forwarded.into_iter().chain(last(header::HOST).or(authority)).collect()
}

/// `Sec-Fetch-Site` is what the browser itself compared, so it is right even where a proxy changed the `Host`; browsers
/// send it to https and to loopback only, so that elsewhere `Origin` and `Host` are compared.
fn site(hosts: &[String], headers: &HeaderMap, listed: &[String]) -> Site {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (origin, another) = (origins.next(), origins.next());
    let text = origin.map(|origin| origin.to_str().unwrap_or("null"));
    let fetch_site = headers.get(SEC_FETCH_SITE).map(|site| site.to_str().unwrap_or("cross-site"));
    match (origin, text) {
        _ if another.is_some() => Site::Foreign(String::new()),
        (Some(origin), Some(text)) if listed.iter().any(|listed| listed == text) => Site::Listed(origin.clone()),
        (_, Some("null")) => Site::Foreign("null".into()),
        (_, text) => match fetch_site {
            Some("same-origin" | "none") => Site::Own,
            Some(_) => Site::Foreign(text.unwrap_or_default().into()),
            None => match text {
                Some(text) if !hosts.iter().any(|host| is_at(text, host)) => Site::Foreign(text.into()),
                _ => Site::Own,
            },
        },
    }
}

/// Whether `origin` is a page at `host`; a default port may be written or left out.
fn is_at(origin: &str, host: &str) -> bool {
    let (authority, default_port) = match origin.split_once("://") {
        Some(("http", authority)) => (authority, ":80"),
        Some(("https", authority)) => (authority, ":443"),
        _ => return false,
    };
    let bare = |text: &str| text.strip_suffix(default_port).unwrap_or(text).to_ascii_lowercase();
    !authority.is_empty() && bare(authority) == bare(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(host: &str, origin: Option<&str>, fetch_site: Option<&str>) -> Site {
        let mut headers = HeaderMap::new();
        for (name, value) in [("origin", origin), (SEC_FETCH_SITE, fetch_site)] {
            if let Some(value) = value {
                headers.append(name, value.parse().unwrap());
            }
        }
        site(&[host.into()], &headers, &["https://shop.example".into()])
    }

    #[test]
    fn own_pages_and_programs_pass() {
        for (host, origin, fetch_site) in [
            ("a.example", None, None),
            ("a.example", Some("https://a.example"), None),
            ("a.example:443", Some("https://a.example"), None),
            ("A.example", Some("http://a.example:80"), None),
            ("127.0.0.1:8787", Some("http://127.0.0.1:8787"), Some("same-origin")),
            ("[::1]:8787", Some("http://[::1]:8787"), None),
            ("behind-a-proxy:8787", Some("https://a.example"), Some("same-origin")),
            ("a.example", None, Some("same-origin")),
            ("a.example", None, Some("none")),
        ] {
            assert_eq!(seen(host, origin, fetch_site), Site::Own, "{host} {origin:?} {fetch_site:?}");
        }
    }

    #[test]
    fn only_the_exact_origin_of_the_list_passes() {
        let listed = Site::Listed(HeaderValue::from_static("https://shop.example"));
        assert_eq!(seen("a.example", Some("https://shop.example"), None), listed);
        assert_eq!(seen("a.example", Some("https://shop.example"), Some("cross-site")), listed);
        for (origin, fetch_site) in [
            (Some("https://shop.example.evil.example"), None),
            (Some("https://evil-shop.example"), None),
            (Some("http://shop.example"), None),
            (Some("https://shop.example:8443"), None),
            (Some("https://a.example:8443"), None),
            (Some("ftp://a.example"), None),
            (Some("a.example"), None),
            (Some(""), None),
            (Some("null"), None),
            (Some("null"), Some("same-origin")),
            (Some("http://a.example"), Some("same-site")),
            (None, Some("cross-site")),
            (None, Some("same-site")),
            (None, Some("anything else")),
        ] {
            let seen = seen("a.example", origin, fetch_site);
            assert!(matches!(seen, Site::Foreign(_)), "{origin:?} {fetch_site:?} → {seen:?}");
        }
    }
}
