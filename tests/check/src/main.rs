//! `natter-check ENDPOINT`: prints the report and tells by its exit code what came of it.

use std::io::{IsTerminal, Write, stdout};
use std::process::ExitCode;

use clap::Parser;
use natter_check::{Options, Report, Table, run};

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options).await {
        Ok(report) => {
            // Whoever reads the output may have had enough of it; the exit code still counts.
            let _ = print(&report, options.json);
            if report.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn print(report: &Report, json: bool) -> std::io::Result<()> {
    let mut out = stdout().lock();
    if json {
        serde_json::to_writer(&mut out, report)?;
        writeln!(out)
    } else {
        write!(out, "{}", Table::new(report, out.is_terminal()))
    }
}
