//! What a connection may take its time for, and how the server goes when it is told to.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use common::process::{Process, binary};
use common::replies::question;
use common::upstream::{Upstream, finish, role, token};
use common::{Server, client, conversation, error, settings, soon, with};
use reqwest::{Response, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Asks over a connection of its own, which is none that the server is about to close.
async fn ask(server: &Server, query: &str) -> Response {
    let url = server.url(&format!("/api/chat{query}"));
    soon(client().post(url).json(&conversation(&["hi"])).send()).await.unwrap()
}

/// Asks until the server refuses, which it does a moment after it was told to stop.
async fn refusal(server: &Server) -> Response {
    soon(async {
        loop {
            let response = ask(server, "").await;
            if response.status() != StatusCode::OK {
                return response;
            }
        }
    })
    .await
}

/// Writes a byte of `text` every twentieth of a second until the other side has said what it has to say.
async fn trickle(addr: SocketAddr, head: &str, text: &str) -> String {
    let (mut from, mut to) = TcpStream::connect(addr).await.unwrap().into_split();
    to.write_all(head.as_bytes()).await.unwrap();
    let writing = async {
        let mut pace = tokio::time::interval(Duration::from_millis(50));
        for byte in text.bytes() {
            pace.tick().await;
            if to.write_all(&[byte]).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await
    };
    let mut answer = Vec::new();
    let reading = async {
        // A reset is an end too.
        let _ = from.read_to_end(&mut answer).await;
    };
    tokio::select! {
        () = writing => {}
        () = soon(reading) => {}
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_head_that_takes_too_long_gets_no_answer() {
    let server = Server::start(with(|s| s.serving.header_timeout = 1)).await;
    let started = Instant::now();
    let slow = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(1000));
    assert_eq!(trickle(server.addr, "", &slow).await, "");
    assert!((1000..4000).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
    assert_eq!(ask(&server, "").await.status(), 200, "others are served meanwhile");
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_a_request_timeout_however_steadily_it_comes() {
    let server = Server::start(with(|s| s.serving.body_timeout = 1)).await;
    for path in ["/api/chat", "/api/contact", "/api/log-error"] {
        let started = Instant::now();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\
             connection: close\r\n\r\n"
        );
        let answer = trickle(server.addr, &head, &" ".repeat(1000)).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
        assert!(answer.contains(r#""code":"request_timeout""#) && answer.contains(r#""retryable":true"#), "{answer}");
        assert!((1000..4000).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn with_nothing_under_way_the_server_stops_at_once() {
    let mut server = Server::start(settings()).await;
    // A connection that is kept alive, and one that was opened ahead of need.
    let client = client();
    assert_eq!(client.get(server.url("/healthz")).send().await.unwrap().status(), 200);
    let _early = TcpStream::connect(server.addr).await.unwrap();
    let started = Instant::now();
    server.terminate();
    server.ended().await;
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn an_answer_under_way_may_end_while_new_requests_are_refused() {
    let upstream = Upstream::start().await;
    let mut server = Server::start(upstream.settings()).await;
    let tokens = upstream.will_stream(8);
    tokens.send(token("first")).await.unwrap();
    let response = ask(&server, "").await;
    for _ in 0..50 {
        // For those who are asked before the server has noticed.
        upstream.will_say(200, "text/event-stream", String::from_utf8(finish().to_vec()).unwrap());
    }
    server.terminate();
    let refused = refusal(&server).await;
    assert_eq!(refused.status(), 503);
    assert_eq!(
        (&refused.headers()["retry-after"], &refused.headers()["connection"]),
        (&"1".parse().unwrap(), &"close".parse().unwrap())
    );
    let error = error(refused).await;
    assert_eq!((&error["code"], &error["retryable"]), (&json!("unavailable"), &json!(true)));

    tokens.send(token("last")).await.unwrap();
    tokens.send(finish()).await.unwrap();
    let text = soon(response.text()).await.unwrap();
    assert!(text.contains("last") && text.contains(r#""type":"finish""#), "{text}");
    server.ended().await;
}

#[tokio::test]
async fn answers_that_take_longer_end_with_an_error_in_good_order() {
    let mut upstream = Upstream::start().await;
    let mut server = Server::start(upstream.with(|s| s.serving.drain_seconds = 1)).await;
    let mut streams = Vec::new();
    for query in ["", "?format=openai", "?format=ndjson", "?format=text"] {
        let tokens = upstream.will_stream(8);
        tokens.send(token("half")).await.unwrap();
        streams.push((query, ask(&server, query).await, upstream.received().await, tokens));
    }
    // One that has not begun.
    let tokens = upstream.will_stream(8);
    tokens.send(role()).await.unwrap();
    let url = server.url("/api/chat");
    let waiting = tokio::spawn(client().post(url).json(&conversation(&["hi"])).send());
    upstream.received().await;

    let started = Instant::now();
    server.terminate();
    for (query, response, received, tokens) in streams {
        let text = soon(response.text()).await;
        match query {
            "?format=text" => assert!(text.is_err(), "plain text can only break off"),
            _ => {
                let text = text.unwrap();
                assert!(text.contains("half") && !text.contains("finish\""), "{text}");
                assert!(text.contains(r#""error""#), "{text}");
                let coded = text.contains(r#""code":"unavailable","retryable":true"#);
                assert_eq!(coded, query != "?format=ndjson", "{text}");
            }
        }
        soon(received.gone).await.unwrap();
        drop(tokens);
    }
    let refused = soon(waiting).await.unwrap().unwrap();
    assert_eq!((refused.status().as_u16(), &error(refused).await["code"]), (503, &json!("unavailable")));
    server.ended().await;
    assert!((1000..2500).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn replies_that_could_be_resumed_end_too() {
    let mut upstream = Upstream::start().await;
    let mut server = Server::start(upstream.with(|s| s.serving.drain_seconds = 1)).await;
    let url = server.url("/api/chat");
    let mut gone = Vec::new();
    let mut streams = Vec::new();
    for id in ["left", "read"] {
        let tokens = upstream.will_stream(8);
        tokens.send(token("half")).await.unwrap();
        streams.push(soon(client().post(&url).json(&question(id)).send()).await.unwrap());
        gone.push((upstream.received().await.gone, tokens));
    }
    let again = soon(client().get(format!("{url}/read/stream")).send()).await.unwrap();
    drop(streams.remove(0));
    streams.push(again);
    server.terminate();
    for response in streams {
        let text = soon(response.text()).await.unwrap();
        assert!(text.contains("half") && text.contains(r#""code":"unavailable","retryable":true"#), "{text}");
    }
    for (gone, _tokens) in gone {
        soon(gone).await.unwrap();
    }
    server.ended().await;
}

#[tokio::test]
async fn a_reader_who_does_not_read_cannot_hold_the_server() {
    let upstream = Upstream::start().await;
    let mut server = Server::start(upstream.with(|s| s.serving.drain_seconds = 0)).await;
    let tokens = upstream.will_stream(1);
    let long = token(&"x".repeat(1 << 16));
    tokens.send(long.clone()).await.unwrap();
    let response = ask(&server, "").await;
    // Until nothing moves any more.
    while tokio::time::timeout(Duration::from_millis(300), tokens.send(long.clone())).await.is_ok() {}
    let started = Instant::now();
    server.terminate();
    server.ended().await;
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    drop(response);
}

/// The real binary, whose answers come a word every ten seconds.
fn slow(drain_seconds: &str) -> Process {
    let mut command = binary();
    command.env("NATTER_WORD_DELAY", "10000").env("NATTER_DRAIN_SECONDS", drain_seconds);
    Process::start(command)
}

#[tokio::test]
async fn a_signal_drains_the_real_server() {
    let mut server = slow("1");
    let mut streams = Vec::new();
    for _ in 0..3 {
        let request = client().post(server.url("/api/chat")).json(&conversation(&["How do I install it?"]));
        streams.push(soon(request.send()).await.unwrap());
    }
    let started = Instant::now();
    server.terminate();
    for response in streams {
        let text = soon(response.text()).await.expect("the body ends in good order");
        assert!(text.contains(r#"{"type":"data-error","data":{"code":"unavailable","retryable":true}"#), "{text}");
        assert!(text.contains(r#""type":"error""#) && text.ends_with("data: [DONE]\n\n"), "{text}");
        assert!(!text.contains(r#""type":"finish""#), "{text}");
    }
    assert_eq!(server.exit_code().await, Some(0));
    assert!((1000..3000).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_signal_ends_an_idle_server_at_once() {
    let mut server = slow("60");
    assert_eq!(soon(client().get(server.url("/healthz")).send()).await.unwrap().status(), 200);
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
}
