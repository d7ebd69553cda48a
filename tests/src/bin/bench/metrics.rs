//! What Chromium says about its main thread.

use std::ops::Sub;

use serde::Serialize;
use serde_json::Value;

/// CPU time of the main thread, in milliseconds. Layout and style that a script forces count as such, not as script.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Cpu {
    /// All tasks.
    pub(crate) total: f64,
    /// JavaScript and WebAssembly.
    pub(crate) script: f64,
    /// Layout.
    pub(crate) layout: f64,
    /// Recalculation of styles.
    pub(crate) style: f64,
}

impl Cpu {
    /// From the answer to `Performance.getMetrics`.
    pub(crate) fn read(answer: &Value) -> Self {
        let metrics = answer["metrics"].as_array().expect("metrics");
        let millis = |name: &str| {
            let metric = metrics.iter().find(|metric| metric["name"] == name);
            metric.and_then(|metric| metric["value"].as_f64()).unwrap_or_else(|| panic!("no {name}")) * 1000.0
        };
        Self {
            total: millis("TaskDuration"),
            script: millis("ScriptDuration"),
            layout: millis("LayoutDuration"),
            style: millis("RecalcStyleDuration"),
        }
    }

    /// Painting, input, garbage, the network's events, and continuations of promises: Chromium does not count them as
    /// script.
    pub(crate) fn rest(&self) -> f64 {
        self.total - self.script - self.layout - self.style
    }
}

impl Sub for Cpu {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            total: self.total - before.total,
            script: self.script - before.script,
            layout: self.layout - before.layout,
            style: self.style - before.style,
        }
    }
}
