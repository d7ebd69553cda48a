//! How much may be asked at once.

use serde_json::{Value, json};

use crate::ask::Ask;
use crate::formats;
use crate::options::Options;
use crate::probe::Probe;
use crate::report::{Check, Verdict, fault};

/// How far above the named bound an endpoint's own may lie: beyond that there is none.
const GROWTH: [usize; 3] = [1, 4, 16];

pub(crate) async fn checks(probe: &Probe, options: &Options) -> Vec<Check> {
    let [length, messages, total, body] =
        [options.max_length, options.max_messages, options.max_total_length, options.max_body]
            .map(|bound| bound as usize);
    let long = |size: usize| conversation(1, size);
    let many = |count: usize| conversation(count, count);
    let whole = |size: usize| conversation(size / length + 1, size);
    vec![
        Check::new(
            "limits.ordinary",
            "Ten messages of a thousand characters, as the widget sends them at most, are accepted",
            ordinary(probe, length).await,
        ),
        Check::new(
            "limits.length",
            "A message that is too long is refused",
            bounded(probe, "characters in one message", length, long).await,
        ),
        Check::new(
            "limits.messages",
            "Too many messages are refused",
            bounded(probe, "messages", messages, many).await,
        ),
        Check::new(
            "limits.total",
            "Messages that are too long together are refused",
            bounded(probe, "characters in all messages", total, whole).await,
        ),
        Check::new("limits.body", "A body that is too large is refused with 413", large(probe, body).await),
    ]
}

/// `count` messages by turns, the last the visitor's, of `size` characters in all.
fn conversation(count: usize, size: usize) -> Value {
    let message = |nth: usize| {
        let role = if (count - nth).is_multiple_of(2) { "assistant" } else { "user" };
        json!({ "role": role, "content": "a".repeat((size * (nth + 1) / count) - (size * nth / count)) })
    };
    json!({ "messages": (0..count).map(message).collect::<Vec<_>>() })
}

async fn ordinary(probe: &Probe, length: usize) -> Verdict {
    let ask = Ask::json("a conversation of ten full messages", &conversation(10, 10 * length.min(1000)));
    formats::answer(&probe.send(&ask).await?).map(drop)
}

/// Something just above the bound is refused, or at least something a few times as large.
async fn bounded(probe: &Probe, unit: &str, bound: usize, body: impl Fn(usize) -> Value) -> Verdict {
    let mut size = bound;
    for factor in GROWTH {
        size = bound * factor + 1;
        let reply = probe.open(&Ask::json(format!("a request with {size} {unit}"), &body(size))).await?.reply;
        match reply.status {
            400 | 413 => return Ok(()),
            200..300 => {}
            _ => return Err(fault(reply.summary(), "Refuse what is too large with 400 (or 413 for the whole body).")),
        }
    }
    Err(fault(
        format!("{size} {unit} were accepted"),
        format!(
            "Refuse more than {bound} {unit} with 400 (or name your own bound with a flag): whoever asks, you pay."
        ),
    ))
}

async fn large(probe: &Probe, bound: usize) -> Verdict {
    let fix = "Stop reading at a bound and answer 413; read on a little, so that the client gets to see it.";
    let mut size = bound;
    for factor in GROWTH {
        size = bound * factor + 1;
        let mut body = json!({ "messages": [{ "role": "user", "content": "Hi" }], "metadata": { "pad": "" } });
        let pad = size.saturating_sub(body.to_string().len());
        body["metadata"]["pad"] = "a".repeat(pad).into();
        let reply = probe.open(&Ask::json(format!("a body of {size} bytes"), &body)).await?.reply;
        match reply.status {
            413 => return Ok(()),
            200..300 => {}
            _ => return Err(fault(reply.summary(), fix)),
        }
    }
    Err(fault(format!("a body of {size} bytes was accepted"), fix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_has_as_many_characters_as_asked_for_and_ends_with_the_visitor() {
        for (count, size) in [(1, 4001), (101, 101), (16, 60_001), (10, 10_000)] {
            let body = conversation(count, size);
            let messages = body["messages"].as_array().unwrap();
            let total: usize = messages.iter().map(|message| message["content"].as_str().unwrap().len()).sum();
            assert_eq!((messages.len(), total), (count, size));
            assert_eq!(messages[count - 1]["role"], "user");
            assert!(messages.iter().all(|message| message["content"].as_str().unwrap().len() <= 4001));
        }
    }
}
