//! Chat endpoints that answer badly.

use crate::chat::{Dialect, Exchange};
use crate::page::Page;

/// Ways in which an endpoint is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hostile {
    /// A web page with status 200, as a proxy or a wrong path gives.
    Page,
    /// A web page with status 500.
    ErrorPage,
    /// A picture.
    WrongContentType,
    /// An event that is no JSON, after a good one.
    MalformedEvent,
    /// A line of more than a mebibyte.
    EndlessLine,
    /// The connection breaks in the middle of the answer.
    Broken,
    /// The body ends cleanly, the answer does not.
    Truncated,
    /// Status 200 and nothing else.
    Empty,
    /// A stream that opens and ends without a word.
    EmptyStream,
    /// Bytes that are not UTF-8 in an event stream.
    NotText,
    /// A JSON answer of no known shape.
    UnknownJson,
}

impl Hostile {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Page,
        Self::ErrorPage,
        Self::WrongContentType,
        Self::MalformedEvent,
        Self::EndlessLine,
        Self::Broken,
        Self::Truncated,
        Self::Empty,
        Self::EmptyStream,
        Self::NotText,
        Self::UnknownJson,
    ];

    /// Answers `exchange` that way, to the visitor of `page`.
    pub async fn answers(self, mut exchange: Exchange, page: &Page) {
        const PAGE: &str = "<!DOCTYPE html><html><head><title>Welcome</title><script>window.hacked = 1</script></head>\
            <body><h1>It works!</h1><img src=x onerror=\"window.hacked = 1\"></body></html>";
        match self {
            Self::Page => exchange.refuses(200, "text/html; charset=utf-8", PAGE),
            Self::ErrorPage => exchange.refuses(500, "text/html; charset=utf-8", PAGE),
            Self::WrongContentType => exchange.refuses(200, "image/png", "\u{89}PNG\r\n"),
            Self::MalformedEvent => {
                exchange.begins(Dialect::UiMessage).await;
                exchange.says("So far").await;
                exchange.sends("data: {\"type\": \"text-del\n\n").await;
                exchange.ends();
            }
            Self::EndlessLine => {
                exchange.begins(Dialect::UiMessage).await;
                exchange.sends("data: {\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"").await;
                let piece = "a".repeat(64 * 1024);
                // A widget that hangs up early is right to.
                for _ in 0..40 {
                    if !exchange.tries_to_send(piece.clone()).await {
                        break;
                    }
                }
                exchange.ends();
            }
            Self::Broken => {
                exchange.begins(Dialect::UiMessage).await;
                exchange.says("So far").await;
                // A connection that breaks before its first byte arrived is tried again by the browser itself.
                page.sees_message("assistant message", "So far").await;
                exchange.breaks().await;
            }
            Self::Truncated => {
                exchange.begins(Dialect::UiMessage).await;
                exchange.says("So far").await;
                exchange.ends();
            }
            Self::Empty => exchange.refuses(200, "text/event-stream", ""),
            Self::EmptyStream => {
                exchange.begins(Dialect::UiMessage).await;
                exchange.finishes().await;
            }
            Self::NotText => {
                exchange.streams(Dialect::UiMessage, Dialect::UiMessage.content_type()).await;
                exchange.sends(&b"\xff\xfe\x00data: \xc3\x28\n\n"[..]).await;
                exchange.ends();
            }
            Self::UnknownJson => exchange.refuses(200, "application/json", r#"{"status":"ok","items":[1,2,3]}"#),
        }
    }
}
