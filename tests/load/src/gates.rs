//! What may not be exceeded.

use std::time::Duration;

use crate::leaving::Leaving;
use crate::level::Level;
use crate::stalled::Stalled;
use crate::stats::percentile;

/// Added to the direct connection's, p99.
const FIRST_TOKEN: Duration = Duration::from_millis(2);
/// From so many streams on: for one alone a machine with nothing else to do falls asleep and wakes up at each event.
const CPU_PER_EVENT: (Duration, usize) = (Duration::from_micros(50), 100);
/// Bytes, from so many streams on: with few, what any process holds is most of it.
const MEMORY_PER_STREAM: (u64, usize) = (64 * 1024, 5_000);
const LEAVING: Duration = Duration::from_millis(100);
const STALLED: u64 = 4_000_000;

/// The limits that were exceeded.
pub(crate) fn exceeded(levels: &[Level], leaving: &Leaving, stalled: Stalled) -> Vec<String> {
    let mut over = Vec::new();
    let mut check = |within: bool, what: String| {
        if !within {
            over.push(what);
        }
    };
    for level in levels.iter().filter(|level| level.target.starts_with("natter")) {
        let (name, streams) = (level.target, level.streams);
        let direct = levels.iter().find(|other| other.target == "direct" && other.streams == streams);
        let added = level.first_token[1].saturating_sub(direct.map_or(Duration::ZERO, |direct| direct.first_token[1]));
        check(added <= FIRST_TOKEN, format!("{streams} streams, {name}: p99 {added:?} later"));
        let cpu = level.cpu_per_event.unwrap_or_default();
        check(
            streams < CPU_PER_EVENT.1 || cpu <= CPU_PER_EVENT.0,
            format!("{streams} streams, {name}: {cpu:?} of CPU per event"),
        );
        let memory = level.memory_per_stream.unwrap_or_default();
        check(
            streams < MEMORY_PER_STREAM.1 || memory <= MEMORY_PER_STREAM.0,
            format!("{streams} streams, {name}: {memory} bytes each"),
        );
    }
    for (when, times) in [("before", &leaving.before), ("during", &leaving.during)] {
        let late = percentile(times, 99);
        check(late <= LEAVING, format!("a visitor who leaves {when} the answer: {late:?}"));
    }
    check(stalled.growth <= STALLED, format!("behind a stalled reader: {} bytes", stalled.growth));
    over
}
