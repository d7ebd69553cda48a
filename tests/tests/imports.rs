//! Who may import whom, as docs/architecture.md says; a broken rule fails here, with the file and the line.
//!
//! The sources are read as tokens, so that comments and texts do not count while macros do. Every path counts,
//! whether a `use` brings it in or it stands inline.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A rule for the sources under one folder (or for one file).
struct Rule {
    under: &'static str,
    /// Beginnings of paths that must not be used there. `gloo_*` stands for every crate that begins so.
    never: &'static [&'static str],
    /// What stays after `never`: exceptions to it below the same folder.
    except: &'static [&'static str],
}

/// Our crates as paths name them.
const PROTOCOL: &str = "natter_protocol";
const WIDGET: &str = "natter_widget";
const SERVER: &str = "natter_server_example";
const TESTS: &str = "natter_e2e";
const CHECK: &str = "natter_check";

const RULES: &[Rule] = &[
    Rule {
        under: "protocol/src",
        // Pure, no I/O, no browser, no runtime.
        never: &[
            WIDGET,
            SERVER,
            TESTS,
            "yew",
            "web_sys",
            "js_sys",
            "wasm_bindgen*",
            "gloo*",
            "tokio",
            "axum",
            "hyper",
            "reqwest",
            "std::fs",
            "std::net",
            "std::process",
            "std::env",
            "std::thread",
            "std::time::SystemTime",
            "std::time::Instant",
        ],
        except: &[],
    },
    Rule {
        under: "widget/src",
        never: &[SERVER, TESTS, "web_sys", "js_sys", "gloo*"],
        except: &["widget/src/browser"],
    },
    Rule {
        under: "widget/src/model",
        never: &[
            "yew",
            "wasm_bindgen*",
            "crate::browser",
            "crate::view",
            "crate::app",
            "crate::config",
            "std::time::SystemTime",
            "std::time::Instant",
        ],
        except: &[],
    },
    Rule { under: "widget/src/browser", never: &["crate::model", "crate::view", "crate::app"], except: &[] },
    Rule {
        under: "widget/src/view",
        never: &["wasm_bindgen*", "crate::browser", "crate::app", "crate::config"],
        except: &[],
    },
    Rule {
        under: "widget/src/config.rs",
        never: &["yew", "wasm_bindgen*", "crate::browser", "crate::view", "crate::app"],
        except: &[],
    },
    Rule { under: "server-example/src", never: &[WIDGET, TESTS, CHECK], except: &[] },
    // Who answers, and what outlasts its request, knows nothing of how requests come in.
    Rule { under: "server-example/src/answer", never: &["axum", "hyper"], except: &[] },
    Rule { under: "server-example/src/context", never: &["axum", "hyper"], except: &[] },
    Rule { under: "server-example/src/replies", never: &["axum", "hyper"], except: &[] },
    Rule { under: "tests", never: &[WIDGET], except: &[] },
    // Who judges the contract uses nothing that was written to keep it.
    Rule { under: "tests/check/src", never: &[PROTOCOL, SERVER, TESTS], except: &[] },
    // Nor do the endpoints it is tried on; only our server itself is started beside them.
    Rule { under: "tests/check/tests", never: &[PROTOCOL, TESTS], except: &[] },
    // Measured is the binary, from outside, as nginx is.
    Rule { under: "tests/load/src", never: &[PROTOCOL, SERVER, TESTS, CHECK], except: &[] },
    Rule { under: "xtask/src", never: &[PROTOCOL, WIDGET, SERVER, TESTS, CHECK], except: &[] },
];

impl Rule {
    fn governs(&self, file: &str) -> bool {
        let within =
            |folder: &str| file.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        within(self.under) && !self.except.iter().any(|except| within(except))
    }

    /// The part of the rule that `path` breaks.
    fn broken_by(&self, path: &[String]) -> Option<&'static str> {
        self.never.iter().copied().find(|never| {
            let mut parts = never.split("::").enumerate();
            parts.all(|(at, part)| match (path.get(at), part.strip_suffix('*')) {
                (Some(name), Some(start)) => name.starts_with(start),
                (Some(name), None) => name == part,
                (None, _) => false,
            })
        })
    }
}

