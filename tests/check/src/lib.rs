//! Checks anybody's chat endpoint, in whatever language it is written, against the contract the Natter widget relies on.
//!
//! ```sh
//! cargo run -p natter-check -- http://127.0.0.1:8787/api/chat
//! ```
//!
//! It asks from outside, over HTTP, what the widget asks and what somebody with worse intentions would ask, and says of
//! every sentence of the contract whether the endpoint keeps it; where it does not, what was seen and what to fix. What
//! an endpoint may leave out (other formats, resuming) is skipped when it does.
//!
//! The judge is independent: it uses nothing of Natter's own readers and writers, which are made to forgive, and reads
//! every format strictly.
//!
//! | file | what |
//! |---|---|
//! | `ask.rs`, `probe.rs`, `reply.rs` | a request, who sends it and waits for the quota, what comes back and when |
//! | `sse.rs`, `formats/` | the grammar of every format, pure functions of a reply |
//! | `head.rs` `requests.rs` `errors.rs` `error_body.rs` `limits.rs` `streaming.rs` `cors.rs` `resume.rs` `secrets.rs` `rate.rs` `clients.rs` | a group of checks each |
//! | `run.rs` | the order of a run |
//! | `keys.rs` | what a key looks like, and how a report hides it |
//! | `report.rs`, `table.rs` | what was found, as values, JSON and text |

mod ask;
mod clients;
mod cors;
mod error_body;
mod errors;
mod formats;
mod head;
mod keys;
mod limits;
mod options;
mod probe;
mod rate;
mod reply;
mod report;
mod requests;
mod resume;
mod run;
mod secrets;
mod sse;
mod streaming;
mod table;

pub use options::Options;
pub use report::{Check, Outcome, Report};
pub use run::{Unreachable, run};
pub use table::Table;
