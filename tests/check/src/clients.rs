//! Whether a client can pass for another one by saying so.

use crate::ask::Ask;
use crate::probe::Probe;
use crate::reply::Reply;
use crate::report::{Check, Objection, Verdict, fault, skip};

/// How often a forgery must get through where an honest question does not: one may be given back just then.
const PROOFS: usize = 2;
/// Honest questions in a row that may still pass before one is refused again.
const HONEST: usize = 20;

/// A header in which an address may be forged: how a check about it is called, and how it is written.
struct Forgery {
    id: &'static str,
    title: &'static str,
    headers: &'static [&'static str],
    write: fn(&str) -> String,
}

const FORGERIES: [Forgery; 4] = [
    Forgery {
        id: "clients.x-forwarded-for",
        title: "A forged X-Forwarded-For gives no fresh quota",
        headers: &["x-forwarded-for"],
        write: |address| format!("{address}, 192.0.2.1"),
    },
    Forgery {
        id: "clients.forwarded",
        title: "A forged Forwarded gives no fresh quota",
        headers: &["forwarded"],
        write: |address| format!("for={address};proto=https"),
    },
    Forgery {
        id: "clients.x-real-ip",
        title: "A forged X-Real-IP gives no fresh quota",
        headers: &["x-real-ip"],
        write: str::to_owned,
    },
    Forgery {
        id: "clients.others",
        title: "No other header that names an address gives a fresh quota",
        headers: &["cf-connecting-ip", "true-client-ip", "x-client-ip", "fly-client-ip", "x-cluster-client-ip"],
        write: str::to_owned,
    },
];

/// Forges while the quota is used up, as `refusal` shows.
pub(crate) async fn checks(probe: &Probe, refusal: Option<&Reply>) -> Vec<Check> {
    let mut checks = Vec::new();
    for forgery in FORGERIES {
        let verdict = match refusal {
            Some(_) => fails(probe, &forgery).await,
            None => Err(skip("without a limit there is nothing to get around")),
        };
        checks.push(Check::new(forgery.id, forgery.title, verdict));
    }
    checks
}

async fn fails(probe: &Probe, forgery: &Forgery) -> Verdict {
    for header in forgery.headers {
        let mut proofs = 0;
        while proofs < PROOFS {
            use_up(probe).await?;
            let [a, b] = [(); 2].map(|()| fastrand::u8(1..255));
            let ask = Ask::hello(format!("a question with a forged {header}")).at_once();
            let forged = probe.open(&ask.header(header, (forgery.write)(&format!("203.0.{a}.{b}")))).await?;
            if forged.reply.status == 429 {
                break;
            }
            proofs += 1;
        }
        if proofs == PROOFS {
            return Err(fault(
                format!("with a forged {header} a question passes although the quota is used up"),
                format!(
                    "Take the client's address from the connection. Behind a proxy, read {header} only when the peer is \
                     one you know, and take the rightmost address that is not: what stands to the left is the client's \
                     own claim."
                ),
            ));
        }
    }
    Ok(())
}

/// Asks honestly until it is refused again.
async fn use_up(probe: &Probe) -> Result<(), Objection> {
    for _ in 0..HONEST {
        if probe.open(&Ask::hello("an honest question over the limit").at_once()).await?.reply.status == 429 {
            return Ok(());
        }
    }
    Err(skip("the quota is given back faster than it can be used up"))
}
