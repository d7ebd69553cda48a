//! What must never show in an answer's head or in an error.

use std::ops::Range;

use crate::reply::Reply;
use crate::report::{Check, Verdict, fault, skip};
use crate::sse::shortened;

/// How a key begins, and how many more of its characters must follow to be one.
const KEYS: [(&str, usize); 5] = [("sk-", 8), ("Bearer ", 8), ("AIza", 20), ("gsk_", 8), ("ghp_", 20)];
const TRACES: [&str; 9] = [
    "Traceback (most recent call last)",
    "panicked at",
    "stack backtrace",
    "goroutine ",
    "Exception in thread",
    "\\n    at ",
    "\n    at ",
    "Stack trace:",
    ".rs:",
];
const PATHS: [&str; 9] = ["/home/", "/usr/", "/var/", "/srv/", "/root/", "/Users/", "/app/", "node_modules", "C:\\"];
const UPSTREAMS: [&str; 7] = [
    "openai.com",
    "anthropic.com",
    "googleapis.com",
    "openrouter.ai",
    "ECONNREFUSED",
    "http://localhost",
    "://127.0.0.1",
];

pub(crate) fn checks(seen: &[Reply], own_authority: &str) -> Vec<Check> {
    let bodies: Vec<(String, String)> = seen
        .iter()
        .filter(|reply| reply.status >= 400)
        .map(|reply| (reply.what.clone(), reply.lossy().replace(own_authority, "")))
        .collect();
    let heads: Vec<(String, String)> = seen
        .iter()
        .flat_map(|reply| {
            reply.headers.iter().map(|(name, value)| {
                (format!("the header {name} of {}", reply.what), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
        })
        .collect();
    let all = || bodies.iter().chain(&heads);
    let errors = |find: fn(&str) -> Option<String>, fix: &str| {
        if bodies.is_empty() { Err(skip("there was no error to look at")) } else { none(bodies.iter(), find, fix) }
    };
    vec![
        Check::new(
            "secrets.key",
            "No key shows in a head or an error",
            none(
                all(),
                key,
                "Never pass an upstream's words or your settings on; take the key out of use, it is public now.",
            ),
        ),
        Check::new(
            "secrets.trace",
            "No stack trace shows in an error",
            errors(
                |text| trace(text, &TRACES),
                "Switch off debug mode and answer a fixed sentence; write the stack trace to the log.",
            ),
        ),
        Check::new(
            "secrets.path",
            "No path of the server's files shows in an error",
            errors(|text| trace(text, &PATHS), "Answer a fixed sentence; paths belong into the log."),
        ),
        Check::new(
            "secrets.upstream",
            "No address of the model's side shows in an error",
            errors(
                |text| trace(text, &UPSTREAMS),
                "Answer a fixed sentence; the upstream's address belongs into the log.",
            ),
        ),
        Check::new("secrets.version", "Server and X-Powered-By tell no version", version(seen)),
        Check::new("secrets.cookies", "No cookie is set", cookies(seen)),
    ]
}

fn none<'a>(
    texts: impl Iterator<Item = &'a (String, String)>,
    find: impl Fn(&str) -> Option<String>,
    fix: &str,
) -> Verdict {
    for (place, text) in texts {
        if let Some(found) = find(text) {
            return Err(fault(format!("{place}: {found}"), fix));
        }
    }
    Ok(())
}

/// Where the first key of one kind begins and ends.
fn place(text: &str, (start, least): (&str, usize)) -> Option<Range<usize>> {
    text.match_indices(start).find_map(|(at, _)| {
        let inside_a_word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let rest = &text[at + start.len()..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(rest.len());
        (!inside_a_word && length >= least).then_some(at..at + start.len() + length)
    })
}

fn key(text: &str) -> Option<String> {
    KEYS.into_iter().find(|kind| place(text, *kind).is_some()).map(|(start, _)| format!("{start}…"))
}

/// The text with its keys hidden: a report is passed around.
pub(crate) fn hide(text: &str) -> String {
    KEYS.into_iter().fold(text.to_owned(), |mut text, kind| {
        while let Some(place) = place(&text, kind) {
            text.replace_range(place, &format!("{}…", kind.0));
        }
        text
    })
}

fn trace(text: &str, marks: &[&str]) -> Option<String> {
    let at = marks.iter().filter_map(|mark| text.find(mark)).min()?;
    Some(shortened(&text[at..]).replace(['\n', '\r'], " "))
}

fn version(seen: &[Reply]) -> Verdict {
    for name in ["server", "x-powered-by", "x-aspnet-version"] {
        let told =
            seen.iter().map(|reply| reply.header(name)).find(|value| value.contains(|c: char| c.is_ascii_digit()));
        if let Some(value) = told {
            let fix = format!("Remove {name}, or its version (nginx: server_tokens off): it tells which holes to try.");
            return Err(fault(format!("{name}: {value}"), fix));
        }
    }
    Ok(())
}

fn cookies(seen: &[Reply]) -> Verdict {
    match seen.iter().find(|reply| reply.headers.contains_key("set-cookie")) {
        None => Ok(()),
        Some(reply) => Err(fault(
            format!("{} set a cookie", reply.what),
            "Set no cookie: the conversation is in the request, and a cookie asks for a consent banner.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_and_never_repeated() {
        for text in ["Incorrect key sk-proj-abcdefgh1234", "{\"k\":\"Bearer abcdefgh1\"}", "(gsk_12345678)"] {
            let found = key(text).unwrap();
            assert!(found.len() < 12, "{found}");
            assert_eq!(key(&hide(text)), None, "{text}");
        }
        for honest in ["a task-oriented-bot-for-you", "risk-free", "sk-", "Bearer token", "disk-encryption"] {
            assert_eq!(hide(honest), honest);
        }
    }

    #[test]
    fn traces_paths_and_upstreams_are_found_and_honest_errors_are_not() {
        assert!(trace("TypeError\\n    at run (/srv/chat.js:3:1)", &TRACES).is_some());
        assert!(trace("thread 'main' panicked at src/main.rs:3", &TRACES).is_some());
        assert!(trace("no such file: /home/me/key", &PATHS).is_some());
        assert!(trace("connect ECONNREFUSED 10.0.0.1:11434", &UPSTREAMS).is_some());
        let honest = "messages[0].content: A message can be at most 4000 characters long";
        assert!([&TRACES[..], &PATHS, &UPSTREAMS].iter().all(|marks| trace(honest, marks).is_none()));
    }
}
