//! Who is asking, as the quota shows it: by socket, and behind proxies that are trusted or not.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Server, conversation, visitor, with};
use natter_server_example::ProxyHeader;
use reqwest::Client;

/// One question an hour, so that the status tells whether somebody asked before.
async fn server(proxies: &[&str], header: ProxyHeader) -> Server {
    Server::start(with(|s| {
        s.limits.rate_limit = "1/3600".parse().unwrap();
        s.limits.trusted_proxies = proxies.iter().map(|network| network.parse().unwrap()).collect();
        s.limits.proxy_header = header;
    }))
    .await
}

async fn ask(server: &Server, client: &Client, headers: &[(&str, &str)]) -> u16 {
    let mut request = client.post(server.url("/api/chat")).json(&conversation(&["hi"]));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn each_address_has_a_quota_of_its_own() {
    let server = server(&[], ProxyHeader::Either).await;
    for last in [1, 2, 3] {
        assert_eq!(ask(&server, &visitor(last), &[]).await, 200, "127.0.0.{last}");
        assert_eq!(ask(&server, &visitor(last), &[]).await, 429, "127.0.0.{last} again, over another connection");
    }
}

#[tokio::test]
async fn a_peer_that_is_no_trusted_proxy_gets_no_fresh_quota_by_any_header() {
    for proxies in [&[][..], &["10.0.0.0/8", "127.0.0.2/32"]] {
        let server = server(proxies, ProxyHeader::Either).await;
        assert_eq!(ask(&server, &server.client, &[]).await, 200);
        for n in 0..20 {
            let address = format!("203.0.113.{n}");
            let element = format!("for={address}");
            for (name, value) in [
                ("x-forwarded-for", &address),
                ("forwarded", &element),
                ("x-real-ip", &address),
                ("true-client-ip", &address),
                ("cf-connecting-ip", &address),
            ] {
                assert_eq!(ask(&server, &server.client, &[(name, value)]).await, 429, "{name}: {value}");
            }
        }
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_only_what_the_proxy_added_counts() {
    let server = server(&["127.0.0.0/8", "10.0.0.0/8"], ProxyHeader::Either).await;
    let status = async |name: &str, value: &str| ask(&server, &server.client, &[(name, value)]).await;
    assert_eq!(status("x-forwarded-for", "203.0.113.7").await, 200);
    for forged in ["1.1.1.1", "10.0.0.9", "unknown", "\"", "2001:db8::1", "a, b", ""] {
        for added in ["203.0.113.7", "203.0.113.7:4711", "203.0.113.7, 10.0.0.2", "203.0.113.7,127.0.0.5,10.0.0.2"] {
            let line = format!("{forged}, {added}");
            assert_eq!(status("x-forwarded-for", &line).await, 429, "{line}");
        }
        for added in ["for=203.0.113.7", "For=\"203.0.113.7:1\";proto=https", "for=203.0.113.7, for=10.0.0.2"] {
            let line = format!("for={forged}, {added}");
            assert_eq!(status("forwarded", &line).await, 429, "{line}");
        }
        // One header line each, as some proxies add it; and the other header, as the visitor sent it.
        let headers = [("x-forwarded-for", forged), ("x-forwarded-for", "203.0.113.7"), ("forwarded", "for=9.9.9.9")];
        assert_eq!(ask(&server, &server.client, &headers).await, 429, "{forged}");
    }
    assert_eq!(status("x-forwarded-for", "203.0.113.7, 203.0.113.8").await, 200, "another visitor");
    assert_eq!(status("forwarded", "for=203.0.113.8").await, 429, "the same in the other header");
}

#[tokio::test]
async fn behind_a_proxy_that_writes_forwarded_the_setting_ignores_the_other_header() {
    let server = server(&["127.0.0.0/8"], ProxyHeader::Forwarded).await;
    let own = ("forwarded", "for=203.0.113.7");
    assert_eq!(ask(&server, &server.client, &[own]).await, 200);
    for n in 0..20 {
        let forged = format!("198.51.100.{n}");
        assert_eq!(ask(&server, &server.client, &[("x-forwarded-for", &forged), own]).await, 429);
    }
}

#[tokio::test]
async fn an_ipv6_network_of_64_bits_is_one_visitor() {
    let server = server(&["127.0.0.0/8"], ProxyHeader::Either).await;
    let status = async |name: &str, value: &str| ask(&server, &server.client, &[(name, value)]).await;
    assert_eq!(status("x-forwarded-for", "2001:db8:1:2::1").await, 200);
    for n in 2..20 {
        assert_eq!(status("x-forwarded-for", &format!("2001:db8:1:2:{n:x}::{n:x}")).await, 429);
        assert_eq!(status("forwarded", &format!("for=\"[2001:db8:1:2::{n:x}]:4711\"")).await, 429);
    }
    assert_eq!(status("x-forwarded-for", "2001:db8:1:3::1").await, 200, "the network next to it");
    assert_eq!(status("x-forwarded-for", "::ffff:203.0.113.7").await, 200);
    assert_eq!(status("x-forwarded-for", "203.0.113.7").await, 429, "an IPv4 address is itself in either form");
}
