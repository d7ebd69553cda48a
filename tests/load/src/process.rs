//! A process under measurement: its CPU time and its memory, from /proc.

use std::fs;
use std::process::Child;
use std::time::Duration;

use anyhow::{Context, Result};

/// A child that is killed when this is dropped, and whatever it started itself.
#[derive(Debug)]
pub(crate) struct Process(pub(crate) Child);

/// What it has used.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Used {
    pub(crate) cpu: Duration,
    /// Bytes in RAM.
    pub(crate) memory: u64,
}

impl Process {
    /// Of the process and its children together.
    pub(crate) fn used(&self) -> Result<Used> {
        let mut all = Used::default();
        for id in self.family()? {
            let used = used(id)?;
            all.cpu += used.cpu;
            all.memory += used.memory;
        }
        Ok(all)
    }

    fn family(&self) -> Result<Vec<u32>> {
        let id = self.0.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).context("the process is gone")?;
        Ok(std::iter::once(id).chain(children.split_whitespace().filter_map(|id| id.parse().ok())).collect())
    }
}

fn used(id: u32) -> Result<Used> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name, in parentheses, may hold anything.
    let fields: Vec<&str> =
        stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
    let field = |nth: usize| fields.get(nth).and_then(|field| field.parse::<u64>().ok()).unwrap_or_default();
    // User and system time in ticks, which Linux gives as hundredths of a second.
    let cpu = Duration::from_millis(10 * (field(11) + field(12)));
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = resident.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default();
    Ok(Used { cpu, memory: kilobytes * 1024 })
}

impl Drop for Process {
    fn drop(&mut self) {
        let children = self.family().unwrap_or_default();
        let _ = self.0.kill();
        let _ = self.0.wait();
        for child in children.into_iter().skip(1) {
            let _ = std::process::Command::new("kill").arg(child.to_string()).output();
        }
    }
}
