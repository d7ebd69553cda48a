//! Whose pages may ask.

use reqwest::Method;

use crate::ask::Ask;
use crate::options::Options;
use crate::probe::Probe;
use crate::reply::Reply;
use crate::report::{Check, Verdict, fault};

/// A site nobody allows: the name cannot be registered (RFC 2606).
const FOREIGN: &str = "https://natter-check.invalid";
const LIST: &str =
    "Compare Origin with an exact list of the sites you know; never answer with * or with whatever was sent.";

pub(crate) async fn checks(probe: &Probe, options: &Options) -> Vec<Check> {
    let mut checks = vec![
        Check::new("cors.preflight", "A foreign page's preflight is not allowed", foreign_preflight(probe).await),
        Check::new("cors.foreign", "A question from a foreign page is refused with 403", foreign(probe).await),
        Check::new("cors.own", "A question from a page of the endpoint's own site is answered", own(probe).await),
    ];
    if let Some(origin) = &options.allowed_origin {
        let title = "A question from the allowed origin is answered, and its page may read the answer";
        checks.push(Check::new("cors.allowed", title, allowed(probe, origin).await));
    }
    let title = "No page may ask with cookies: no Access-Control-Allow-Credentials";
    checks.push(Check::new("cors.credentials", title, credentials(&probe.seen())));
    checks
}

fn preflight(origin: &str) -> Ask {
    Ask::bare(format!("a preflight from {origin}"), Method::OPTIONS, "")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
}

fn from(origin: &str) -> Ask {
    Ask::hello(format!("a question with Origin: {origin}")).header("origin", origin)
}

fn allows(reply: &Reply, origin: &str) -> bool {
    matches!(reply.header("access-control-allow-origin"), allowed if allowed == "*" || allowed == origin)
}

fn not_allowed(reply: &Reply) -> Verdict {
    if !allows(reply, FOREIGN) {
        return Ok(());
    }
    let saw =
        format!("{} got access-control-allow-origin: {}", reply.what, reply.header("access-control-allow-origin"));
    Err(fault(saw, LIST))
}

async fn foreign_preflight(probe: &Probe) -> Verdict {
    not_allowed(&probe.send(&preflight(FOREIGN)).await?)
}

async fn foreign(probe: &Probe) -> Verdict {
    let reply = probe.open(&from(FOREIGN)).await?.reply;
    not_allowed(&reply)?;
    reply.must_be(
        403,
        "Refuse a POST whose Origin is neither your own nor on your list with 403: CORS only hides the answer, the model \
         has been paid for by then.",
    )
}

async fn own(probe: &Probe) -> Verdict {
    let reply = probe.open(&from(&probe.own_origin())).await?.reply;
    reply.must_be(200, "Let a page of the same origin ask: compare Origin with the Host the request was sent to.")
}

async fn allowed(probe: &Probe, origin: &str) -> Verdict {
    let fix = format!("Send Access-Control-Allow-Origin: {origin} to it, with the preflight and with every answer.");
    let methods =
        "Send Access-Control-Allow-Methods and Access-Control-Allow-Headers (content-type) with the preflight.";
    let reply = probe.send(&preflight(origin)).await?;
    if reply.header("access-control-allow-origin") != origin {
        return Err(fault(reply.summary(), fix));
    }
    if !reply.header("access-control-allow-headers").to_ascii_lowercase().contains("content-type") {
        return Err(fault("the preflight does not allow content-type", methods));
    }
    let reply = probe.open(&from(origin)).await?.reply;
    reply.must_be(200, &fix)?;
    if reply.header("access-control-allow-origin") != origin {
        return Err(fault(format!("{} got no access-control-allow-origin", reply.what), fix));
    }
    let exposed = reply.header("access-control-expose-headers").to_ascii_lowercase();
    match ["x-request-id", "retry-after", "x-vercel-ai-ui-message-stream"].iter().find(|name| !exposed.contains(**name))
    {
        None => Ok(()),
        Some(name) => Err(fault(
            format!("access-control-expose-headers: {exposed:?}"),
            format!("Name {name} in Access-Control-Expose-Headers: a page of another origin cannot read it otherwise."),
        )),
    }
}

fn credentials(seen: &[Reply]) -> Verdict {
    match seen.iter().find(|reply| reply.header("access-control-allow-credentials") == "true") {
        None => Ok(()),
        Some(reply) => Err(fault(
            format!(
                "{} got access-control-allow-credentials: true (and allow-origin: {})",
                reply.what,
                reply.header("access-control-allow-origin")
            ),
            "Leave Access-Control-Allow-Credentials away: a chat needs no cookies, and with them any allowed page asks as \
             your visitor.",
        )),
    }
}
