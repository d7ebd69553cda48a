//! The figures of all runs, and the tables they are printed as.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::load::{Figure, Load};
use crate::metrics::Cpu;
use crate::opening::Opened;
use crate::options::Rate;
use crate::stats::{median, slope};
use crate::streaming::Streamed;

/// The figures of one configuration, a pair for each run: the widget's and the plain page's.
pub(crate) type Runs<T> = Vec<(T, T)>;

/// All that was measured.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// By rate and tokens.
    #[serde(serialize_with = "as_list")]
    pub(crate) streaming: BTreeMap<(Rate, usize), Runs<Streamed>>,
    /// By messages.
    pub(crate) opening: BTreeMap<usize, Runs<Opened>>,
    /// A run each.
    pub(crate) load: Vec<Load>,
}

impl Report {
    pub(crate) fn streamed(&mut self, tokens: usize, rate: Rate, widget: Streamed, plain: Streamed) {
        self.streaming.entry((rate, tokens)).or_default().push((widget, plain));
    }

    pub(crate) fn opened(&mut self, messages: usize, widget: Opened, plain: Opened) {
        self.opening.entry(messages).or_default().push((widget, plain));
    }

    /// The median of one figure of arriving; `None` when it was not measured.
    pub(crate) fn loaded(&self, figure: impl Fn(&Load) -> f64) -> Option<f64> {
        (!self.load.is_empty()).then(|| median(self.load.iter().map(figure)))
    }

    /// The rates that were measured.
    pub(crate) fn rates(&self) -> Vec<Rate> {
        let mut rates: Vec<Rate> = self.streaming.keys().map(|(rate, _)| *rate).collect();
        rates.dedup();
        rates
    }

    /// How CPU time grows with the tokens at that rate: the widget's slope and the plain page's.
    pub(crate) fn slopes(&self, rate: Rate) -> Option<(f64, f64)> {
        let rows = || self.streaming.iter().filter(|((at, _), _)| *at == rate);
        let widget: Vec<_> =
            rows().map(|((_, size), runs)| (*size as f64, widget(runs, |run| run.cpu.total))).collect();
        let plain: Vec<_> = rows().map(|((_, size), runs)| (*size as f64, plain(runs, |run| run.cpu.total))).collect();
        slope(&widget).zip(slope(&plain))
    }
}

/// The median of one of the widget's figures.
pub(crate) fn widget<T>(runs: &Runs<T>, figure: impl Fn(&T) -> f64) -> f64 {
    median(runs.iter().map(|(widget, _)| figure(widget)))
}

/// The median of one of the plain page's figures.
pub(crate) fn plain<T>(runs: &Runs<T>, figure: impl Fn(&T) -> f64) -> f64 {
    median(runs.iter().map(|(_, plain)| figure(plain)))
}

/// The longest of a run's long tasks, ms; 0 where there was none.
pub(crate) fn longest(run: &Streamed) -> f64 {
    run.long_tasks.iter().copied().fold(0.0, f64::max)
}

/// The widget's total, script, layout, style and rest, the plain page's total, and how many times that the widget takes.
fn cpu<T>(out: &mut fmt::Formatter<'_>, runs: &Runs<T>, of: impl Fn(&T) -> Cpu) -> fmt::Result {
    let parts: [fn(Cpu) -> f64; 5] =
        [|cpu| cpu.total, |cpu| cpu.script, |cpu| cpu.layout, |cpu| cpu.style, |cpu| cpu.rest()];
    for part in parts {
        write!(out, " {:>8.1}", widget(runs, |run| part(of(run))))?;
    }
    let (widget, plain) = (widget(runs, |run| of(run).total), plain(runs, |run| of(run).total));
    write!(out, " {plain:>8.1} {:>6.2}", widget / plain)
}

const CPU: &str = "   total   script   layout    style     rest    plain  ratio";

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "CPU of the main thread in ms; medians")?;
        if !self.streaming.is_empty() {
            writeln!(out, "\nstreaming")?;
            writeln!(
                out,
                "{:>6} {:>6} {CPU} {:>8} {:>6} {:>8} {:>8}",
                "tokens", "rate", "gap ms", "long", "longest", "save"
            )?;
        }
        for ((rate, tokens), runs) in &self.streaming {
            write!(out, "{tokens:>6} {rate:>6} ")?;
            cpu(out, runs, |run| run.cpu)?;
            let long = widget(runs, |run| run.long_tasks.len() as f64);
            let (gap, longest, save) =
                (widget(runs, |run| run.worst_gap), widget(runs, longest), widget(runs, |run| run.save));
            writeln!(out, " {gap:>8.1} {long:>6.0} {longest:>8.0} {save:>8.1}")?;
        }
        for rate in self.rates() {
            if let Some((widget, plain)) = self.slopes(rate) {
                writeln!(out, "slope at {rate}: {widget:.2}, plain {plain:.2}")?;
            }
        }
        if !self.opening.is_empty() {
            writeln!(out, "\nopening with stored messages")?;
            writeln!(out, "{:>8} {:>8} {:>8} {CPU}", "messages", "wall", "plain")?;
        }
        for (messages, runs) in &self.opening {
            let (widget, plain) = (widget(runs, |run| run.wall), plain(runs, |run| run.wall));
            write!(out, "{messages:>8} {widget:>8.1} {plain:>8.1} ")?;
            cpu(out, runs, |run| run.cpu)?;
            writeln!(out)?;
        }
        if !self.load.is_empty() {
            writeln!(out, "\narriving on slow 4G, four times slower: ms, and without the widget")?;
        }
        let rows: [(&str, Figure, Option<Figure>); 6] = [
            ("launcher painted", |load| load.launcher, None),
            ("page painted", |load| load.paint, Some(|load| load.plain_paint)),
            ("usable after a click", |load| load.usable, None),
            ("blocking, nobody clicks", |load| load.blocking, Some(|load| load.plain_blocking)),
            ("blocking, clicked", |load| load.blocking_clicked, None),
            ("bytes until usable", |load| load.bytes, None),
        ];
        for (name, figure, beside) in rows {
            let Some(value) = self.loaded(figure) else { continue };
            write!(out, "{name:<24} {value:>8.0}")?;
            if let Some(beside) = beside.and_then(|beside| self.loaded(beside)) {
                write!(out, " {beside:>8.0}")?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

/// Keys of two parts are no keys in JSON.
fn as_list<S: Serializer>(rows: &BTreeMap<(Rate, usize), Runs<Streamed>>, out: S) -> Result<S::Ok, S::Error> {
    out.collect_seq(rows.iter().map(|((rate, tokens), runs)| (rate.to_string(), tokens, runs)))
}