/// A path in a source file.
#[derive(Debug, PartialEq, Eq)]
struct Used {
    path: Vec<String>,
    line: usize,
}

/// Every path in `source`, which is the module `module` of its crate: `["crate", "view", "header"]`.
fn paths(source: &str, module: &[String]) -> Vec<Used> {
    let tokens = TokenStream::from_str(source).unwrap_or_else(|error| panic!("{module:?} is no Rust: {error}"));
    let mut used = Vec::new();
    collect(tokens, &[], &mut used);
    for path in &mut used {
        path.path = absolute(&path.path, module);
    }
    used
}

/// Reads `a::b::{c, d::e}` as `a::b::c` and `a::b::d::e`, and goes into every other group.
fn collect(tokens: TokenStream, prefix: &[String], used: &mut Vec<Used>) {
    let mut path: Vec<String> = prefix.to_vec();
    let mut line = 0;
    let mut colons = 0;
    let mut finish = |path: &mut Vec<String>, line: usize, fresh: bool| {
        if fresh && path.len() > prefix.len() {
            used.push(Used { path: path.clone(), line });
        }
        path.truncate(prefix.len());
    };
    let mut fresh = false;
    let mut groups = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                colons += 1;
                continue;
            }
            TokenTree::Ident(ident) => {
                // A name continues the path after `::`, and otherwise begins one.
                if colons != 2 {
                    finish(&mut path, line, fresh);
                }
                line = ident.span().start().line;
                path.push(ident.to_string().trim_start_matches("r#").to_owned());
                fresh = true;
            }
            TokenTree::Group(group) => {
                let tree = colons == 2 && group.delimiter() == Delimiter::Brace;
                let inside = if tree { path.clone() } else { Vec::new() };
                if !tree {
                    finish(&mut path, line, fresh);
                }
                groups.push((group.stream(), inside));
                path.truncate(prefix.len());
                fresh = false;
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {
                finish(&mut path, line, fresh);
                fresh = false;
            }
        }
        colons = 0;
    }
    finish(&mut path, line, fresh);
    for (stream, inside) in groups {
        collect(stream, &inside, used);
    }
}

/// `super::a` and `self::a` as seen from the crate's root.
fn absolute(path: &[String], module: &[String]) -> Vec<String> {
    let up = path.iter().take_while(|part| *part == "super").count();
    match path.first().map(String::as_str) {
        Some("super") => module[..module.len().saturating_sub(up).max(1)].iter().chain(&path[up..]).cloned().collect(),
        Some("self") => module.iter().chain(&path[1..]).cloned().collect(),
        _ => path.to_vec(),
    }
}

/// The module that a file is, from its path below the crate's `src`.
fn module(file: &str) -> Vec<String> {
    let below = file.split_once("src/").map_or(file, |(_, below)| below);
    let names = below.trim_end_matches(".rs").split('/').filter(|name| !matches!(*name, "mod" | "lib" | "main"));
    std::iter::once("crate").chain(names).map(str::to_owned).collect()
}

/// The rules that a file breaks, as sentences.
fn breaches(file: &str, source: &str) -> Vec<String> {
    let rules: Vec<_> = RULES.iter().filter(|rule| rule.governs(file)).collect();
    let used = if rules.is_empty() { Vec::new() } else { paths(source, &module(file)) };
    let mut found = Vec::new();
    for Used { path, line } in used {
        for rule in &rules {
            if let Some(never) = rule.broken_by(&path) {
                found.push(format!("{file}:{line}: {} — {} must not use {never}", path.join("::"), rule.under));
            }
        }
    }
    found
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn nobody_imports_what_is_not_theirs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for part in [
        "protocol/src",
        "widget/src",
        "server-example/src",
        "tests/src",
        "tests/tests",
        "tests/check",
        "tests/load",
        "xtask/src",
    ] {
        let before = files.len();
        rust_files(&root.join(part), &mut files);
        assert!(files.len() > before, "{part} has no sources: the rules no longer fit the house");
    }
    let mut found = Vec::new();
    for path in files {
        let file = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        found.extend(breaches(&file, &fs::read_to_string(&path).unwrap()));
    }
    assert!(found.is_empty(), "rules of docs/architecture.md are broken:\n{}", found.join("\n"));
}

