//! What may not be exceeded. `docs/performance.md` says where the limits come from.

use crate::load::Figure;
use crate::options::Rate;
use crate::report::{Report, longest, plain, widget};

/// Rate, tokens, ms of CPU.
const STREAMING: [(Rate, usize, f64); 2] = [(Rate::Fast, 2_000, 150.0), (Rate::PerSecond(200), 2_000, 3_000.0)];
/// Growth of CPU time with the reply's length, at every rate; 1 is linear.
const SLOPE: f64 = 1.1;
/// ms of wall clock, while a reply comes as fast as models write.
const TASK: f64 = 50.0;
/// Messages, ms from the click until they are painted.
const OPENING: [(usize, f64); 2] = [(50, 40.0), (500, 150.0)];

/// ms on the slow phone: the launcher painted, the window usable after a click, the blocking time that the widget adds
/// while nobody touches it.
const LAUNCHER: f64 = 800.0;
const USABLE: f64 = 1_500.0;
const BLOCKING: f64 = 50.0;

/// The limits that were exceeded, each with the plain page's figure of the same runs.
pub(crate) fn exceeded(report: &Report) -> Vec<String> {
    let mut over = Vec::new();
    let mut check = |what: String, widget: f64, limit: f64, plain: f64, unit: &str| {
        if widget > limit {
            over.push(format!("{what}: {widget:.2}{unit} of {limit}{unit} (plain page: {plain:.2}{unit})"));
        }
    };
    for (rate, tokens, limit) in STREAMING {
        if let Some(runs) = report.streaming.get(&(rate, tokens)) {
            let (widget, plain) = (widget(runs, |run| run.cpu.total), plain(runs, |run| run.cpu.total));
            check(format!("{tokens} tokens, {rate}"), widget, limit, plain, " ms");
        }
    }
    for rate in report.rates() {
        if let Some((widget, plain)) = report.slopes(rate) {
            check(format!("slope, {rate}"), widget, SLOPE, plain, "");
        }
    }
    for ((rate, tokens), runs) in &report.streaming {
        if *rate != Rate::Fast {
            let what = format!("longest task, {tokens} tokens, {rate}");
            check(what, widget(runs, longest), TASK, plain(runs, longest), " ms");
        }
    }
    for (messages, limit) in OPENING {
        if let Some(runs) = report.opening.get(&messages) {
            let (widget, plain) = (widget(runs, |run| run.wall), plain(runs, |run| run.wall));
            check(format!("opening with {messages} messages"), widget, limit, plain, " ms");
        }
    }
    let loads: [(&str, Figure, f64, Figure); 3] = [
        ("launcher", |load| load.launcher, LAUNCHER, |load| load.plain_paint),
        ("usable after a click", |load| load.usable, USABLE, |load| load.plain_paint),
        ("blocking", |load| load.blocking - load.plain_blocking, BLOCKING, |load| load.plain_blocking),
    ];
    for (what, figure, limit, plain) in loads {
        if let (Some(figure), Some(plain)) = (report.loaded(figure), report.loaded(plain)) {
            check(format!("{what} on slow 4G"), figure, limit, plain, " ms");
        }
    }
    over
}
