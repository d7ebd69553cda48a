//! Whose pages may ask: what browsers are told, and what they refuse to show a page that may not.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Server, conversation, error, settings, with};
use reqwest::{Method, Response};
use serde_json::json;

const SHOP: &str = "https://shop.example";

async fn server() -> Server {
    Server::start(with(|s| s.limits.allowed_origins = vec![SHOP.into(), "http://localhost:3000".into()])).await
}

async fn ask(server: &Server, headers: &[(&str, &str)]) -> Response {
    let mut request = server.post("/api/chat", &conversation(&["hi"]));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn list(response: &Response, name: &str) -> Vec<String> {
    let lines = response.headers().get_all(name).iter().flat_map(|value| value.to_str().unwrap().split(','));
    lines.map(|item| item.trim().to_ascii_lowercase()).collect()
}

#[tokio::test]
async fn pages_of_the_server_and_programs_may_ask() {
    let server = server().await;
    let own = format!("http://{}", server.addr);
    let by_name = own.replace("127.0.0.1", "localhost");
    let name = by_name.trim_start_matches("http://");
    for headers in [
        &[][..],
        &[("origin", own.as_str())],
        &[("origin", &own), ("sec-fetch-site", "same-origin")],
        &[("host", name), ("origin", &by_name)],
        &[("host", "inside:8787"), ("origin", "https://outside.example"), ("sec-fetch-site", "same-origin")],
    ] {
        let response = ask(&server, headers).await;
        assert_eq!(response.status(), 200, "{headers:?}");
        assert!(response.headers().get("access-control-allow-origin").is_none());
        assert!(list(&response, "vary").contains(&"origin".into()));
    }
}

#[tokio::test]
async fn foreign_pages_are_refused_before_anything_is_done() {
    let server = server().await;
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "https://shop.example.evil.example")],
        &[("origin", "https://sub.shop.example")],
        &[("origin", "http://shop.example")],
        &[("origin", "https://shop.example:8443")],
        &[("origin", "null")],
        &[("origin", "null"), ("sec-fetch-site", "same-origin")],
        &[("origin", "http://127.0.0.1:1"), ("sec-fetch-site", "same-site")],
        &[("origin", SHOP), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("x-forwarded-host", "evil.example")],
    ] {
        let response = ask(&server, headers).await;
        assert_eq!(response.status(), 403, "{headers:?}");
        assert!(response.headers().get("access-control-allow-origin").is_none(), "{headers:?}");
        assert!(response.headers().get("ratelimit").is_none(), "it is not counted");
        let error = error(response).await;
        assert_eq!((&error["code"], &error["retryable"]), (&"origin_not_allowed".into(), &false.into()));
    }
    let response = ask(&server, &[("origin", "https://evil.example")]).await;
    let message = error(response).await["message"].as_str().unwrap().to_owned();
    assert!(message.contains("https://evil.example") && message.contains("NATTER_ALLOWED_ORIGINS"), "{message}");

    for path in ["/api/contact", "/api/log-error", "/api/nothing"] {
        let request = server.post(path, &json!({"error": "x"})).header("origin", "https://evil.example");
        assert_eq!(request.send().await.unwrap().status(), 403, "{path}");
        let form = server.client.post(server.url(path)).header("origin", SHOP).body("error=x");
        let form = form.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
        assert_eq!(form.status(), if path == "/api/nothing" { 404 } else { 415 }, "{path}");
    }

    let preflight = server.client.request(Method::OPTIONS, server.url("/api/chat"));
    let preflight = preflight.header("origin", "https://evil.example").header("access-control-request-method", "POST");
    let response = preflight.send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert!(response.headers().get("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn a_listed_page_may_read_answers_and_errors_and_their_headers() {
    let server = Server::start(with(|s| {
        s.limits.allowed_origins = vec![SHOP.into()];
        s.limits.rate_limit = "2/3600".parse().unwrap();
    }))
    .await;
    let listed = [("origin", SHOP), ("sec-fetch-site", "cross-site")];
    let bad = server.client.post(server.url("/api/chat")).header("origin", SHOP).body("{}").send().await.unwrap();
    for (response, status) in [(bad, 415), (ask(&server, &listed).await, 200), (ask(&server, &listed).await, 429)] {
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["access-control-allow-origin"], SHOP);
        assert!(response.headers().get("access-control-allow-credentials").is_none());
        assert!(response.headers().get("set-cookie").is_none());
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(list(&response, "vary").contains(&"origin".into()));
        let exposed = list(&response, "access-control-expose-headers");
        for name in ["x-request-id", "retry-after", "ratelimit", "ratelimit-policy", "x-vercel-ai-ui-message-stream"] {
            assert!(exposed.contains(&name.into()), "{name} is missing in {exposed:?}");
        }
    }
}

