//! How much is held for a visitor who does not read, of a model that says all it can.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::leaving::request;
use crate::mock::Mock;
use crate::target::Target;

/// The flow counts as stopped when nothing moved for so long.
const STILL: Duration = Duration::from_secs(1);
/// One that has not stopped by then will not.
const ENDLESS: Duration = Duration::from_secs(20);

/// What a stalled reader costs, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stalled {
    /// More memory in the process.
    pub(crate) growth: u64,
    /// Taken from the model, the sockets' buffers included.
    pub(crate) taken: u64,
}

pub(crate) async fn measure(target: &Target, mock: &Mock) -> Result<Stalled> {
    let process = target.process.as_ref().context("nothing is in the middle")?;
    let (idle, start, began) = (process.used()?.memory, mock.taken(), Instant::now());
    let _unread = request(target, "FLOOD").await?;
    let (mut last, mut since) = (start, Instant::now());
    while last == start || since.elapsed() < STILL {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let taken = mock.taken();
        if taken != last {
            (last, since) = (taken, Instant::now());
        }
        ensure!(began.elapsed() < ENDLESS, "{} goes on taking: {} bytes", target.name, last - start);
    }
    Ok(Stalled { growth: process.used()?.memory.saturating_sub(idle), taken: last - start })
}
