//! The visitors' side: asks, and reads what comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Response};
use serde_json::json;
use tokio::task::JoinSet;

use crate::target::Target;

/// A client that keeps its connections, as browsers do.
pub(crate) fn client() -> Result<Client> {
    Ok(Client::builder().no_proxy().tcp_nodelay(true).pool_max_idle_per_host(16).build()?)
}

/// Sends one question.
pub(crate) async fn ask(client: &Client, target: &Target, question: &str, id: &str) -> Result<Response> {
    let mut body = json!({ "stream": true, "messages": [{ "role": "user", "content": question }] });
    if target.resumable {
        body["id"] = id.into();
    }
    let response = client.post(format!("http://{}{}", target.addr, target.path)).json(&body).send().await?;
    ensure!(response.status() == 200, "{} answers {}", target.name, response.status());
    Ok(response)
}

/// From asking to the first token of the answer, which is then read to its end.
pub(crate) async fn first_token(client: &Client, target: &Target) -> Result<Duration> {
    let asked = Instant::now();
    let mut response = ask(client, target, "ONE", "probe").await?;
    let mut came = None;
    let mut seen = Vec::new();
    while let Some(bytes) = response.chunk().await? {
        seen.extend_from_slice(&bytes);
        if came.is_none() && count(&seen) > 0 {
            came = Some(asked.elapsed());
        }
    }
    came.context("an answer without a token")
}

/// Answers that are being read, until this is dropped.
#[derive(Debug)]
pub(crate) struct Open {
    tokens: Arc<AtomicU64>,
    ids: Vec<String>,
    readers: JoinSet<Result<()>>,
}

impl Open {
    /// Opens so many, a hundred at a time, each with a token every `pause`.
    pub(crate) async fn streams(client: &Client, target: &Target, count: usize, pause: Duration) -> Result<Self> {
        let ids = (0..count).map(|nth| format!("stream-{nth}")).collect();
        let mut open = Self { tokens: Arc::default(), ids, readers: JoinSet::new() };
        let question = format!("PACED {}", pause.as_micros());
        for ids in open.ids.chunks(100) {
            let asked = ids.iter().map(|id| ask(client, target, &question, id));
            for response in futures_util::future::try_join_all(asked).await? {
                open.readers.spawn(read(response, Arc::clone(&open.tokens)));
            }
        }
        Ok(open)
    }

    /// Tokens that came so far.
    pub(crate) fn tokens(&self) -> u64 {
        self.tokens.load(Ordering::Relaxed)
    }

    /// Stops them all, those too that would go on without a reader.
    pub(crate) async fn stop(mut self, client: &Client, target: &Target) -> Result<()> {
        self.readers.shutdown().await;
        for id in self.ids.iter().filter(|_| target.resumable) {
            client.delete(format!("http://{}{}/{id}/stream", target.addr, target.path)).send().await?;
        }
        Ok(())
    }

    /// Whether all are still open.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.readers.try_join_next() {
            None => Ok(()),
            Some(ended) => ended?.context("a stream broke off").and_then(|()| anyhow::bail!("a stream ended early")),
        }
    }
}

async fn read(mut response: Response, tokens: Arc<AtomicU64>) -> Result<()> {
    while let Some(bytes) = response.chunk().await? {
        tokens.fetch_add(count(&bytes), Ordering::Relaxed);
    }
    Ok(())
}

/// Tokens in the bytes: each is written in one piece.
fn count(bytes: &[u8]) -> u64 {
    bytes.windows(6).filter(|word| word == b" token").count() as u64
}
