//! Replies that outlive their reader: `GET` and `DELETE` of `{endpoint}/{id}/stream`.

use reqwest::Method;

use crate::ask::{Ask, question};
use crate::formats;
use crate::probe::Probe;
use crate::reply::{End, Reply};
use crate::report::{Check, Objection, Verdict, fault, skip};
use crate::sse::{self, Event};

const IDS: &str = "Write `id: N` behind the data line of each event, N growing, when the request has an id.";
const REPLAY: &str = "Keep the reply for a while after its reader has left, and answer GET {endpoint}/{id}/stream with all of \
                      it from its beginning, going on as it comes.";

pub(crate) async fn checks(probe: &Probe, asked: &str) -> Vec<Check> {
    let offered = offered(probe).await;
    let left = match &offered {
        Ok(()) => Left::alone(probe, asked).await,
        Err(objection) => Err(objection.clone()),
    };
    let on = |judge: fn(&Left) -> Verdict| left.as_ref().map_err(Clone::clone).and_then(judge);
    let ids = on(|left| left.ids());
    let replay = on(|left| left.whole());
    let position = match &left {
        Ok(left) => left.position(probe).await,
        Err(objection) => Err(objection.clone()),
    };
    let stop = match &offered {
        Ok(()) => stop(probe, asked).await,
        Err(objection) => Err(objection.clone()),
    };
    vec![
        Check::new("resume.nothing", "Where there is nothing to resume, GET {endpoint}/{id}/stream gives 204", offered),
        Check::new("resume.ids", "The events of a reply with an id are numbered behind their data", ids),
        Check::new("resume.replay", "A reply goes on without its reader, and GET gives all of it", replay),
        Check::new("resume.position", "Last-Event-ID gives exactly what came after that event", position),
        Check::new("resume.stop", "DELETE gives 204 and ends the reply", stop),
    ]
}

fn fresh_id() -> String {
    format!("check-{:016x}", fastrand::u64(..))
}

fn below(method: Method, id: &str) -> Ask {
    Ask::bare(format!("{method} of a reply's stream"), method, format!("/{id}/stream"))
}

async fn offered(probe: &Probe) -> Verdict {
    let reply = probe.send(&below(Method::GET, &fresh_id())).await?;
    match reply.status {
        204 => Ok(()),
        status => Err(skip(format!(
            "the endpoint does not offer it: GET of an unknown reply's stream is answered with {status}, not 204"
        ))),
    }
}

fn ask(asked: &str, id: &str) -> Ask {
    let mut body = question(asked);
    body["id"] = id.into();
    Ask::json("a question with an id", &body)
}

/// A reply whose reader left in the middle.
struct Left {
    id: String,
    /// What the reader had seen.
    seen: Reply,
    /// What came for whoever asked again.
    again: Reply,
}

impl Left {
    async fn alone(probe: &Probe, asked: &str) -> Result<Self, Objection> {
        let id = fresh_id();
        let mut coming = probe.open(&ask(asked, &id)).await?;
        coming.reply.must_be(200, "Answer a question with an id as one without.")?;
        coming.until(|reply| reply.pieces.len() >= 5).await;
        let seen = coming.reply.clone();
        drop(coming);
        let again = probe.send(&below(Method::GET, &id)).await?;
        Ok(Self { id, seen, again })
    }

    fn events(&self) -> Result<Vec<Event>, Objection> {
        self.again.must_be(200, REPLAY)?;
        if self.again.media_type() != "text/event-stream" {
            return Err(skip("only event streams have numbers, and the endpoint's default format is none"));
        }
        sse::events(&self.again.text()?)
    }

    fn ids(&self) -> Verdict {
        let events = self.events()?;
        let mut before = None;
        for id in events.iter().filter_map(|event| event.id.as_deref()) {
            let number: u64 = id.parse().map_err(|_| fault(format!("the id {id:?}"), IDS))?;
            if before.is_some_and(|before| number <= before) {
                return Err(fault(format!("the id {number} comes after {}", before.unwrap_or_default()), IDS));
            }
            before = Some(number);
        }
        if before.is_none() || !self.seen.lossy().contains("\nid:") {
            return Err(fault("no event has an id", IDS));
        }
        Ok(())
    }

    fn whole(&self) -> Verdict {
        self.again.must_be(200, REPLAY)?;
        let seen = self.seen.lossy();
        // The last event may not have arrived whole.
        let complete = seen.rfind("\n\n").map_or(seen.as_str(), |end| &seen[..end]);
        let again = self.again.text()?;
        let same = match self.again.media_type().as_str() {
            // A heartbeat may stand anywhere between two events.
            "text/event-stream" => sse::events(&again)?.starts_with(&sse::events(&format!("{complete}\n\n"))?),
            _ => again.starts_with(complete),
        };
        if !same {
            return Err(fault("the replay does not begin with what the first reader saw", REPLAY));
        }
        formats::answer(&self.again).map(drop)
    }

    /// Asks for the rest behind an event in the middle.
    async fn position(&self, probe: &Probe) -> Verdict {
        let fix =
            "Answer GET with Last-Event-ID: N with the very events that came after the event N, and with no other.";
        let events = self.events()?;
        let numbered: Vec<usize> = (0..events.len()).filter(|at| events[*at].id.is_some()).collect();
        let Some(middle) = numbered.get(numbered.len() / 2).copied() else {
            return Err(skip("no event has an id"));
        };
        let id = events[middle].id.clone().unwrap_or_default();
        let reply = probe.send(&below(Method::GET, &self.id).header("last-event-id", &id)).await?;
        reply.must_be(200, fix)?;
        let rest = sse::events(&reply.text()?)?;
        if rest == events[middle + 1..] {
            return Ok(());
        }
        let first = rest.first().map_or("nothing", |event| event.data.as_str());
        Err(fault(format!("after {id} came {}", sse::shortened(first)), fix))
    }
}

/// A reply that is given up while somebody reads it.
async fn stop(probe: &Probe, asked: &str) -> Verdict {
    let fix = "Answer DELETE {endpoint}/{id}/stream with 204 (also when there is nothing), end the reply and its stream at \
               once, and forget it.";
    let id = fresh_id();
    let mut coming = probe.open(&ask(asked, &id)).await?;
    coming.reply.must_be(200, "Answer a question with an id as one without.")?;
    coming.until(|reply| reply.pieces.len() >= 2).await;
    for _ in 0..2 {
        probe.send(&below(Method::DELETE, &id)).await?.must_be(204, fix)?;
    }
    if coming.rest().await.end == End::Open {
        return Err(fault("the stream goes on after DELETE", fix));
    }
    probe.send(&below(Method::GET, &id)).await?.must_be(204, fix)
}
