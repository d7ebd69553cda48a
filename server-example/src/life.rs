//! Where the server is in its life: serving, letting answers end, or at its end.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt};
use tokio::sync::watch;

use crate::answer::Events;
use crate::error::ApiError;
use crate::state::AppState;

/// When whoever is refused may try again, in seconds: another replica serves, or this one is back soon.
const COME_BACK: u64 = 1;

/// The stage the server is in; it only goes forward.
#[derive(Debug)]
pub(crate) struct Life(watch::Sender<Stage>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Serving,
    Draining,
    Over,
}

impl Life {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Stage::Serving))
    }

    /// From now on new requests are refused.
    pub(crate) fn drain(&self) {
        self.0.send_replace(Stage::Draining);
    }

    /// From now on no answer goes on.
    pub(crate) fn end(&self) {
        self.0.send_replace(Stage::Over);
    }

    /// Whether the server was told to stop.
    pub(crate) fn is_draining(&self) -> bool {
        *self.0.borrow() != Stage::Serving
    }

    /// Resolves when new requests are refused.
    pub(crate) fn draining(&self) -> impl Future<Output = ()> + Send + use<> {
        self.reaches(Stage::Draining)
    }

    /// `events`, until the server's time is up: then they fail, and what they came from is closed.
    pub(crate) fn within(&self, events: Events) -> Events {
        let over = Box::pin(self.reaches(Stage::Over));
        let answer = stream::unfold(Some((events, over)), async |answer| {
            let (mut events, mut over) = answer?;
            tokio::select! {
                biased;
                () = &mut over => Some((Err(ApiError::unavailable(COME_BACK)), None)),
                event = events.next() => Some((event?, Some((events, over)))),
            }
        });
        answer.boxed()
    }

    fn reaches(&self, stage: Stage) -> impl Future<Output = ()> + Send + use<> {
        let mut stages = self.0.subscribe();
        async move {
            if stages.wait_for(|now| *now >= stage).await.is_err() {
                // The server is gone without a word; whoever still waits is about to be dropped too.
                std::future::pending().await
            }
        }
    }
}

/// Middleware: refuses what comes after the server was told to stop, and gives the connection back.
pub(crate) async fn refuse_while_draining(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !state.life().is_draining() {
        return next.run(request).await;
    }
    let mut response = ApiError::unavailable(COME_BACK).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use natter_protocol::event::StreamEvent;

    use super::*;

    #[tokio::test]
    async fn events_go_on_while_the_server_drains_and_fail_at_its_end() {
        let life = Life::new();
        let first = stream::iter([Ok(StreamEvent::TextDelta("one".into()))]);
        let mut events = life.within(first.chain(stream::pending()).boxed());
        life.drain();
        assert!(matches!(events.next().await, Some(Ok(StreamEvent::TextDelta(_)))));
        assert!(events.next().now_or_never().is_none());
        life.end();
        assert_eq!(events.next().await, Some(Err(ApiError::unavailable(COME_BACK))));
        assert_eq!(events.next().await, None);
    }

    #[tokio::test]
    async fn events_that_end_by_themselves_just_end() {
        let mut events = Life::new().within(stream::empty().boxed());
        assert_eq!(events.next().await, None);
    }
}
