//! CPU profiles, for finding out where time goes.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::lab::Lab;

/// Microseconds between two samples.
const INTERVAL: u32 = 200;

/// A profile being taken, when a folder for it was named.
pub(crate) struct Profile<'a> {
    lab: &'a Lab,
    folder: Option<&'a Path>,
}

impl<'a> Profile<'a> {
    pub(crate) async fn start(lab: &'a Lab, folder: Option<&'a Path>) -> Self {
        if folder.is_some() {
            lab.devtools("Profiler.enable", json!({})).await;
            lab.devtools("Profiler.setSamplingInterval", json!({"interval": INTERVAL})).await;
            lab.devtools("Profiler.start", json!({})).await;
        }
        Self { lab, folder }
    }

    /// Writes `NAME.cpuprofile`.
    pub(crate) async fn stop(self, name: &str) {
        let Some(folder) = self.folder else { return };
        let answer = self.lab.devtools("Profiler.stop", json!({})).await;
        self.lab.devtools("Profiler.disable", json!({})).await;
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(format!("{name}.cpuprofile")), answer["profile"].to_string()).unwrap();
    }
}
