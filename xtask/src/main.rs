//! `cargo xtask`: sets up, builds, tests, measures and serves Natter. One file per verb; `sh` runs the commands.

mod bench;
mod build;
mod bundle;
mod deny;
mod dist;
mod glue;
mod lean;
mod locales;
mod names;
mod notices;
mod npm;
mod order;
mod package;
mod schema;
mod screenshots;
mod serve;
mod setup;
mod sh;
mod size;
mod sources;
mod test;
mod tools;
mod trunk;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Install what building and testing need and this machine lacks.
    Setup,
    /// Make dist/ and check it against the size budgets.
    Build,
    /// Run everything that CI runs; `N passed, N failed` is the last line.
    Test {
        /// Run only the steps whose name contains one of these words.
        only: Vec<String>,
    },
    /// Measure speed and check it against the limits: in the browser, natively, or both.
    Bench {
        #[command(subcommand)]
        what: Option<bench::Bench>,
    },
    /// Write docs/size.md: what each part of dist/ costs.
    Size,
    /// Serve the demo site with the committed dist/.
    Serve {
        /// Address to listen on.
        #[arg(long, default_value = "127.0.0.1:8787")]
        addr: String,
        /// Further arguments for the server, after `--`.
        #[arg(last = true)]
        server: Vec<String>,
    },
    /// Take the pictures in docs/screenshots.
    Screenshots,
}

fn main() -> ExitCode {
    let done = match Args::parse().verb {
        Verb::Setup => setup::run(),
        Verb::Build => build::run(),
        Verb::Test { only } => return test::run(&only),
        Verb::Bench { what } => bench::run(what.as_ref()),
        Verb::Size => size::run(),
        Verb::Serve { addr, server } => serve::run(&addr, &server),
        Verb::Screenshots => screenshots::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
