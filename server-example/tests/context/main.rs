//! What a model gets to read: the owner's prompt, facts and notes as data, a window of the conversation and a summary.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod notes;
mod projects;
mod prompt;
mod summary;

use std::fs;
use std::path::Path;

use common::upstream::Upstream;
use common::{Server, conversation, soon};
use serde_json::Value;

/// A folder with a prompt, facts and notes; `write` changes a file of it.
fn folder() -> (tempfile::TempDir, impl Fn(&str, &str)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    fs::create_dir(path.join("notes")).unwrap();
    let write = move |name: &str, text: &str| fs::write(path.join(name), text).unwrap();
    write("prompt.md", "Be brief.");
    write("availability.md", "Away until Monday.");
    write("projects.json", r#"[{"name": "Bridge", "summary": "a bridge"}]"#);
    write("notes/hours.md", "## Opening hours\n\nWe open at nine.\n");
    (folder, write)
}

/// A server that uses all of the folder.
async fn serving(upstream: &Upstream, folder: &Path) -> Server {
    let settings = upstream.with(|s| {
        s.context.system_prompt = Some(folder.join("prompt.md"));
        s.context.context = Some(folder.into());
        s.context.knowledge = Some(folder.join("notes"));
    });
    Server::start(settings).await
}

/// Asks, and gets the body that the model got.
async fn body(server: &Server, upstream: &mut Upstream, turns: &[&str]) -> Value {
    upstream.will_answer("Yes.");
    let response = soon(server.post("/api/chat", &conversation(turns)).send()).await.unwrap();
    assert_eq!(response.status(), 200);
    response.text().await.unwrap();
    upstream.received().await.body
}

fn system(body: &Value) -> &str {
    body["messages"][0]["content"].as_str().unwrap()
}

/// What stands between the marks of `label`; nothing when it is not there.
fn between<'a>(system: &'a str, label: &str) -> &'a str {
    let inside =
        system.split_once(&format!("<{label}>\n")).and_then(|(_, rest)| rest.split_once(&format!("\n</{label}>")));
    inside.map_or("", |(inside, _)| inside)
}
