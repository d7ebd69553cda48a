//! One reply on its way.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use natter_protocol::decode::Decoder;
use natter_protocol::event::StreamEvent;
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use tokio::time::timeout;

use super::{Failure, Meter};
use crate::answer::Events;
use crate::error::ApiError;
use crate::settings::Secret;

/// The upstream's bytes, read only when an event of theirs is asked for: a reader that stalls stalls the upstream.
/// Dropping it closes the connection.
#[derive(Debug)]
pub(in crate::answer) struct Reply {
    response: Response,
    decoder: Decoder,
    ready: VecDeque<StreamEvent>,
    patience: Duration,
    /// Never to be logged, wherever the upstream puts it.
    key: Option<Secret>,
    meter: Meter,
    begun: bool,
    ended: bool,
}

impl Reply {
    pub(super) fn new(response: Response, patience: Duration, key: Option<Secret>, meter: Meter) -> Self {
        let text = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let decoder = Decoder::for_response(text(CONTENT_TYPE.as_str()).as_deref(), text);
        Self { response, decoder, ready: VecDeque::new(), patience, key, meter, begun: false, ended: false }
    }

    /// Waits for the first event that says something; until there is one, another model may still answer.
    pub(super) async fn begin(&mut self) -> Result<(), Failure> {
        loop {
            let says = |event: &&StreamEvent| !matches!(event, StreamEvent::Start { .. } | StreamEvent::Usage(_));
            match self.ready.iter().find(says) {
                Some(StreamEvent::Error(error)) => return Err(Failure::told(&error.code, self.key.as_ref())),
                Some(_) => return Ok(()),
                None => self.read().await?,
            }
        }
    }

    /// The events, in the upstream's own time.
    pub(in crate::answer) fn events(self) -> Events {
        stream::try_unfold(self, async |mut reply| Ok(reply.next().await?.map(|event| (event, reply)))).boxed()
    }

    async fn next(&mut self) -> Result<Option<StreamEvent>, ApiError> {
        loop {
            match self.ready.pop_front() {
                // The upstream's own words may quote the key or tell of its plans and limits.
                Some(StreamEvent::Error(error)) => {
                    let failure = Failure::told(&error.code, self.key.as_ref());
                    return Err(self.broke_off(failure));
                }
                Some(event) => return Ok(Some(event)),
                None if self.ended => return Ok(None),
                None => {
                    if let Err(failure) = self.read().await {
                        return Err(self.broke_off(failure));
                    }
                }
            }
        }
    }

    /// One more chunk. At the body's end the decoder gives the reply's.
    async fn read(&mut self) -> Result<(), Failure> {
        let mut events = match timeout(self.patience, self.response.chunk()).await {
            Err(_) => return Err(Failure::silent("it fell silent")),
            Ok(Err(error)) => return Err(Failure::broken(&error, !self.begun)),
            Ok(Ok(Some(bytes))) => self.decoder.push(&bytes),
            Ok(Ok(None)) => {
                self.ended = true;
                self.decoder.finish()
            }
        };
        self.begun = true;
        self.ended |= self.decoder.is_done();
        // A model's thoughts may quote the system prompt, and they are no part of the answer.
        events.retain(|event| !matches!(event, StreamEvent::ReasoningDelta(_) | StreamEvent::Skipped(_)));
        for event in &events {
            if let StreamEvent::Usage(usage) = event {
                self.meter.took(*usage);
            }
        }
        self.ready.extend(events);
        Ok(())
    }

    fn broke_off(&self, failure: Failure) -> ApiError {
        self.meter.failed(&failure);
        tracing::error!("the upstream failed in mid-answer: {failure}");
        failure.into_error()
    }
}
