//! What the widget costs a browser's main thread, beside a page of plain JavaScript, and how soon it is there:
//! `cargo xtask bench browser`.
//!
//! The widget is the committed one, the endpoint a real socket, the browser Chromium without a screen. Times are CPU
//! time of the main thread, which other work on the machine hardly disturbs; where it does, the plain page's figures of
//! the same run show it.

// A measurement that cannot be taken ends the program, and the panic says why.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod lab;
mod limits;
mod load;
mod metrics;
mod opening;
mod options;
mod profile;
mod reply;
mod report;
mod stats;
mod streaming;

use std::process::ExitCode;

use clap::Parser;
use natter_e2e::browser::RUNTIME;
use natter_e2e::engine::Engine;

use crate::lab::Lab;
use crate::options::{Options, Part};
use crate::report::Report;

fn main() -> ExitCode {
    let options = Options::parse();
    assert_eq!(Engine::current(), Engine::Chromium, "only Chromium says what its main thread does");
    let report = RUNTIME.block_on(measure(&options));
    println!("\n{report}");
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_vec_pretty(&report).unwrap()).unwrap();
    }
    let exceeded = limits::exceeded(&report);
    for limit in &exceeded {
        println!("over the limit: {limit}");
    }
    if exceeded.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure(options: &Options) -> Report {
    let mut report = Report::default();
    // First, while the browser has no more than one process for pages.
    if options.wants(Part::Load) {
        for run in 1..=options.runs() {
            eprintln!("run {run}: arriving on a slow phone");
            report.load.push(load::measure().await);
        }
    }
    if !options.wants(Part::Streaming) && !options.wants(Part::Opening) {
        return report;
    }
    let lab = Lab::open().await;
    lab.checks_its_clock().await;
    // Runs are the outermost loop, so that a noisy minute falls on all configurations alike.
    for run in 1..=options.runs() {
        if options.wants(Part::Streaming) {
            for &rate in &options.rates {
                for tokens in options.sizes() {
                    eprintln!("run {run}: {tokens} tokens, {rate}");
                    let (widget, plain) = streaming::measure(&lab, options, tokens, rate).await;
                    report.streamed(tokens, rate, widget, plain);
                }
            }
        }
        if options.wants(Part::Opening) {
            for messages in opening::SIZES {
                eprintln!("run {run}: opening with {messages} messages");
                let (widget, plain) = opening::measure(&lab, options, messages).await;
                report.opened(messages, widget, plain);
            }
        }
    }
    lab.close().await;
    report
}
