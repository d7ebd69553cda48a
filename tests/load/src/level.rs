//! One measurement: so many streams open, all flowing, and questions asked meanwhile.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::Used;
use crate::stats::percentile;
use crate::target::Target;
use crate::visitor::{self, Open, client};

/// All streams together make about so many events a second, so that the machine is busy and not flooded.
const EVENTS_PER_SECOND: u64 = 2_000;
/// A stream is at most as fast as a fast model.
const FASTEST: Duration = Duration::from_millis(5);
/// How long events and CPU are counted.
const WINDOW: Duration = Duration::from_secs(5);

/// What was found.
#[derive(Debug)]
pub(crate) struct Level {
    pub(crate) target: &'static str,
    pub(crate) streams: usize,
    pub(crate) first_token: [Duration; 2],
    pub(crate) events_per_second: f64,
    /// Of the process in the middle.
    pub(crate) cpu_per_event: Option<Duration>,
    /// Bytes.
    pub(crate) memory_per_stream: Option<u64>,
}

impl Level {
    pub(crate) async fn measure(target: &Target, streams: usize, probes: usize) -> Result<Self> {
        let client = client()?;
        let pause = Duration::from_micros(1_000_000 * streams as u64 / EVENTS_PER_SECOND).max(FASTEST);
        let mut open = Open::streams(&client, target, streams, pause).await?;

        let (before, counted, start) = (used(target)?, open.tokens(), Instant::now());
        tokio::time::sleep(WINDOW).await;
        let (after, events, took) = (used(target)?, open.tokens() - counted, start.elapsed());

        let mut times = Vec::with_capacity(probes);
        for _ in 0..probes {
            times.push(visitor::first_token(&client, target).await?);
        }
        open.check()?;
        open.stop(&client, target).await?;
        let cpu = before.zip(after).map(|(before, after)| (after.cpu - before.cpu).div_f64(events.max(1) as f64));
        let memory = after.map(|after| after.memory.saturating_sub(target.idle) / streams as u64);
        Ok(Self {
            target: target.name,
            streams,
            first_token: [50, 99].map(|percent| percentile(&times, percent)),
            events_per_second: events as f64 / took.as_secs_f64(),
            cpu_per_event: cpu,
            memory_per_stream: memory,
        })
    }
}

fn used(target: &Target) -> Result<Option<Used>> {
    target.process.as_ref().map(|process| process.used()).transpose()
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, late] = self.first_token;
        write!(f, "{} streams, {}: first token {median:?} (p50), {late:?} (p99)", self.streams, self.target)
    }
}
