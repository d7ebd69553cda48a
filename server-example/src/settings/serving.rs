//! How requests are served, and for how long.

use std::time::Duration;

use clap::Args;

use super::parse::whole;

/// How requests are served, and for how long.
#[derive(Debug, Clone, Args)]
pub struct ServingSettings {
    /// How long the head of a request may take, and a connection may be idle, in seconds
    #[arg(long, env = "NATTER_HEADER_TIMEOUT", value_name = "SECONDS", default_value = "10",
        value_parser = whole::<u64, 1, 3600>)]
    pub header_timeout: u64,

    /// How long the body of a request may take, in seconds
    #[arg(long, env = "NATTER_BODY_TIMEOUT", value_name = "SECONDS", default_value = "15",
        value_parser = whole::<u64, 1, 3600>)]
    pub body_timeout: u64,

    /// How long a visitor may take nothing of what is sent, in seconds; then the connection is closed
    #[arg(long, env = "NATTER_SEND_TIMEOUT", value_name = "SECONDS", default_value = "60",
        value_parser = whole::<u64, 1, 3600>)]
    pub send_timeout: u64,

    /// How long answers under way may take to end once the server is told to stop, in seconds
    #[arg(long, env = "NATTER_DRAIN_SECONDS", value_name = "SECONDS", default_value = "10",
        value_parser = whole::<u64, 0, 3600>)]
    pub drain_seconds: u64,

    /// How long an answer whose request has an id goes on without a reader, and can be read again afterwards, in seconds;
    /// 0 ends it with its reader
    #[arg(long, env = "NATTER_RESUME_SECONDS", value_name = "SECONDS", default_value = "60",
        value_parser = whole::<u64, 0, 3600>)]
    pub resume_seconds: u64,

    /// How much of one answer is kept for that, in bytes; a longer answer cannot be resumed
    #[arg(long, env = "NATTER_RESUME_BUFFER", value_name = "BYTES", default_value = "262144",
        value_parser = whole::<usize, 1024, 67_108_864>)]
    pub resume_buffer: usize,

    /// Write what visitors ask and what is answered to the log
    #[arg(long, env = "NATTER_LOG_MESSAGES", value_name = "BOOL", default_value = "false", action = clap::ArgAction::Set,
        num_args = 0..=1, default_missing_value = "true")]
    pub log_messages: bool,
}

impl ServingSettings {
    pub(crate) fn body_patience(&self) -> Duration {
        Duration::from_secs(self.body_timeout)
    }
}
