//! The report as somebody at a terminal reads it.

use std::fmt;

use crate::report::{Outcome, Report};

/// A [`Report`] as text: a line per check, group by group; below a failure what was seen and what to fix.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    report: &'a Report,
    colour: bool,
}

const RED: &str = "31";
const GREEN: &str = "32";
const DIM: &str = "2";
const BOLD: &str = "1";

impl<'a> Table<'a> {
    /// With `colour`, ANSI escape codes are written, which only a terminal understands.
    #[must_use]
    pub const fn new(report: &'a Report, colour: bool) -> Self {
        Self { report, colour }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { endpoint, passed, failed, skipped, checks } = self.report;
        writeln!(f, "{endpoint}")?;
        let width = checks.iter().map(|check| check.id.len()).max().unwrap_or_default();
        let (mut group, mut reason) = ("", "");
        for check in checks {
            if check.group() != group {
                group = check.group();
                writeln!(f, "\n{}", self.paint(BOLD, group))?;
            }
            let sign = match &check.outcome {
                Outcome::Passed => self.paint(GREEN, "✓"),
                Outcome::Failed { .. } => self.paint(RED, "✗"),
                Outcome::Skipped { .. } => self.paint(DIM, "–"),
            };
            writeln!(f, "  {sign} {:width$}  {}", check.id, check.title)?;
            match &check.outcome {
                Outcome::Passed => {}
                Outcome::Failed { saw, fix } => {
                    writeln!(f, "      saw: {}", self.paint(RED, saw))?;
                    writeln!(f, "      fix: {fix}")?;
                }
                // What skips a whole group is told once.
                Outcome::Skipped { why } if why == reason => {}
                Outcome::Skipped { why } => {
                    reason = why;
                    writeln!(f, "      {}", self.paint(DIM, why))?;
                }
            }
        }
        let summary = format!("{passed} passed, {failed} failed, {skipped} skipped");
        writeln!(f, "\n{}", self.paint(if *failed == 0 { GREEN } else { RED }, &summary))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Check, fault, skip};

    #[test]
    fn a_failure_says_what_was_seen_and_what_to_fix_and_the_last_line_sums_up() {
        let checks = vec![
            Check::new("rate.limit", "Limited", Err(fault("no limit", "Count."))),
            Check::new("reply.answer", "Answered", Ok(())),
            Check::new("resume.ids", "Numbered", Err(skip("not offered"))),
            Check::new("resume.stop", "Stopped", Err(skip("not offered"))),
        ];
        let report = Report::new("http://a/".into(), checks);
        let expected = [
            "http://a/",
            "",
            "reply",
            "  ✓ reply.answer  Answered",
            "",
            "resume",
            "  – resume.ids    Numbered",
            "      not offered",
            "  – resume.stop   Stopped",
            "",
            "rate",
            "  ✗ rate.limit    Limited",
            "      saw: no limit",
            "      fix: Count.",
            "",
            "1 passed, 1 failed, 2 skipped",
        ];
        let table = Table::new(&report, false).to_string();
        assert_eq!(table.lines().collect::<Vec<_>>(), expected);
        assert!(Table::new(&report, true).to_string().contains("\u{1b}[31m✗\u{1b}[0m"));
    }
}
