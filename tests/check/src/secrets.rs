//! What must never show in an answer's head or in an error.

use crate::keys;
use crate::reply::Reply;
use crate::report::{Check, Verdict, fault, skip};
use crate::sse::shortened;

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
const PATHS: [&str; 12] = [
    "file:///",
    "/home/",
    "/usr/",
    "/var/",
    "/srv/",
    "/opt/",
    "/tmp/",
    "/root/",
    "/Users/",
    "/app/",
    "node_modules",
    "C:\\",
];
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
                keys::first,
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
    fn traces_paths_and_upstreams_are_found_and_honest_errors_are_not() {
        assert!(trace("TypeError\\n    at run (/srv/chat.js:3:1)", &TRACES).is_some());
        assert!(trace("thread 'main' panicked at src/main.rs:3", &TRACES).is_some());
        assert!(trace("no such file: /home/me/key", &PATHS).is_some());
        assert!(trace("connect ECONNREFUSED 10.0.0.1:11434", &UPSTREAMS).is_some());
        let honest = "messages[0].content: A message can be at most 4000 characters long";
        assert!([&TRACES[..], &PATHS, &UPSTREAMS].iter().all(|marks| trace(honest, marks).is_none()));
    }
}
