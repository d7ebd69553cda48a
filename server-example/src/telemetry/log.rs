//! The log: for people on a terminal, JSON lines anywhere else.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// Writes the log to standard error from now on. `RUST_LOG` says what it holds, such as `warn` or
/// `natter_server_example=debug`; the default is `info`.
///
/// What visitors ask and what is answered is never in it, unless the setting `log-messages` says so.
pub fn start() {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    let log = tracing_subscriber::fmt().with_target(false).with_env_filter(filter).with_writer(stderr);
    if stderr().is_terminal() {
        log.init();
    } else {
        log.json().flatten_event(true).with_span_list(false).init();
    }
}
