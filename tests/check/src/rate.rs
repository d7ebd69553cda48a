//! How often one client may ask.

use futures_util::future::join_all;

use crate::ask::Ask;
use crate::options::Options;
use crate::probe::Probe;
use crate::reply::Reply;
use crate::report::{Check, Objection, Verdict, fault, skip};

/// A quota that is used up without being asked to: each of its questions costs somebody something.
const MODEST: u64 = 200;
/// What is tried when the endpoint does not name its quota.
const UNNAMED: u64 = 60;
const AT_ONCE: u64 = 4;

/// Looks at the headers, then asks until it is refused. The refusal comes back too: the quota is used up from then on.
pub(crate) async fn checks(probe: &Probe, reply: &Reply, options: &Options) -> (Vec<Check>, Option<Reply>) {
    let refusal = exceed(probe, quota(reply), options.thorough).await;
    let judged = refusal.as_ref().map_err(Clone::clone).and_then(judge);
    let checks = vec![
        Check::new("rate.headers", "RateLimit-Policy and RateLimit tell the quota and what is left", headers(reply)),
        Check::new("rate.limit", "Who asks too often gets 429 with Retry-After", judged),
    ];
    (checks, refusal.ok())
}

/// The whole number behind `name=` in a header such as `"default";q=20;w=60`.
fn figure(value: &str, name: &str) -> Option<u64> {
    let first = value.split(',').next()?;
    first.split(';').find_map(|piece| piece.trim().strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

fn quota(reply: &Reply) -> Option<u64> {
    figure(reply.header("ratelimit-policy"), "q")
}

fn headers(reply: &Reply) -> Verdict {
    let (policy, state) = (reply.header("ratelimit-policy"), reply.header("ratelimit"));
    if figure(policy, "q").is_some() && figure(policy, "w").is_some() && figure(state, "r").is_some() {
        return Ok(());
    }
    Err(fault(
        format!("ratelimit-policy: {policy:?}, ratelimit: {state:?}"),
        "Send RateLimit-Policy: \"default\";q=20;w=60 (the quota and its seconds) and RateLimit: \"default\";r=19;t=3 (what \
         is left, and the seconds until there is more) with every answer.",
    ))
}

/// Asks, without waiting, until it is refused.
async fn exceed(probe: &Probe, quota: Option<u64>, thorough: bool) -> Result<Reply, Objection> {
    if let Some(quota) = quota.filter(|quota| *quota > MODEST && !thorough) {
        return Err(skip(format!("it takes more than {quota} questions to go over the limit; --thorough asks them")));
    }
    // Some are given back meanwhile.
    let most = quota.map_or(UNNAMED, |quota| quota.saturating_mul(2).saturating_add(10));
    let mut asked = 0;
    while asked < most {
        let asks: Vec<_> = (0..AT_ONCE).map(|_| Ask::hello("a question over the limit").at_once()).collect();
        asked += AT_ONCE;
        for reply in join_all(asks.iter().map(|ask| probe.open(ask))).await {
            let reply = reply?.reply;
            if reply.status == 429 {
                return Ok(reply);
            }
        }
    }
    Err(fault(
        format!("{asked} questions in a row were let through"),
        "Count requests by client (the peer's address) and answer 429 with Retry-After when there are too many: whoever \
         asks, you pay.",
    ))
}

fn judge(refusal: &Reply) -> Verdict {
    if refusal.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0) {
        return Ok(());
    }
    Err(fault(
        format!("429 with retry-after: {:?}", refusal.header("retry-after")),
        "Send Retry-After with the 429: the whole seconds, at least 1, until the next question passes.",
    ))
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_are_read_from_structured_headers() {
        assert_eq!(figure("\"default\";q=20;w=60", "w"), Some(60));
        assert_eq!(figure("\"burst\"; q=5; w=1, \"day\";q=100;w=86400", "q"), Some(5));
        for wrong in ["", "20", "\"default\";q=many", "limit=20"] {
            assert_eq!(figure(wrong, "q"), None, "{wrong}");
        }
    }
}
