//! Whether an answer arrives while it is written, or all at once.

use std::time::Duration;

use crate::ask::Ask;
use crate::formats::{self, Format};
use crate::probe::Probe;
use crate::reply::Reply;
use crate::report::{Check, Verdict, fault, skip};

/// Pieces closer together than this arrived together.
const TOGETHER: Duration = Duration::from_millis(5);
/// An answer that is complete this soon may have been written at once.
const QUICK: Duration = Duration::from_millis(300);
/// What a buffer that passes on now and then cannot fake, at the least.
const ARRIVALS: usize = 4;
/// How long a burst of buffered words may take to be read, at the most.
const BURST: Duration = Duration::from_millis(200);

pub(crate) async fn checks(probe: &Probe, reply: &Reply) -> Vec<Check> {
    vec![
        Check::new("streaming.unbuffered", "Words arrive as they are written, not all at the end", unbuffered(reply)),
        Check::new("streaming.encoding", "A stream is not compressed, even when the client offers it", plain(reply)),
        Check::new("streaming.leaving", "A visitor who leaves in the middle does no harm", leaving(probe).await),
    ]
}

/// When text arrived, one time for all that arrived together.
fn arrivals(reply: &Reply) -> Vec<Duration> {
    let mut times: Vec<Duration> = Vec::new();
    for piece in &reply.pieces {
        let close = times.last().is_some_and(|last| piece.at.saturating_sub(*last) < TOGETHER);
        if !close {
            times.push(piece.at);
        }
    }
    times
}

fn unbuffered(reply: &Reply) -> Verdict {
    if Format::of(reply) == Some(Format::Json) {
        return Err(skip("the endpoint answers with one JSON object; visitors would rather see the words come"));
    }
    formats::answer(reply)?;
    let times = arrivals(reply);
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return Err(skip("there was nothing to look at"));
    };
    let spread = *last - *first;
    // A model may think for long before it writes: then the last tenth of the time is all there is to see.
    if times.len() >= ARRIVALS && (spread * 10 >= *last || spread > BURST) {
        return Ok(());
    }
    let saw = format!(
        "words arrived at {} moments: the first after {} ms, the last after {} ms",
        times.len(),
        first.as_millis(),
        last.as_millis()
    );
    if *last < QUICK {
        return Err(skip(format!("{saw}: too quick to tell; ask for a longer answer with --question")));
    }
    Err(fault(
        saw,
        "Flush each event as soon as it is written, and switch off buffering and compression in every proxy on the way \
         (nginx: proxy_buffering off).",
    ))
}

fn plain(reply: &Reply) -> Verdict {
    match reply.header("content-encoding") {
        "" | "identity" => Ok(()),
        encoding => Err(fault(
            format!("content-encoding: {encoding}"),
            "Except streams (text/event-stream, text/plain, application/x-ndjson) from compression: a compressor holds \
             words back.",
        )),
    }
}

async fn leaving(probe: &Probe) -> Verdict {
    let mut coming = probe.open(&Ask::hello("a question whose reader leaves")).await?;
    coming.until(|reply| !reply.pieces.is_empty()).await;
    drop(coming);
    let next = probe.send(&Ask::hello("a question after a reader left")).await?;
    next.must_be(200, "Take a closed connection for the end of that reply and of nothing else.")
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue};

    use super::*;
    use crate::reply::{End, Piece};
    use crate::report::Objection;

    fn reply(times: &[u64]) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("text/plain"));
        let piece = |ms: &u64| Piece { at: Duration::from_millis(*ms), bytes: b"word ".to_vec() };
        let pieces = times.iter().map(piece).collect();
        Reply { what: "a question".into(), of_endpoint: true, status: 200, headers, pieces, end: End::Clean }
    }

    #[test]
    fn a_slow_model_is_no_buffer_and_a_buffer_is_noticed() {
        assert_eq!(unbuffered(&reply(&[10, 30, 50, 70, 90])), Ok(()));
        assert_eq!(unbuffered(&reply(&[9000, 9100, 9200, 9300])), Ok(()));
        for buffered in [&[2000][..], &[2000, 2001, 2002, 2003, 2004], &[500, 2000], &[3000, 3050, 3100, 3150]] {
            assert!(matches!(unbuffered(&reply(buffered)), Err(Objection::Fault { .. })), "{buffered:?}");
        }
        assert!(matches!(unbuffered(&reply(&[20])), Err(Objection::Skip(_))));
    }
}
