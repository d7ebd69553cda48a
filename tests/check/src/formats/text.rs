//! The answer's text and nothing else.

use super::Rule;
use crate::reply::Reply;
use crate::report::{Verdict, fault};
use crate::sse::shortened;

pub(super) const RULES: &[Rule] =
    &[("formats.text", "text: the answer as UTF-8 and nothing around it", |reply| plain(&reply.text()?, reply))];

fn plain(text: &str, reply: &Reply) -> Verdict {
    if text.trim().is_empty() {
        return Err(fault(format!("{} got an empty body", reply.what), "Answer with at least one word, or an error."));
    }
    if text.starts_with("data:") || text.starts_with("{\"") {
        return Err(fault(
            format!("the text begins with {:?}", shortened(text)),
            "Send events as text/event-stream and JSON as application/json; text/plain is shown to the visitor as it is.",
        ));
    }
    Ok(())
}
