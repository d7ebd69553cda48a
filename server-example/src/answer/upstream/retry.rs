//! How long to wait before the same model is asked again.

use std::time::Duration;

use tokio::time::Instant;

use super::Failure;

/// The longest first pause; it doubles from one to the next.
const FIRST: Duration = Duration::from_millis(250);
/// The longest pause, and the longest that an upstream may ask for.
const LONGEST: Duration = Duration::from_secs(2);
/// After so long no further attempt begins: a visitor is waiting.
const IN_ALL: Duration = Duration::from_secs(10);

/// The attempts that one question has left with one model.
#[derive(Debug)]
pub(in crate::answer) struct Retries {
    left: u32,
    longest: Duration,
    end: Instant,
}

impl Retries {
    pub(in crate::answer) fn new(retries: u32) -> Self {
        Self { left: retries, longest: FIRST, end: Instant::now() + IN_ALL }
    }

    /// The pause before the next attempt; `None` when there is to be none.
    ///
    /// It is drawn from zero to the longest ("full jitter"), so that those who failed together do not come back together,
    /// and is added to what the upstream asks for.
    pub(in crate::answer) fn pause(&mut self, failure: &Failure) -> Option<Duration> {
        let asked = failure.again().filter(|asked| *asked <= LONGEST)?;
        self.left = self.left.checked_sub(1)?;
        let pause = asked + self.longest.mul_f64(fastrand::f64());
        self.longest = LONGEST.min(self.longest * 2);
        (Instant::now() + pause < self.end).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::*;

    fn busy(seconds: &'static str) -> Failure {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(seconds))]);
        Failure::refused(StatusCode::TOO_MANY_REQUESTS, &headers)
    }

    fn refused(status: u16) -> Failure {
        Failure::refused(StatusCode::from_u16(status).unwrap(), &HeaderMap::new())
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_up_to_a_limit_and_are_never_the_same_twice() {
        let mut retries = Retries::new(8);
        let mut pauses = Vec::new();
        for nth in 0..8 {
            let pause = retries.pause(&refused(500)).unwrap();
            assert!(pause <= LONGEST.min(FIRST * 2_u32.pow(nth)), "{pause:?}");
            pauses.push(pause);
        }
        assert_eq!(retries.pause(&refused(500)), None, "there are no more");
        pauses.sort();
        pauses.dedup();
        assert!(pauses.len() > 1);
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_may_pass_is_tried_again() {
        for (failure, expected) in [
            (refused(429), true),
            (busy("2"), true),
            (busy("3"), false),
            (busy("Wed, 21 Oct 2026 07:28:00 GMT"), false),
            (refused(500), true),
            (refused(502), true),
            (refused(503), true),
            (refused(504), true),
            (refused(529), true),
            (refused(400), false),
            (refused(401), false),
            (refused(403), false),
            (refused(404), false),
            (refused(302), false),
            (Failure::silent("x"), false),
            (Failure::told("x", None), false),
        ] {
            assert_eq!(Retries::new(1).pause(&failure).is_some(), expected, "{failure}");
        }
        assert!(Retries::new(1).pause(&busy("2")).unwrap() >= Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_visitor_is_not_kept_waiting_for_ever() {
        let mut retries = Retries::new(10);
        tokio::time::advance(IN_ALL).await;
        assert_eq!(retries.pause(&refused(500)), None);
    }
}
