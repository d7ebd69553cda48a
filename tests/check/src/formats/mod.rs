//! The formats a reply can have: which one it is, whether its grammar holds, and what it says.

mod accept;
mod json;
mod ndjson;
mod openai;
mod text;
mod ui_message;

use crate::ask::{Ask, question};
use crate::probe::Probe;
use crate::reply::Reply;
use crate::report::{Check, Objection, Verdict, fault, skip};

/// A format of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    UiMessage,
    OpenAi,
    Text,
    Ndjson,
    Json,
}

/// One sentence of a format's grammar: an id, what the contract says, and the judge of a reply.
pub(crate) type Rule = (&'static str, &'static str, fn(&Reply) -> Verdict);

impl Format {
    const ALL: [Self; 5] = [Self::UiMessage, Self::OpenAi, Self::Text, Self::Ndjson, Self::Json];

    /// What `?format=` calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::UiMessage => "ui-message",
            Self::OpenAi => "openai",
            Self::Text => "text",
            Self::Ndjson => "ndjson",
            Self::Json => "json",
        }
    }

    const fn rules(self) -> &'static [Rule] {
        match self {
            Self::UiMessage => ui_message::RULES,
            Self::OpenAi => openai::RULES,
            Self::Text => text::RULES,
            Self::Ndjson => ndjson::RULES,
            Self::Json => json::RULES,
        }
    }

    /// Which format a reply is in, by its media type and, for event streams, by what is in it.
    pub(crate) fn of(reply: &Reply) -> Option<Self> {
        match reply.media_type().as_str() {
            "text/plain" => Some(Self::Text),
            "application/x-ndjson" => Some(Self::Ndjson),
            "application/json" => Some(Self::Json),
            "text/event-stream" if !reply.header("x-vercel-ai-ui-message-stream").is_empty() => Some(Self::UiMessage),
            "text/event-stream" if reply.lossy().contains("\"choices\"") => Some(Self::OpenAi),
            "text/event-stream" if reply.lossy().contains("\"type\"") => Some(Self::UiMessage),
            _ => None,
        }
    }
}

/// What a reply says; an objection when it says nothing a widget could show.
pub(crate) fn answer(reply: &Reply) -> Result<String, Objection> {
    reply.must_be(200, "Answer a well-formed question with 200.")?;
    let format = Format::of(reply).ok_or_else(|| {
        fault(
            reply.summary(),
            "Answer as text/event-stream (UI message stream or OpenAI chunks), text/plain, application/x-ndjson or \
             application/json.",
        )
    })?;
    let text = match format {
        Format::UiMessage => ui_message::answer(reply),
        Format::OpenAi => openai::answer(reply),
        Format::Text => reply.text(),
        Format::Ndjson => ndjson::answer(reply),
        Format::Json => json::answer(reply),
    }?;
    if text.trim().is_empty() {
        return Err(fault(
            format!("{} got an empty answer", reply.what),
            "Answer with at least one word, or an error.",
        ));
    }
    Ok(text)
}

/// The grammar of the reply nobody asked a format for, and of each format that can be asked for.
pub(crate) async fn checks(probe: &Probe, default: &Reply, asked: &str) -> Vec<Check> {
    let (mut checks, mut replies) = (Vec::new(), Vec::new());
    for format in Format::ALL {
        let reply = if Format::of(default) == Some(format) && default.status == 200 {
            Ok(default.clone())
        } else {
            fetch(probe, format, asked).await
        };
        for (id, title, rule) in format.rules() {
            let verdict = reply.as_ref().map_err(Clone::clone).and_then(rule);
            checks.push(Check::new(id, title, verdict));
        }
        replies.extend(reply);
    }
    let title = "The same question gets an answer in every format that is offered";
    checks.push(Check::new("formats.answers", title, replies.iter().try_for_each(|reply| answer(reply).map(drop))));
    let offered: Vec<_> = replies.iter().filter_map(Format::of).collect();
    checks.push(accept::check(probe, &offered).await);
    checks
}

/// The same question in another format, or why there is no such reply.
async fn fetch(probe: &Probe, format: Format, asked: &str) -> Result<Reply, Objection> {
    let name = format.name();
    let what = format!("a question with ?format={name}");
    let ask = if format == Format::Json {
        let mut body = question(asked);
        body["stream"] = false.into();
        Ask::json("a question with stream: false", &body)
    } else {
        Ask::json(what, &question(asked)).format(name)
    };
    let reply = probe.send(&ask).await?;
    match (reply.status, Format::of(&reply)) {
        (200, Some(got)) if got == format => Ok(reply),
        (200, Some(got)) => {
            Err(skip(format!("the endpoint does not offer {name}: {} is answered as {}", ask.what, got.name())))
        }
        (400 | 404 | 406, _) => Err(skip(format!("the endpoint does not offer {name}: {}", reply.summary()))),
        _ => Err(fault(reply.summary(), format!("Answer in {name}, or refuse what you do not offer with 400 or 406."))),
    }
}
