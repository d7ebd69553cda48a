//! Asks the endpoint, waits when it says to, and remembers every answer's head and every error.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, Response, Url, redirect};

use crate::ask::Ask;
use crate::options::Options;
use crate::reply::{End, Piece, Reply};
use crate::report::{Objection, fault, skip};
use crate::run::Unreachable;

/// How long one request may wait for the quota in all.
const PATIENCE: Duration = Duration::from_secs(90);
/// What is waited when the endpoint does not say how long.
const PAUSE: Duration = Duration::from_secs(5);
/// More than any reply to a question here has.
const MOST: usize = 8 << 20;

/// The endpoint under examination.
#[derive(Debug)]
pub(crate) struct Probe {
    client: Client,
    endpoint: Url,
    headers: HeaderMap,
    timeout: Duration,
    seen: Mutex<Vec<Reply>>,
}

/// A reply that is still coming.
#[derive(Debug)]
pub(crate) struct Coming {
    pub(crate) reply: Reply,
    response: Response,
    started: Instant,
    deadline: tokio::time::Instant,
}

impl Probe {
    pub(crate) fn new(options: &Options) -> Result<Self, Unreachable> {
        // Fails only when there is a provider already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A proxy on this side would be judged for what is the endpoint's.
        let client =
            Client::builder().redirect(redirect::Policy::none()).no_proxy().build().map_err(Unreachable::new)?;
        Ok(Self {
            client,
            endpoint: options.endpoint.clone(),
            headers: options.headers.iter().cloned().collect(),
            timeout: Duration::from_secs(options.timeout),
            seen: Mutex::default(),
        })
    }

    /// The origin a page of the endpoint's own site has.
    pub(crate) fn own_origin(&self) -> String {
        self.endpoint.origin().ascii_serialization()
    }

    /// The endpoint's host, with its port where it has one.
    pub(crate) fn authority(&self) -> &str {
        self.endpoint.authority()
    }

    /// Every answer so far, in the order they were asked for; only errors have a body.
    pub(crate) fn seen(&self) -> Vec<Reply> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks, and reads the reply to its end.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Reply, Objection> {
        Ok(self.open(ask).await?.rest().await)
    }

    /// Asks, and returns once the head of the reply is there; an error's body comes with it.
    pub(crate) async fn open(&self, ask: &Ask) -> Result<Coming, Objection> {
        let mut waited = Duration::ZERO;
        loop {
            let coming = self.once(ask).await.map_err(|error| unanswered(ask, &error))?;
            if coming.reply.status != 429 || !ask.waits {
                return Ok(coming);
            }
            let asked = coming.reply.header("retry-after").parse().map_or(PAUSE, Duration::from_secs);
            let pause = asked.max(Duration::from_secs(1));
            waited += pause;
            if waited > PATIENCE {
                let pause = pause.as_secs();
                return Err(skip(format!(
                    "{} could not be asked: the quota is used up for another {pause} s; run again later, or with a \
                     higher limit",
                    ask.what
                )));
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// Asks the first question, to see whether there is anybody at all.
    pub(crate) async fn first(&self, ask: &Ask) -> Result<Reply, Unreachable> {
        Ok(self.once(ask).await.map_err(Unreachable::new)?.rest().await)
    }

    async fn once(&self, ask: &Ask) -> Result<Coming, reqwest::Error> {
        let mut url = self.endpoint.clone();
        url.set_path(&format!("{}{}", url.path().trim_end_matches('/'), ask.below));
        if let Some(format) = ask.format {
            url.query_pairs_mut().append_pair("format", format);
        }
        let mut request = self.client.request(ask.method.clone(), url).headers(self.headers.clone());
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = &ask.body {
            request = request.body(body.clone());
        }
        let started = Instant::now();
        let response = request.timeout(self.timeout).send().await?;
        let reply = Reply {
            what: ask.what.clone(),
            of_endpoint: ask.below.is_empty() && ask.method != Method::OPTIONS,
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            pieces: Vec::new(),
            end: End::Open,
        };
        let deadline = tokio::time::Instant::now() + self.timeout;
        let mut coming = Coming { reply, response, started, deadline };
        if coming.reply.status >= 400 {
            while coming.next().await {}
        }
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(coming.reply.clone());
        Ok(coming)
    }
}

impl Coming {
    /// Reads what arrives next; `false` when there is no more.
    pub(crate) async fn next(&mut self) -> bool {
        if self.reply.end != End::Open {
            return false;
        }
        let chunk = tokio::time::timeout_at(self.deadline, self.response.chunk()).await;
        match chunk {
            Ok(Ok(Some(bytes))) => {
                self.reply.pieces.push(Piece { at: self.started.elapsed(), bytes: bytes.to_vec() });
                self.reply.pieces.iter().map(|piece| piece.bytes.len()).sum::<usize>() < MOST
            }
            Ok(Ok(None)) => {
                self.reply.end = End::Clean;
                false
            }
            Ok(Err(error)) => {
                self.reply.end = if error.is_timeout() { End::Open } else { End::Broken };
                false
            }
            Err(_) => false,
        }
    }

    /// Reads until the text so far is enough, or there is no more.
    pub(crate) async fn until(&mut self, enough: impl Fn(&Reply) -> bool) {
        while !enough(&self.reply) && self.next().await {}
    }

    /// Reads to the end.
    pub(crate) async fn rest(mut self) -> Reply {
        while self.next().await {}
        self.reply
    }
}

fn unanswered(ask: &Ask, error: &reqwest::Error) -> Objection {
    let why = if error.is_timeout() { "no answer came in time" } else { "the connection broke before an answer" };
    fault(
        format!("{}: {why}", ask.what),
        "Answer every request, also one that is refused, and read (or discard) its body before closing the connection.",
    )
}
