//! The command line.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Parser, ValueEnum};

/// Measure the widget in dist/ in headless Chromium, beside a page of plain JavaScript. Fails when a limit is exceeded.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench browser")]
pub(crate) struct Options {
    /// Two sizes and one run: a minute instead of ten.
    #[arg(long)]
    quick: bool,
    /// Runs; the figures are medians.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Lengths of replies, in tokens of about four characters.
    #[arg(long, value_delimiter = ',', default_values_t = [500, 1_000, 2_000, 4_000, 8_000])]
    sizes: Vec<usize>,
    /// How fast replies come: `fast`, or tokens per second.
    #[arg(long, value_delimiter = ',', default_values_t = [Rate::Fast, Rate::PerSecond(200)])]
    pub(crate) rates: Vec<Rate>,
    /// Measure only this.
    #[arg(long)]
    only: Option<Part>,
    /// Write the figures to this file as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write CPU profiles of the widget into this folder, for the Performance panel of the browser's tools.
    /// The profiler costs time itself, so the figures are not comparable.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) profile: Option<PathBuf>,
}

impl Options {
    pub(crate) fn runs(&self) -> u32 {
        if self.quick { 1 } else { self.runs }
    }

    pub(crate) fn sizes(&self) -> Vec<usize> {
        if self.quick { vec![500, 2_000] } else { self.sizes.clone() }
    }

    pub(crate) fn wants(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Showing a reply while it arrives.
    Streaming,
    /// Opening the window with stored messages.
    Opening,
    /// Arriving over a slow line at a slow phone.
    Load,
}

/// How fast a reply comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rate {
    /// As fast as the connection takes it.
    Fast,
    /// So many tokens per second.
    PerSecond(u32),
}

impl Rate {
    /// The time between two tokens.
    pub(crate) fn pace(self) -> Option<Duration> {
        match self {
            Self::Fast => None,
            Self::PerSecond(tokens) => Some(Duration::from_secs(1) / tokens),
        }
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(tokens @ 1..) => Ok(Self::PerSecond(tokens)),
            _ if text == "fast" => Ok(Self::Fast),
            _ => Err("neither `fast` nor a number of tokens per second".into()),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fast => out.pad("fast"),
            Self::PerSecond(tokens) => out.pad(&tokens.to_string()),
        }
    }
}
