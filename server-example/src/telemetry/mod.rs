//! What the owner sees of the server: log lines that belong together, and figures for Prometheus.

mod log;
mod metrics;
mod request_id;
mod scrape;
mod watch;

pub use self::log::start as start_log;
pub(crate) use self::metrics::Metrics;
pub(crate) use self::request_id::{RequestId, request_id};
pub(crate) use self::scrape::scrape;
