//! Showing a reply while it arrives.

use axum::body::{Body, Bytes};
use axum::http::Response;
use futures_util::stream;
use natter_e2e::{Dialect, Exchange};
use serde::{Deserialize, Serialize};

use crate::lab::{Lab, Subject};
use crate::metrics::Cpu;
use crate::options::{Options, Rate};
use crate::profile::Profile;
use crate::reply;

/// Bytes per write of a reply that comes as fast as possible: hundreds of events.
const WRITE: usize = 16 * 1024;

/// What one reply took.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Streamed {
    /// From the question until the reply is painted.
    pub(crate) cpu: Cpu,
    /// From then until the conversation is stored, ms of CPU; nothing for the plain page, which stores nothing.
    pub(crate) save: f64,
    /// Longest time between two frames, ms.
    pub(crate) worst_gap: f64,
    /// Durations of the tasks of 50 ms or more until the conversation is stored, ms of wall clock.
    pub(crate) long_tasks: Vec<f64>,
}

/// What the page saw, see `assets/bench/gauge.js`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    worst_gap: f64,
    to_end: f64,
    characters: usize,
    end: String,
}

/// The widget's figures and the plain page's.
pub(crate) async fn measure(lab: &Lab, options: &Options, tokens: usize, rate: Rate) -> (Streamed, Streamed) {
    let tokens = reply::tokens(tokens);
    (
        stream(lab, options, Subject::Widget, &tokens, rate).await,
        stream(lab, options, Subject::Plain, &tokens, rate).await,
    )
}

async fn stream(lab: &Lab, options: &Options, subject: Subject, tokens: &[String], rate: Rate) -> Streamed {
    lab.visit(subject, true, None).await;
    let folder = options.profile.as_deref().filter(|_| subject == Subject::Widget);
    let profile = Profile::start(lab, folder).await;

    let before = lab.cpu().await;
    let ask = match subject {
        Subject::Widget => "gauge.start(() => Natter.send('How does it work?'));".to_owned(),
        Subject::Plain => format!("gauge.start(() => ask('{}'));", lab.chat.path()),
    };
    lab.does(&ask).await;
    answer(lab.chat.next().await, tokens, rate).await;
    let seen: Seen = lab.asks_for("return await gauge.answered;").await;
    let after = lab.cpu().await;

    profile.stop(&format!("stream-{}-{rate}", tokens.len())).await;
    check(subject, tokens, &seen);
    let mut save = 0.0;
    if subject == Subject::Widget {
        lab.asks_for::<()>("await gauge.saved(); return null;").await;
        save = (lab.cpu().await - after).total;
    }
    let long_tasks = lab.asks_for("return gauge.longTasks();").await;
    Streamed { cpu: after - before, save, worst_gap: seen.worst_gap, long_tasks }
}

/// Answers with one event per token.
async fn answer(mut exchange: Exchange, tokens: &[String], rate: Rate) {
    let Some(pace) = rate.pace() else {
        let all = Bytes::from(reply::events(tokens));
        let writes: Vec<_> = (0..all.len()).step_by(WRITE).map(|at| all.slice(at..all.len().min(at + WRITE))).collect();
        let body = Body::from_stream(stream::iter(writes.into_iter().map(Ok::<_, std::io::Error>)));
        let response = Response::builder().header("content-type", "text/event-stream");
        exchange.responds(response.header("x-vercel-ai-ui-message-stream", "v1").body(body).unwrap());
        return;
    };
    exchange.begins(Dialect::UiMessage).await;
    let mut clock = tokio::time::interval(pace);
    for token in tokens {
        clock.tick().await;
        exchange.says(token).await;
    }
    exchange.finishes().await;
}

/// What was measured must have been the whole reply, in sight of its end.
fn check(subject: Subject, tokens: &[String], seen: &Seen) {
    let sent: usize = tokens.iter().map(|token| token.chars().count()).sum();
    // Markdown's marks are not shown.
    assert!(seen.characters > sent / 2, "{subject:?} shows {} of {sent} characters", seen.characters);
    assert!(seen.end.contains(reply::END), "{subject:?} does not show the end of the reply, but {:?}", seen.end);
    assert!(seen.to_end <= 24.0, "{subject:?} is {} px away from the reply's end", seen.to_end);
}
