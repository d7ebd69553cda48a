//! The figures as Markdown, for docs/performance.md.

use std::fmt::Write as _;
use std::time::Duration;

use crate::leaving::Leaving;
use crate::level::Level;
use crate::stalled::Stalled;
use crate::stats::percentile;

pub(crate) fn report(levels: &[Level], leaving: &Leaving, stalled: Stalled, nginx: Stalled) -> String {
    let mut out = String::from(
        "\n| streams | way | first token p50, ms | p99, ms | added p50, ms | added p99, ms | events/s | CPU per event, µs \
         | memory per stream, KiB |\n|--:|---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for level in levels {
        let direct = levels.iter().find(|other| other.target == "direct" && other.streams == level.streams);
        let base = direct.map_or(level.first_token, |direct| direct.first_token);
        let added = |nth: usize| (ms(level.first_token[nth]) - ms(base[nth])).max(0.0);
        let cpu = level.cpu_per_event.map_or("–".into(), |cpu| format!("{:.1}", cpu.as_secs_f64() * 1e6));
        let memory = level.memory_per_stream.map_or("–".into(), |bytes| format!("{:.1}", bytes as f64 / 1024.0));
        // Writing to a text does not fail.
        let _ = writeln!(
            out,
            "| {} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} | {cpu} | {memory} |",
            level.streams,
            level.target,
            ms(level.first_token[0]),
            ms(level.first_token[1]),
            added(0),
            added(1),
            level.events_per_second,
        );
    }
    for (when, times) in [("before the first token", &leaving.before), ("during the answer", &leaving.during)] {
        let [median, late] = [50, 99].map(|percent| ms(percentile(times, percent)));
        let _ = writeln!(
            out,
            "\nA visitor leaves {when}: the model is let go of after {median:.1} ms (p50), {late:.1} (p99)."
        );
    }
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let _ = writeln!(
        out,
        "\nBehind a stalled reader the process grows by {:.2} MB (nginx: {:.2}); {:.1} MB were taken from the model, the \
         sockets' buffers included (nginx: {:.1}).",
        megabytes(stalled.growth),
        megabytes(nginx.growth),
        megabytes(stalled.taken),
        megabytes(nginx.taken),
    );
    out
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