#[test]
fn each_way_to_break_a_rule_is_noticed() {
    let broken = [
        ("widget/src/model/state.rs", "use yew::prelude::*;"),
        ("widget/src/model/state.rs", "pub use wasm_bindgen_futures::spawn_local as later;"),
        ("widget/src/model/state.rs", "fn now() -> f64 { js_sys::Date::now() }"),
        ("widget/src/model/state.rs", "use super::super::browser::clock;"),
        ("widget/src/model/decode/mod.rs", "use {std::rc::Rc, crate::{config::Config, model::message}};"),
        ("widget/src/view/header.rs", "fn view() -> Html { html! { <p>{ crate::app::title() }</p> } }"),
        ("widget/src/view/header.rs", "use gloo_events::EventListener;"),
        ("widget/src/browser/storage.rs", "use crate::model::history;"),
        ("widget/src/app/mod.rs", "type Window = web_sys::Window;"),
        ("widget/src/lib.rs", "fn f() { ::web_sys::window(); }"),
        ("protocol/src/sse.rs", "use std::{io, net::TcpStream};"),
        ("server-example/src/chat.rs", "use natter_widget::Config;"),
        ("server-example/src/answer/mod.rs", "use axum::http::StatusCode;"),
        ("server-example/src/replies/mod.rs", "fn f() -> axum::response::Response { todo() }"),
        ("tests/check/src/sse.rs", "use natter_protocol::sse::Parser;"),
        ("tests/check/src/run.rs", "use natter_server_example::Settings;"),
        ("tests/check/tests/broken.rs", "use natter_protocol::encode::Encoder;"),
        ("tests/load/src/target.rs", "use natter_server_example::AppState;"),
        ("tests/load/src/visitor.rs", "use natter_protocol::sse;"),
        ("tests/load/src/main.rs", "fn main() { natter_check::run(); }"),
        ("xtask/src/main.rs", "use natter_server_example as server;"),
    ];
    for (file, source) in broken {
        assert_eq!(breaches(file, source).len(), 1, "{file}: {source}: {:?}", breaches(file, source));
    }
}

#[test]
fn what_is_allowed_is_not_reported() {
    let sound = [
        ("widget/src/model/state.rs", "//! Not yew, not web_sys::Window.\nuse natter_protocol::request::Role;"),
        ("widget/src/model/state.rs", "const TEXT: &str = \"use web_sys::Window;\"; mod tests { use super::*; }"),
        ("widget/src/model/state.rs", "use super::message::ChatMessage; use crate::model::strings;"),
        ("widget/src/view/header.rs", "use yew::prelude::*; use crate::model::strings::Strings;"),
        ("widget/src/browser/dom.rs", "use web_sys::Window; use crate::config::Config; use natter_protocol::sse;"),
        ("widget/src/app/mod.rs", "use crate::{browser::clock, config::Config, model::state, view::header};"),
        ("server-example/src/chat.rs", "use natter_protocol::request::ChatRequest; use std::net::SocketAddr;"),
        ("server-example/src/limits/quota.rs", "use axum::response::Response;"),
        ("tests/check/tests/ours.rs", "use natter_server_example::serve; use natter_check::run;"),
        ("tests/load/src/mock.rs", "use axum::Router; use crate::target::Target;"),
        ("protocol/src/request.rs", "use serde_json::Value; fn f(browser: u8) { let x: yew_like::T = browser; }"),
    ];
    for (file, source) in sound {
        assert_eq!(breaches(file, source), Vec::<String>::new());
    }
}

#[test]
fn a_breach_says_where() {
    let source = "//! Docs.\n\nuse std::rc::Rc;\nuse yew::Html;\n";
    assert_eq!(
        breaches("widget/src/model/state.rs", source),
        ["widget/src/model/state.rs:4: yew::Html — widget/src/model must not use yew"]
    );
}
