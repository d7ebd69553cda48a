//! The demo site, dist/, the two forms, the health check.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::Path;

use common::{Server, error, settings, with};
use serde_json::{Value, json};

#[tokio::test]
async fn pages_have_their_type_a_strict_policy_and_no_inline_code() {
    let server = Server::start(settings()).await;
    for path in ["/", "/contact", "/api-docs"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "strict-origin-when-cross-origin");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("x-frame-options"), "DENY");
        assert!(header("permissions-policy").contains("camera=()"));
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"));
        assert!(policy.contains("; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "), "{policy}");
        assert!(policy.ends_with("require-trusted-types-for 'script'"));
        let html = response.text().await.unwrap();
        assert!(html.contains(r#"<script src="/natter.js" data-endpoint="/api/chat""#), "{path}");
        assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains("<script>"), "{path}");
    }
    let response = server.get("/no-such-page").await;
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
}

#[tokio::test]
async fn everything_a_page_links_to_on_this_site_is_there() {
    let server = Server::start(settings()).await;
    let built = dist().join("natter.js").exists();
    for page in ["/", "/contact", "/api-docs", "/404"] {
        let html = server.get(page).await.text().await.unwrap();
        let attributes = [" href=\"", " src=\""].iter().flat_map(|attribute| html.split(attribute).skip(1));
        let links = attributes.filter_map(|rest| rest.split('"').next()).filter(|link| link.starts_with('/'));
        for link in links.filter(|link| built || *link != "/natter.js") {
            let response = server.get(link.split('#').next().unwrap()).await;
            assert_eq!(response.status(), 200, "{page} links to {link}");
        }
    }
}

#[tokio::test]
async fn brotli_is_for_those_who_accept_it_and_a_known_tag_gets_no_body() {
    let server = Server::start(settings()).await;
    let get = async |encoding: &str, tag: &str| {
        let request = server.client.get(server.url("/site.css")).header("accept-encoding", encoding);
        request.header("if-none-match", tag).send().await.unwrap()
    };
    let plain = get("gzip", "").await;
    assert!(plain.headers().get("content-encoding").is_none());
    assert_eq!(plain.headers()["vary"], "Accept-Encoding");
    assert_eq!(plain.headers()["content-type"], "text/css; charset=utf-8");
    let plain_tag = plain.headers()["etag"].to_str().unwrap().to_owned();
    let original = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("site/site.css")).unwrap();
    assert_eq!(plain.bytes().await.unwrap(), original);

    let packed = get("gzip, br", "").await;
    assert_eq!(packed.headers()["content-encoding"], "br");
    let packed_tag = packed.headers()["etag"].to_str().unwrap().to_owned();
    assert_ne!(packed_tag, plain_tag);
    assert!(packed.bytes().await.unwrap().len() * 2 < original.len());

    let known = get("gzip, br", &format!("\"old\", W/{packed_tag}")).await;
    assert_eq!(known.status(), 304);
    assert_eq!(known.headers()["etag"].to_str().unwrap(), packed_tag);
    assert!(known.bytes().await.unwrap().is_empty());
    assert_eq!(get("gzip", &packed_tag).await.status(), 200);

    let head = server.client.head(server.url("/site.css")).send().await.unwrap();
    assert_eq!(head.headers()["content-length"].to_str().unwrap(), original.len().to_string());
    assert_eq!(server.client.post(server.url("/site.css")).send().await.unwrap().status(), 405);
}

fn dist() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../dist"))
}

