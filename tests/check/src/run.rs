//! One run: asks, judges, and leaves what uses up the quota for the end.

use std::{error, fmt};

use crate::ask::{Ask, question};
use crate::options::Options;
use crate::probe::Probe;
use crate::reply::Reply;
use crate::report::{Check, Report, Verdict, fault};
use crate::{clients, cors, error_body, errors, formats, head, limits, rate, requests, resume, secrets, streaming};

/// Nobody answers at the endpoint's address.
#[derive(Debug)]
pub struct Unreachable(reqwest::Error);

impl Unreachable {
    pub(crate) fn new(error: reqwest::Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause: &dyn error::Error = &self.0;
        while let Some(source) = cause.source() {
            cause = source;
        }
        write!(f, "The endpoint cannot be reached ({cause}); is the address right, and is the server running?")
    }
}

impl error::Error for Unreachable {}

/// Checks the endpoint that `options` name.
///
/// It asks about forty questions, one after the other, and waits when the endpoint tells it to; with a quota of twenty
/// a minute that takes about a minute. Afterwards the quota of this machine's address is used up.
///
/// # Errors
/// When nothing answers at the endpoint's address.
pub async fn run(options: &Options) -> Result<Report, Unreachable> {
    let probe = Probe::new(options)?;
    let asked = options.question.as_str();
    let first = Ask::json("the first question", &question(asked)).header("accept-encoding", "gzip, br");
    let mut reply = probe.first(&first).await?;
    if reply.status == 429
        && let Ok(later) = probe.send(&first).await
    {
        reply = later;
    }

    let mut checks =
        vec![Check::new("reply.answer", "A question is answered, in a format that can be told", whole(&reply))];
    checks.extend(formats::checks(&probe, &reply, asked).await);
    checks.extend(requests::checks(&probe).await);
    checks.extend(errors::checks(&probe).await);
    checks.extend(limits::checks(&probe, options).await);
    checks.extend(streaming::checks(&probe, &reply).await);
    checks.extend(cors::checks(&probe, options).await);
    checks.extend(resume::checks(&probe, asked).await);
    let (limited, refusal) = rate::checks(&probe, &reply, options).await;
    checks.extend(limited);
    checks.extend(clients::checks(&probe, refusal.as_ref()).await);

    let seen = probe.seen();
    checks.extend(head::checks(&reply, &seen));
    checks.extend(error_body::checks(&seen));
    checks.extend(secrets::checks(&seen, probe.authority()));
    Ok(Report::new(options.endpoint.to_string(), checks))
}

fn whole(reply: &Reply) -> Verdict {
    if matches!(reply.status, 401 | 403) {
        return Err(fault(
            reply.summary(),
            "Name what the endpoint wants from its clients with --header \"NAME: VALUE\".",
        ));
    }
    formats::answer(reply).map(drop)
}
