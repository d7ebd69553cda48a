//! Clients and upstreams that mean no good, or know no better: each is answered or cut off, and costs little.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::net::SocketAddr;

use common::replies::{question, read_until};
use common::upstream::{Upstream, finish, token};
use common::{Server, conversation, error, settings, soon};
use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Everything that is answered to `bytes`, up to the end of the connection.
async fn answer_to(addr: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    // Whoever is not heard out may be cut off in mid-word.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = soon(stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(lines: &str) -> String {
    format!("POST /api/chat HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{lines}\r\n")
}

#[tokio::test]
async fn what_is_not_quite_http_is_refused() {
    let server = Server::start(settings()).await;
    for lines in [
        "content-length: 4\r\ncontent-length: 5\r\n",
        "content-length: -1\r\n",
        "content-length: +2\r\n",
        "content-length: 4, 4\r\n",
        "transfer-encoding: gzip\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: xchunked\r\n",
        "x : y\r\n",
        "x: a\0b\r\n",
        "x: a\r\n b\r\n",
    ] {
        let answer = answer_to(server.addr, format!("{}0\r\n\r\n", head(lines)).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{lines:?}: {answer}");
    }
    for bytes in
        [&b"\x16\x03\x01\x02\0\x01\0"[..], b"GET /\r\n\r\n", b"GET / HTTP/3.0\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\n"]
    {
        let answer = answer_to(server.addr, bytes).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{bytes:?}: {answer}");
    }
    assert!(!server.answer(&["still there?"]).await.is_empty());
}

#[tokio::test]
async fn a_request_cannot_be_hidden_in_the_body_of_another() {
    let server = Server::start(settings()).await;
    let hidden = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let lines = format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", 5 + hidden.len());
    let answer = answer_to(server.addr, format!("{}0\r\n\r\n{hidden}", head(&lines)).as_bytes()).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
}

#[tokio::test]
async fn a_head_may_be_large_but_not_huge() {
    let server = Server::start(settings()).await;
    for (bytes, status) in [(40_000, "200 "), (200_000, "431 "), (10_000_000, "431 ")] {
        let head = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx: {}\r\n\r\n", "x".repeat(bytes));
        let answer = answer_to(server.addr, head.as_bytes()).await;
        // A reset may come before what was said.
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) || bytes > 1_000_000, "{bytes}: {answer}");
    }
}