#[tokio::test]
async fn the_widget_s_files_may_be_loaded_by_other_sites() {
    let server = Server::start(settings()).await;
    for (file, content_type) in [
        ("natter.js", "text/javascript; charset=utf-8"),
        ("natter-app.js", "text/javascript; charset=utf-8"),
        ("natter-app.wasm", "application/wasm"),
        ("natter.mjs", "text/javascript; charset=utf-8"),
        ("locales/de.json", "application/json"),
        ("LICENSES.txt", "text/plain; charset=utf-8"),
    ] {
        let Ok(original) = fs::read(dist().join(file)) else { continue };
        let response = server.get(&format!("/{file}")).await;
        assert_eq!(response.status(), 200, "{file}");
        assert_eq!(response.headers()["content-type"], content_type);
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert_eq!(response.headers()["cross-origin-resource-policy"], "cross-origin");
        assert_eq!(response.headers()["vary"], "Accept-Encoding");
        assert_eq!(response.bytes().await.unwrap(), original, "{file}");
    }
    assert!(server.get("/site.css").await.headers().get("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn health() {
    let response = Server::start(settings()).await.get("/healthz").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.unwrap(), "ok");
}

#[tokio::test]
async fn a_note_is_one_line_of_the_contact_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.jsonl");
    let server = Server::start(with(|s| s.contact_file = file.clone())).await;
    let note = |name: &str| {
        json!({"name": name, "email": "ada@example.org", "message": "Hello\n\"there\"", "page": "http://x/",
            "timestamp": 1_700_000_000_000_u64})
    };
    let names: Vec<_> = (0..20).map(|n| format!("Ada {n}")).collect();
    let sent = names.iter().map(|name| server.post("/api/contact", &note(name)).send());
    for response in futures_util::future::join_all(sent).await {
        let response = response.unwrap();
        assert_eq!(response.status(), 201);
        assert_eq!(response.json::<Value>().await.unwrap(), json!({"status": "received"}));
    }
    let text = fs::read_to_string(file).unwrap();
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 20);
    lines.sort_by_key(|line| line["name"].as_str().unwrap()[4..].parse::<u32>().unwrap());
    for (line, name) in lines.iter().zip(&names) {
        assert!(line["received"].as_str().unwrap().ends_with('Z'));
        let mut rest = line.clone();
        rest.as_object_mut().unwrap().remove("received");
        assert_eq!(rest, note(name));
    }
}

#[tokio::test]
async fn notes_that_cannot_be_answered_are_refused_field_by_field() {
    let server = Server::start(settings()).await;
    let right = json!({"name": "Ada", "email": "ada@example.org", "message": "Hello"});
    for (field, value, text) in [
        ("name", json!(" "), "your name"),
        ("name", json!("x".repeat(101)), "at most 100"),
        ("email", json!(""), "email address"),
        ("email", json!("ada@example"), "does not look like"),
        ("message", json!("\n"), "write a message"),
        ("message", json!("x".repeat(4001)), "at most 4000"),
        ("page", json!("x".repeat(2001)), "at most 2000"),
        ("timestamp", json!({}), "timestamp must be"),
        ("name", json!(7), "cannot be read"),
    ] {
        let mut note = right.clone();
        note[field] = value;
        let response = server.post("/api/contact", &note).send().await.unwrap();
        assert_eq!(response.status(), 400, "{note}");
        let error = error(response).await;
        assert_eq!(error["param"], field);
        assert!(error["message"].as_str().unwrap().contains(text), "{error}");
    }
    let response = server.post("/api/contact", &json!({"name": "x".repeat(40_000)})).send().await.unwrap();
    assert_eq!(response.status(), 413);
    // The folder of the contact file does not exist: a failure of ours, told without the path.
    let response = server.post("/api/contact", &right).send().await.unwrap();
    assert_eq!(response.status(), 500);
    let error = error(response).await;
    assert_eq!((&error["code"], &error["retryable"]), (&json!("internal"), &json!(true)));
    assert!(!error.to_string().contains("nowhere"), "{error}");
}

#[tokio::test]
async fn forms_are_limited_too() {
    let server = Server::start(with(|s| s.limits.rate_limit = "1/60".parse().unwrap())).await;
    let report = json!({"error": "TypeError: x", "context": {"phase": "send"}, "timestamp": 1});
    assert_eq!(server.post("/api/log-error", &report).send().await.unwrap().status(), 204);
    assert_eq!(server.post("/api/log-error", &report).send().await.unwrap().status(), 429);
    assert_eq!(server.post("/api/contact", &json!({})).send().await.unwrap().status(), 429);
}

#[tokio::test]
async fn error_reports_must_say_something_and_be_short() {
    let server = Server::start(settings()).await;
    for (report, status) in [
        (json!({}), 400),
        (json!({"error": ""}), 400),
        (json!({"error": null}), 400),
        (json!({"error": "x".repeat(20_000)}), 413),
        (json!({"error": {"name": "TypeError"}, "context": "send", "timestamp": "2026-01-01T00:00:00Z"}), 204),
    ] {
        assert_eq!(server.post("/api/log-error", &report).send().await.unwrap().status(), status, "{report}");
    }
}