#[tokio::test]
async fn a_preflight_is_answered_for_two_hours_and_counts_as_no_question() {
    let server = Server::start(with(|s| {
        s.limits.allowed_origins = vec![SHOP.into()];
        s.limits.rate_limit = "1/3600".parse().unwrap();
    }))
    .await;
    for path in ["/api/chat", "/api/contact", "/api/log-error", "/api/chat"] {
        let request = server.client.request(Method::OPTIONS, server.url(path)).header("origin", SHOP);
        let request = request.header("access-control-request-method", "POST");
        let response = request.header("access-control-request-headers", "content-type").send().await.unwrap();
        assert_eq!(response.status(), 204, "{path}");
        assert_eq!(response.headers()["access-control-allow-origin"], SHOP);
        assert_eq!(response.headers()["access-control-max-age"], "7200");
        assert!(response.headers().get("access-control-allow-credentials").is_none());
        assert_eq!(list(&response, "access-control-allow-methods"), ["get", "post", "delete"]);
        let allowed = list(&response, "access-control-allow-headers");
        for name in ["content-type", "accept", "last-event-id"] {
            assert!(allowed.contains(&name.into()), "{name} is missing in {allowed:?}");
        }
        assert!(list(&response, "vary").contains(&"origin".into()));
    }
    assert_eq!(ask(&server, &[("origin", SHOP)]).await.status(), 200);
    // Without the two headers it is no preflight.
    let response = server.client.request(Method::OPTIONS, server.url("/api/chat")).send().await.unwrap();
    assert_eq!(response.status(), 405);
}

#[tokio::test]
async fn a_listed_page_may_send_whatever_headers_its_owner_chose() {
    let server = server().await;
    let preflight = |origin: &str| {
        let request = server.client.request(Method::OPTIONS, server.url("/api/chat")).header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        request.header("access-control-request-headers", "content-type,x-api-key,x-tenant").send()
    };
    let response = preflight(SHOP).await.unwrap();
    assert_eq!(response.status(), 204);
    let allowed = list(&response, "access-control-allow-headers");
    for name in ["x-api-key", "x-tenant", "content-type", "last-event-id"] {
        assert!(allowed.contains(&name.into()), "{name} is missing in {allowed:?}");
    }
    assert!(response.headers().get("access-control-allow-credentials").is_none());
    for origin in ["https://evil.example", &format!("http://{}", server.addr)] {
        let response = preflight(origin).await.unwrap();
        assert!(response.headers().get("access-control-allow-headers").is_none(), "{origin}");
    }
}

#[tokio::test]
async fn the_name_a_trusted_proxy_was_called_by_is_the_server_s_own() {
    let headers =
        [("host", "inside:8787"), ("x-forwarded-host", "outside.example"), ("origin", "http://outside.example")];
    let trusting = Server::start(with(|s| s.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()])).await;
    assert_eq!(ask(&trusting, &headers).await.status(), 200);
    let server = Server::start(settings()).await;
    assert_eq!(ask(&server, &headers).await.status(), 403);
}
