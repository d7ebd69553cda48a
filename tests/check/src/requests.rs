//! What an endpoint must be able to read.

use serde_json::{Value, json};

use crate::ask::{Ask, question};
use crate::formats;
use crate::probe::Probe;
use crate::report::{Check, Objection, Verdict, fault};

/// A model nobody offers: should it show in a reply, the client's wish was granted.
const FOREIGN_MODEL: &str = "natter-check-model";

pub(crate) async fn checks(probe: &Probe) -> Vec<Check> {
    let parts = json!({ "messages": [{ "id": "1", "role": "user", "parts": [{ "type": "text", "text": "Hi" }] }] });
    let joiners = question("سلام، می\u{200c}خواهم 👩\u{200d}👩\u{200d}👧 بدانم\nHi\tthere");
    let charset = Ask::hello("a question as application/json; charset=utf-8")
        .header("content-type", "application/json; charset=utf-8");
    vec![
        Check::new(
            "requests.parts",
            "A message may have parts in the place of content, as AI SDK clients send it",
            answered(
                probe,
                &Ask::json("a message with parts", &parts),
                "Read content, or else the parts of type text.",
            )
            .await,
        ),
        Check::new(
            "requests.extra",
            "Unknown fields are ignored, and so are the client's model and token figures",
            extra(probe).await,
        ),
        Check::new(
            "requests.unicode",
            "Emoji joiners, Persian text, line breaks and tabs are accepted",
            answered(
                probe,
                &Ask::json("a message with joiners", &joiners),
                "Refuse control characters only; U+200C, U+200D, tab and newline are part of honest text.",
            )
            .await,
        ),
        Check::new(
            "requests.charset",
            "application/json may have a charset",
            answered(probe, &charset, "Compare the media type without its parameters.").await,
        ),
    ]
}

/// A sound request gets an answer.
async fn answered(probe: &Probe, ask: &Ask, fix: &str) -> Verdict {
    let reply = probe.send(ask).await?;
    match formats::answer(&reply) {
        Err(Objection::Fault { saw, .. }) if reply.status != 200 => Err(fault(saw, fix)),
        other => other.map(drop),
    }
}

async fn extra(probe: &Probe) -> Verdict {
    let mut body = question("Hi");
    let more = json!({
        "model": FOREIGN_MODEL, "temperature": 2, "max_tokens": 1, "stream_options": { "include_usage": true },
        "trigger": "submit-message", "metadata": { "page": "/" }, "something": [1, null],
    });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    let fix = "Ignore top-level fields you do not know, and never pass the client's model or limits on.";
    let reply = probe.send(&Ask::json("a question with further fields", &body)).await?;
    reply.must_be(200, fix)?;
    let text = formats::answer(&reply)?;
    if reply.lossy().contains(FOREIGN_MODEL) && !text.contains(FOREIGN_MODEL) {
        return Err(fault(format!("the reply names the client's model {FOREIGN_MODEL}"), fix));
    }
    Ok(())
}
