//! An answer's events to a response: when the head goes out, what keeps a silent connection open, how a failure shows.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt};
use natter_protocol::encode::{Encoded, Encoder, Format};
use natter_protocol::event::{StreamError, StreamEvent};

use crate::answer::{Events, Item};
use crate::error::ApiError;
use crate::replies::Reply;

/// The head waits for the first event, so that a failure can still have a status; but no longer than this.
const HEAD_AFTER: Duration = Duration::from_secs(10);
/// Silence after which a comment is sent, so that proxies do not take the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Bytes of an answer that is sent whole, and kept until then: more than the most tokens that can be asked for.
const MAX_WHOLE: usize = 8 * 1024 * 1024;

/// Answers with `reply`, as it comes or, in the format that has no stream, when it is whole.
///
/// # Errors
/// The failure, when there is one before the head is out.
pub(crate) async fn answer(reply: Reply, format: Format) -> Result<Response, ApiError> {
    let Reply { head, events, after } = reply;
    match format {
        Format::Json => respond_at_once(events, head.encoder(format)).await,
        _ => respond(events, head.encoder(format), after).await,
    }
}

/// Answers with `events` in the encoder's format.
///
/// Whoever drops the response (or this future, before the head is out) drops the events and with them the upstream
/// request. Events are asked for one at a time, when the connection has room for them.
///
/// With `after`, server-sent events carry the number of the event they are of, and those up to that number only bring the
/// encoder to where it was when the reader had them: what follows is, byte for byte, what followed then.
///
/// # Errors
/// The failure, when there is one before the first event.
async fn respond(events: Events, encoder: Encoder, after: Option<u64>) -> Result<Response, ApiError> {
    let format = encoder.format();
    let mut relay = Relay { first: None, events, encoder, after, seen: 0, over: false };
    // Who has some events had a head, and gets a failure in the stream.
    if after.unwrap_or(0) == 0 {
        tokio::time::timeout(HEAD_AFTER, relay.begin()).await.ok().transpose()?;
    }
    let body = stream::unfold(relay, async |mut relay| Some((relay.next().await?, relay)));

    Ok((headers(format), Body::from_stream(body)).into_response())
}

