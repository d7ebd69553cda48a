//! Lets one reply be said into its log, whether or not somebody listens, until it ends or is not worth it any more.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::kept::Kept;
use super::log::Log;
use crate::answer::Events;
use crate::error::ApiError;

/// Moves `events` into the log as fast as its readers (or the lack of them) allow.
///
/// It ends with the last event, or once the reply is given up: by whoever stops it, or here when nobody has read it for
/// as long as `grace`. In each case `events`, and with them the upstream, are gone by then.
pub(super) async fn drive(events: Events, kept: &Kept, grace: Duration) {
    tokio::select! {
        biased;
        () = kept.until(Log::is_over) => {}
        () = abandoned(kept, grace) => kept.give_up(),
        () = pass_on(events, kept) => {}
    }
}

async fn pass_on(mut events: Events, kept: &Kept) {
    loop {
        kept.until(Log::has_room).await;
        // An answer that just stops is a failure.
        let item = events.next().await.unwrap_or_else(|| Err(ApiError::upstream_failed()));
        kept.log.send_modify(|log| log.push(item));
    }
}

/// Resolves when it has had no reader for as long as `grace`, or has none and can get none any more.
async fn abandoned(kept: &Kept, grace: Duration) {
    loop {
        kept.until(Log::is_alone).await;
        let deadline = {
            let log = kept.log.borrow();
            if log.is_outgrown() { Instant::now() } else { log.attended() + grace }
        };
        if deadline <= Instant::now() {
            return;
        }
        let _ = timeout_at(deadline, kept.until(|log| !log.is_alone() || log.is_outgrown())).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::{FutureExt, stream};
    use natter_protocol::event::{FinishReason, StreamEvent};
    use tokio::sync::mpsc;
    use tokio::task::JoinHandle;

    use super::super::kept::Head;
    use super::super::log::WINDOW;
    use super::*;
    use crate::answer::Item;

    const GRACE: Duration = Duration::from_secs(60);

    /// A reply that is said by hand, over a clock that jumps whenever everyone waits.
    fn scripted(limit: usize) -> (mpsc::Sender<Item>, Arc<Kept>, Events, JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(1);
        let events = Box::pin(stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver))));
        let kept = Arc::new(Kept::new("run".into(), Head::new("r", "model"), limit));
        let reader = Arc::clone(&kept).read();
        let pumped = Arc::clone(&kept);
        let pump = tokio::spawn(async move { drive(events, &pumped, GRACE).await });
        (sender, kept, reader, pump)
    }

    fn text(text: &str) -> Item {
        Ok(StreamEvent::TextDelta(text.into()))
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_reader_it_goes_on_for_the_grace_and_is_then_given_up() {
        let (say, kept, reader, _pump) = scripted(1 << 20);
        say.send(text("a")).await.unwrap();
        drop(reader);
        let left = Instant::now();
        for _ in 0..3 {
            tokio::time::sleep(GRACE / 4).await;
            say.send(text("a")).await.unwrap();
        }
        say.closed().await;
        assert_eq!(left.elapsed(), GRACE);
        assert!(!kept.log.borrow().serves(Some(0)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_who_comes_back_or_is_elsewhere_starts_the_grace_anew() {
        let (say, kept, reader, _pump) = scripted(1 << 20);
        drop(reader);
        tokio::time::sleep(GRACE - Duration::from_secs(1)).await;
        let again = Arc::clone(&kept).read();
        tokio::time::sleep(10 * GRACE).await;
        drop(again);
        let mut left = Instant::now();
        for _ in 0..5 {
            tokio::time::sleep(GRACE / 2).await;
            kept.log.send_modify(|log| log.attend(Instant::now()));
            left = Instant::now();
        }
        say.closed().await;
        assert_eq!(left.elapsed(), GRACE);
    }

    #[tokio::test(start_paused = true)]
    async fn stopped_it_is_over_at_once_for_the_upstream_and_the_reader() {
        let (say, kept, mut reader, pump) = scripted(1 << 20);
        let started = Instant::now();
        assert!(reader.next().now_or_never().is_none());
        kept.give_up();
        say.closed().await;
        pump.await.unwrap();
        assert_eq!(reader.next().await, Some(Ok(StreamEvent::Finish(FinishReason::Abort))));
        assert_eq!(started.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_upstream_waits_for_a_slow_reader_and_for_nobody() {
        let (say, kept, reader, _pump) = scripted(1 << 20);
        let sent = async {
            for sent in 0.. {
                if tokio::time::timeout(Duration::from_secs(1), say.send(text("a"))).await.is_err() {
                    return sent;
                }
            }
            0
        };
        let sent: u64 = sent.await;
        assert!((WINDOW..WINDOW + 3).contains(&sent), "{sent}");
        drop(reader);
        for _ in 0..10 * WINDOW {
            say.send(text("a")).await.unwrap();
        }
        assert!(kept.log.borrow().serves(None));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_outgrew_its_buffer_ends_with_its_reader() {
        let (say, _, mut reader, _pump) = scripted(1024);
        for _ in 0..100 {
            say.send(text("a")).await.unwrap();
            assert_eq!(reader.next().await, Some(text("a")));
        }
        let left = Instant::now();
        drop(reader);
        say.closed().await;
        assert_eq!(left.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn alone_it_is_given_up_when_the_buffer_is_full() {
        let (say, kept, reader, _pump) = scripted(1024);
        drop(reader);
        let left = Instant::now();
        while say.send(text("a")).await.is_ok() {}
        assert!(left.elapsed() < GRACE && kept.log.borrow().is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn a_reply_that_just_stops_has_failed_for_each_reader() {
        let (say, kept, mut reader, pump) = scripted(1 << 20);
        drop(say);
        pump.await.unwrap();
        assert_eq!(reader.next().await, Some(Err(ApiError::upstream_failed())));
        assert_eq!(kept.clone().read().next().await, Some(Err(ApiError::upstream_failed())));
    }
}