#[tokio::test]
async fn a_refusal_is_short_and_json_whatever_was_sent() {
    let server = Server::start(settings()).await;
    let message = json!({ "role": "user", "content": "hi" });
    let nested = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    for body in [
        json!({ "stream": "x".repeat(60_000), "messages": [message] }).to_string(),
        json!([null, [message]]).to_string(),
        format!(r#"{{"messages": [{message}], "messages": [{message}]}}"#),
        format!(r#"{{"messages": [{message}], "metadata": {nested}}}"#),
        format!(r#"{{"messages": {nested}}}"#),
        r#"{"messages": [{"role": "user", "content": "\ud83d"}]}"#.into(),
        r#"{"messages": [{"role": "user", "content": "\u0000"}]}"#.into(),
        format!(r#"{{"id": -1, "messages": [{message}]}}"#),
        format!(r#"{{"stream": 1e999, "messages": [{message}]}}"#),
    ] {
        let request = server.client.post(server.url("/api/chat")).header("content-type", "application/json");
        let response = soon(request.body(body.clone()).send()).await.unwrap();
        assert_eq!(response.status(), 400, "{body:.100}");
        let message = error(response).await["message"].as_str().unwrap().to_owned();
        assert!(message.len() < 400, "{message}");
    }
    let response = server.post("/api/chat?format=text&format=json", &conversation(&["hi"])).send().await.unwrap();
    assert_eq!((response.status().as_u16(), &error(response).await["param"]), (400, &json!("query")));
}

#[tokio::test]
async fn replies_that_nobody_reads_keep_their_places() {
    let mut upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| s.limits.client_streams = 3)).await;
    let mut said = Vec::new();
    for id in ["a", "b", "c"] {
        let say = upstream.will_stream(8);
        say.send(token("one")).await.unwrap();
        drop(server.ask_in(id, "").await);
        said.push((say, upstream.received().await));
    }
    for id in ["d", "a"] {
        assert_eq!(server.ask_in(id, "").await.status(), 503, "{id}");
    }
    server.stop("b").await;
    soon(said.remove(1).1.gone).await.unwrap();
    upstream.will_answer("yes");
    assert_eq!(server.ask_in("d", "").await.status(), 200);
}

#[tokio::test]
async fn of_one_conversation_one_reply_goes_on_however_often_it_is_asked() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let says: Vec<_> = (0..20).map(|_| upstream.will_stream(8)).collect();
    for say in &says {
        say.send(token("one")).await.unwrap();
    }
    // All at once.
    let asked = says.iter().map(|_| server.post("/api/chat", &question("c")).send());
    for response in soon(join_all(asked)).await {
        assert_eq!(response.unwrap().status(), 200);
    }
    let figures = async || server.get("/metrics").await.text().await.unwrap();
    soon(async { while !figures().await.contains("\nnatter_active_streams 1\n") {} }).await;
    // It is read to its end by whoever comes back.
    let mut reader = server.resume("c", None).await;
    read_until(&mut reader, "one").await;
    for say in &says {
        let _ = say.try_send(finish());
    }
    let rest = soon(reader.text()).await.unwrap();
    assert!(rest.contains(r#""type":"finish""#) && !rest.contains(r#""type":"abort""#), "{rest}");
}

#[tokio::test]
async fn a_reader_who_takes_nothing_loses_the_connection_and_its_place() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.with(|s| {
        s.serving.send_timeout = 1;
        s.limits.client_streams = 1;
    }))
    .await;
    let say = upstream.will_stream(1);
    let long = token(&"x".repeat(1 << 16));
    say.send(long.clone()).await.unwrap();
    let response = server.ask("hi").await;
    soon(async { while say.send(long.clone()).await.is_ok() {} }).await;
    upstream.will_answer("yes");
    assert_eq!(server.ask("hi").await.status(), 200);
    drop(response);
}

#[tokio::test]
async fn an_upstream_that_never_ends_fills_no_memory() {
    let upstream = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let body = json!({ "stream": false, "messages": [{ "role": "user", "content": "hi" }] });
    for endless in [token(&"x".repeat(1 << 17)), vec![b'x'; 1 << 17].into()] {
        let say = upstream.will_stream(1);
        let saying = async { while say.send(endless.clone()).await.is_ok() {} };
        let (response, ()) = soon(async { tokio::join!(server.post("/api/chat", &body).send(), saying) }).await;
        assert_eq!(error(response.unwrap()).await["code"], "upstream_failed");
    }
}

#[tokio::test]
async fn an_upstream_that_leads_elsewhere_or_packs_its_answer_is_a_failed_one() {
    use common::upstream::Answer::Whole;
    use reqwest::StatusCode;

    let upstream = Upstream::start().await;
    let elsewhere = Upstream::start().await;
    let server = Server::start(upstream.settings()).await;
    let after_error = [&b"data: {\"error\":{\"message\":\"the secret\"}}\n\n"[..], &token("more"), &finish()].concat();
    for (status, name, value, body) in [
        (StatusCode::TEMPORARY_REDIRECT, "location", elsewhere.base_url.clone(), String::new()),
        (StatusCode::OK, "content-encoding", "gzip".into(), "\u{1f}\u{8b}\u{8}".into()),
        (StatusCode::OK, "x", "y".into(), String::from_utf8(after_error).unwrap()),
    ] {
        let headers = vec![("content-type", "text/event-stream".into()), (name, value)];
        upstream.will(Whole(status, headers, body));
        let response = server.ask("hi").await;
        assert_eq!(response.status(), 502, "{name}");
        let error = error(response).await;
        assert_eq!(
            (&error["code"], &error["message"]),
            (&json!("upstream_failed"), &json!("Failed to process your message"))
        );
    }
    assert_eq!(elsewhere.unseen(), 0);
}
