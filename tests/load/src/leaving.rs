//! How soon the model is let go of when a visitor leaves: before the first token, and during the answer.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::mock::Mock;
use crate::target::Target;

const TIMES: usize = 50;
/// Longer than this counts as never.
const NEVER: Duration = Duration::from_secs(10);

/// From leaving to the model's connection being closed, each time.
#[derive(Debug)]
pub(crate) struct Leaving {
    pub(crate) before: Vec<Duration>,
    pub(crate) during: Vec<Duration>,
}

pub(crate) async fn measure(target: &Target, mock: &Mock) -> Result<Leaving> {
    let (mut before, mut during) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        before.push(leave(target, mock, "SILENT", false).await?);
        during.push(leave(target, mock, "PACED 5000", true).await?);
    }
    Ok(Leaving { before, during })
}

async fn leave(target: &Target, mock: &Mock, question: &str, wait: bool) -> Result<Duration> {
    mock.forget().await;
    let stream = request(target, question).await?;
    timeout(NEVER, mock.arrival()).await.context("the question does not arrive")?;
    if wait {
        timeout(NEVER, stream.readable()).await.context("no answer comes")??;
    }
    let left = Instant::now();
    drop(stream);
    let closed = timeout(NEVER, mock.departure()).await.context("the model is never let go of")?;
    Ok(closed.context("the mock is gone")?.saturating_duration_since(left))
}

/// A question over a connection of its own, which nobody reads from yet.
pub(crate) async fn request(target: &Target, question: &str) -> Result<TcpStream> {
    let body = json!({ "stream": true, "messages": [{ "role": "user", "content": question }] }).to_string();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        target.path,
        target.addr,
        body.len()
    );
    let mut stream = TcpStream::connect(target.addr).await?;
    stream.write_all(head.as_bytes()).await?;
    Ok(stream)
}
