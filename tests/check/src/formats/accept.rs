//! Whether the header asks as well as the query does.

use super::Format;
use crate::ask::Ask;
use crate::probe::Probe;
use crate::report::{Check, Verdict, fault, skip};

const ASKED: [(Format, &str); 2] = [(Format::Text, "text/plain"), (Format::Ndjson, "application/x-ndjson")];

pub(super) async fn check(probe: &Probe, offered: &[Format]) -> Check {
    let title = "Accept: text/plain or application/x-ndjson gives what ?format= gives";
    Check::new("formats.accept", title, agree(probe, offered).await)
}

async fn agree(probe: &Probe, offered: &[Format]) -> Verdict {
    let mut asked = ASKED.iter().filter(|(format, _)| offered.contains(format)).peekable();
    if asked.peek().is_none() {
        return Err(skip("the endpoint offers neither text nor ndjson"));
    }
    for (format, media_type) in asked {
        let reply = probe.send(&Ask::hello(format!("Accept: {media_type}")).header("accept", *media_type)).await?;
        if reply.status != 200 || Format::of(&reply) != Some(*format) {
            let fix = format!("Answer Accept: {media_type} as you answer ?format={}.", format.name());
            return Err(fault(reply.summary(), fix));
        }
    }
    Ok(())
}