/// What every answer in this format says of itself.
fn headers(format: Format) -> HeaderMap {
    let fixed = [
        ("content-type", format.content_type()),
        ("cache-control", "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
    ];
    let all = fixed.iter().chain(format.headers());
    all.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

/// Answers with the whole answer at once, for the format that has no stream.
///
/// # Errors
/// The failure, whenever it comes; an answer that does not end is one.
async fn respond_at_once(mut events: Events, mut encoder: Encoder) -> Result<Response, ApiError> {
    let mut said = 0;
    loop {
        let event = next(&mut events).await?;
        if let StreamEvent::TextDelta(text) = &event {
            said += text.len();
        }
        if said > MAX_WHOLE {
            tracing::error!("the upstream failed: its answer does not end");
            return Err(ApiError::upstream_failed());
        }
        match encoder.push(&event) {
            Encoded::More(_) => {}
            Encoded::End(text) => return Ok((headers(encoder.format()), text).into_response()),
            Encoded::Break => return Err(ApiError::upstream_failed()),
        }
    }
}

/// The next event; an answer that just stops is a failure too.
async fn next(events: &mut Events) -> Item {
    events.next().await.unwrap_or_else(|| Err(ApiError::upstream_failed()))
}

/// The body's side of one answer.
struct Relay {
    /// What was waited for before the head went out.
    first: Option<StreamEvent>,
    events: Events,
    encoder: Encoder,
    /// How many events the reader has already, when they are counted.
    after: Option<u64>,
    /// How many events were taken so far.
    seen: u64,
    over: bool,
}

impl Relay {
    /// Waits for the first event that says something: an upstream opens its stream before its model has begun.
    async fn begin(&mut self) -> Result<(), ApiError> {
        loop {
            match self.take().await {
                Ok(StreamEvent::Start { .. }) => {}
                Ok(usage @ StreamEvent::Usage(_)) => drop(self.encoder.push(&usage)),
                event => {
                    self.first = Some(event?);
                    return Ok(());
                }
            }
        }
    }

    /// The next event that the reader does not have.
    async fn take(&mut self) -> Item {
        loop {
            let event = next(&mut self.events).await;
            self.seen += 1;
            match event {
                Ok(event) if self.after.is_some_and(|after| self.seen <= after) => drop(self.encoder.push(&event)),
                event => return event,
            }
        }
    }

    /// The next bytes to send; an error breaks the connection off.
    async fn next(&mut self) -> Option<io::Result<String>> {
        while !self.over {
            let event = match self.first.take() {
                Some(event) => event,
                None => match tokio::time::timeout(HEARTBEAT, self.take()).await {
                    Ok(Ok(event)) => event,
                    Ok(Err(failure)) => StreamEvent::Error(StreamError::from(failure)),
                    Err(_) if self.encoder.heartbeat().is_empty() => continue,
                    Err(_) => return Some(Ok(self.encoder.heartbeat().into())),
                },
            };
            let encoded = self.encoder.push(&event);
            self.over = !matches!(encoded, Encoded::More(_));
            match encoded {
                Encoded::More(text) | Encoded::End(text) if text.is_empty() => {}
                Encoded::More(text) | Encoded::End(text) => return Some(Ok(self.numbered(text))),
                Encoded::Break => {
                    // What was said before goes out first: an error ends the connection without a last flush.
                    tokio::task::yield_now().await;
                    return Some(Err(io::Error::other("the answer failed after it began")));
                }
            }
        }
        None
    }

    /// The event's number as the id of the last server-sent event it became: who has that one has the others.
    fn numbered(&self, mut text: String) -> String {
        let is_sse = self.encoder.format().content_type() == "text/event-stream";
        if self.after.is_some() && is_sse && text.ends_with("\n\n") {
            text.pop();
            text.push_str(&format!("id: {}\n\n", self.seen));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use http_body_util::BodyExt;
    use natter_protocol::event::FinishReason;
    use tokio::sync::mpsc;
    use tokio::time::Instant;

    use super::*;

    /// Events sent by hand, over a clock that jumps whenever everyone waits.
    fn scripted() -> (mpsc::Sender<Item>, Events) {
        let (sender, receiver) = mpsc::channel(8);
        (sender, Box::pin(stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)))))
    }

    fn encoder(format: Format) -> Encoder {
        Encoder::new(format, "m", "model", 0)
    }

    async fn frame(body: &mut Body) -> Option<Result<String, axum::Error>> {
        let frame = body.frame().await?;
        Some(frame.map(|frame| String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()))
    }

    #[tokio::test(start_paused = true)]
    async fn the_head_waits_for_ten_silent_seconds_and_then_a_comment_comes_every_fifteen() {
        let (sender, events) = scripted();
        sender.send(Ok(StreamEvent::Start { message_id: None })).await.unwrap();
        let start = Instant::now();
        let mut body = respond(events, encoder(Format::UiMessage), None).await.unwrap().into_body();
        assert_eq!(start.elapsed(), HEAD_AFTER);
        for beat in 1..=3 {
            assert_eq!(frame(&mut body).await.unwrap().unwrap(), ": \n\n");
            assert_eq!(start.elapsed(), HEAD_AFTER + beat * HEARTBEAT);
        }
        sender.send(Ok(StreamEvent::TextDelta("late".into()))).await.unwrap();
        assert!(frame(&mut body).await.unwrap().unwrap().contains("late"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_start_is_no_first_token() {
        let (sender, events) = scripted();
        sender.send(Ok(StreamEvent::Start { message_id: None })).await.unwrap();
        sender.send(Err(ApiError::upstream_busy(7))).await.unwrap();
        let failure = respond(events, encoder(Format::UiMessage), None).await.unwrap_err();
        assert_eq!(failure, ApiError::upstream_busy(7));
    }

    #[tokio::test(start_paused = true)]
    async fn each_event_goes_out_by_itself_and_none_is_asked_for_early() {
        let (sender, events) = scripted();
        sender.send(Ok(StreamEvent::TextDelta("one".into()))).await.unwrap();
        let mut body = respond(events, encoder(Format::Text), None).await.unwrap().into_body();
        assert_eq!(frame(&mut body).await.unwrap().unwrap(), "one");
        assert!(frame(&mut body).now_or_never().is_none());
        for text in ["two", "three"] {
            sender.send(Ok(StreamEvent::TextDelta(text.into()))).await.unwrap();
        }
        assert_eq!(frame(&mut body).await.unwrap().unwrap(), "two");
        assert_eq!(sender.max_capacity() - sender.capacity(), 1, "the third still waits");
        sender.send(Ok(StreamEvent::Finish(FinishReason::Stop))).await.unwrap();
        assert_eq!(frame(&mut body).await.unwrap().unwrap(), "three");
        assert!(frame(&mut body).await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_just_stops_has_failed() {
        for (format, expected) in [(Format::UiMessage, Some("\"type\":\"error\"")), (Format::Text, None)] {
            let (sender, events) = scripted();
            sender.send(Ok(StreamEvent::TextDelta("one".into()))).await.unwrap();
            drop(sender);
            let mut body = respond(events, encoder(format), None).await.unwrap().into_body();
            assert!(frame(&mut body).await.unwrap().unwrap().contains("one"));
            let end = frame(&mut body).await.unwrap();
            match expected {
                Some(part) => assert!(end.unwrap().contains(part)),
                None => assert!(end.is_err()),
            }
            assert!(frame(&mut body).await.is_none());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_body_drops_the_events() {
        let (sender, events) = scripted();
        sender.send(Ok(StreamEvent::TextDelta("one".into()))).await.unwrap();
        drop(respond(events, encoder(Format::UiMessage), None).await.unwrap());
        assert!(sender.is_closed());
    }

    /// Everything a reader gets who has the first `after` of four events.
    async fn resumed(format: Format, after: Option<u64>) -> String {
        let events = [
            StreamEvent::Start { message_id: None },
            StreamEvent::TextDelta("one".into()),
            StreamEvent::TextDelta("two".into()),
            StreamEvent::Finish(FinishReason::Stop),
        ];
        let events = Box::pin(stream::iter(events.map(Ok)));
        let body = respond(events, encoder(format), after).await.unwrap().into_body();
        String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn who_has_some_events_gets_the_rest_byte_for_byte() {
        for format in [Format::UiMessage, Format::OpenAi] {
            let whole = resumed(format, Some(0)).await;
            let bare: String = whole.split_inclusive('\n').filter(|line| !line.starts_with("id: ")).collect();
            assert_eq!(bare, resumed(format, None).await);
            assert!(whole.ends_with("data: [DONE]\nid: 4\n\n"), "{whole}");
            for after in [2, 3] {
                let (_, rest) = whole.split_once(&format!("id: {after}\n\n")).unwrap();
                assert_eq!(resumed(format, Some(after)).await, rest);
            }
        }
        assert_eq!(resumed(Format::Text, Some(2)).await, "two");
    }

    #[tokio::test]
    async fn a_failure_has_a_status_only_for_who_has_nothing() {
        let failing = || {
            let events = [Ok(StreamEvent::TextDelta("one".into())), Err(ApiError::upstream_busy(7))];
            Box::pin(stream::iter(events))
        };
        let mut body = respond(failing(), encoder(Format::UiMessage), Some(1)).await.unwrap().into_body();
        assert!(frame(&mut body).await.unwrap().unwrap().contains("upstream_busy"));
        let events = Box::pin(stream::iter([Err(ApiError::upstream_busy(7))]));
        assert!(respond(events, encoder(Format::UiMessage), Some(0)).await.is_err());
    }
}
