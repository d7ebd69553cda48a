//! The head of a reply: what tells proxies to keep their hands off it, and clients what they get.

use std::collections::HashSet;

use crate::formats::Format;
use crate::reply::Reply;
use crate::report::{Check, Verdict, fault, skip};

pub(crate) fn checks(reply: &Reply, seen: &[Reply]) -> Vec<Check> {
    vec![
        Check::new("head.content-type", "The media type names the format", content_type(reply)),
        Check::new(
            "head.cache-control",
            "Cache-Control is no-cache, no-transform: nobody stores or rewrites a reply",
            cache_control(reply),
        ),
        Check::new("head.buffering", "X-Accel-Buffering is no: nginx passes words on as they come", buffering(reply)),
        Check::new("head.request-id", "X-Request-Id is there and never the same twice", request_ids(seen)),
        Check::new("head.marker", "A UI message stream says so in x-vercel-ai-ui-message-stream: v1", marker(reply)),
    ]
}

fn content_type(reply: &Reply) -> Verdict {
    match Format::of(reply) {
        Some(_) => Ok(()),
        None => Err(fault(
            format!("content-type: {}", reply.header("content-type")),
            "Send Content-Type: text/event-stream for a stream of events.",
        )),
    }
}

fn cache_control(reply: &Reply) -> Verdict {
    let value = reply.header("cache-control").to_ascii_lowercase();
    let says = |word: &str| value.split(',').any(|directive| directive.trim() == word);
    if (says("no-cache") || says("no-store")) && says("no-transform") {
        return Ok(());
    }
    Err(fault(format!("cache-control: {value:?}"), "Send Cache-Control: no-cache, no-transform."))
}

fn buffering(reply: &Reply) -> Verdict {
    match reply.header("x-accel-buffering") {
        "no" => Ok(()),
        value => Err(fault(format!("x-accel-buffering: {value:?}"), "Send X-Accel-Buffering: no.")),
    }
}

fn request_ids(seen: &[Reply]) -> Verdict {
    let fix = "Send a new random X-Request-Id with every answer, errors too, and write it to the log.";
    let mut ids = HashSet::new();
    for reply in seen.iter().filter(|reply| reply.of_endpoint) {
        let id = reply.header("x-request-id");
        if id.is_empty() {
            return Err(fault(format!("{} was answered without one", reply.what), fix));
        }
        if !ids.insert(id) {
            return Err(fault(format!("{id} came twice"), fix));
        }
    }
    Ok(())
}

fn marker(reply: &Reply) -> Verdict {
    match reply.header("x-vercel-ai-ui-message-stream") {
        "v1" => Ok(()),
        "" if Format::of(reply) != Some(Format::UiMessage) => {
            Err(skip("the endpoint does not answer in this format by default"))
        }
        value => Err(fault(
            format!("x-vercel-ai-ui-message-stream: {value:?}"),
            "Send x-vercel-ai-ui-message-stream: v1 with a UI message stream, and with nothing else.",
        )),
    }
}
