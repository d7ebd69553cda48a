//! What the server adds between visitors and a model: time to the first token, CPU per event, memory per stream, with
//! many streams open; how soon it lets go of the model when a visitor leaves; how little it holds for one who stalls.
//!
//! Everything is measured in one run beside a direct connection to the same mock of a model, and beside nginx that
//! proxies it, so that the ratios hold on any machine. `cargo xtask bench server` builds the server and runs this.

mod gates;
mod leaving;
mod level;
mod mock;
mod process;
mod report;
mod stalled;
mod stats;
mod target;
mod visitor;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use level::Level;
use mock::Mock;
use target::Target;

/// What to measure.
#[derive(Debug, Parser)]
struct Options {
    /// The server's binary, built for release.
    #[arg(long)]
    server: PathBuf,
    /// Numbers of streams that are open at once.
    #[arg(long, value_delimiter = ',', default_value = "1,100,1000,5000")]
    streams: Vec<usize>,
    /// Questions asked, one after the other, while they are open.
    #[arg(long, default_value_t = 300)]
    probes: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run(&Options::parse()).await {
        Ok(exceeded) if exceeded.is_empty() => ExitCode::SUCCESS,
        Ok(exceeded) => {
            exceeded.iter().for_each(|gate| println!("over the limit: {gate}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<Vec<String>> {
    let mock = Mock::start().await?;
    let targets = [
        Target::direct(&mock).warm().await?,
        Target::nginx(&mock).await?.warm().await?,
        Target::server(&mock, &options.server, false).await?.warm().await?,
        Target::server(&mock, &options.server, true).await?.warm().await?,
    ];
    let mut levels = Vec::new();
    for &streams in &options.streams {
        for target in &targets {
            let level = Level::measure(target, streams, options.probes).await?;
            println!("{level}");
            levels.push(level);
        }
    }
    let [_, nginx, server, _] = &targets;
    let leaving = leaving::measure(server, &mock).await?;
    let (stalled, stalled_nginx) = (stalled::measure(server, &mock).await?, stalled::measure(nginx, &mock).await?);
    println!("{}", report::report(&levels, &leaving, stalled, stalled_nginx));
    Ok(gates::exceeded(&levels, &leaving, stalled))
}
