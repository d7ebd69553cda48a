//! What a release promises: one version everywhere, and the oldest compiler that it says.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn json(path: &str) -> Value {
    serde_json::from_slice(&fs::read(root().join(path)).unwrap()).unwrap()
}

/// What cargo knows of the workspace and of all that it is locked to.
fn metadata() -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(["metadata", "--format-version=1", "--locked"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `1.88` and `1.88.0` are the same.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap());
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[test]
fn crates_npm_package_and_examples_are_of_one_version() {
    let metadata = metadata();
    let version = metadata["packages"].as_array().unwrap().iter().find(|it| it["name"] == "natter-widget").unwrap();
    let version = version["version"].as_str().unwrap();
    for package in metadata["packages"].as_array().unwrap().iter().filter(|package| package["source"].is_null()) {
        assert_eq!(package["version"], version, "{}", package["name"]);
    }
    assert_eq!(json("widget/loader/npm/package.json")["version"], version);
    for example in ["vite-app", "react-app", "vue-app"] {
        let wanted = format!("file:natter-chat-{version}.tgz");
        assert_eq!(json(&format!("examples/{example}/package.json"))["dependencies"]["natter-chat"], wanted);
        let locked = &json(&format!("examples/{example}/package-lock.json"))["packages"]["node_modules/natter-chat"];
        assert_eq!(locked["version"], version, "the lock of {example}");
    }
}

#[test]
fn locks_of_the_examples_pin_what_they_install_and_name_no_host() {
    for example in ["vite-app", "react-app", "vue-app"] {
        let lock = json(&format!("examples/{example}/package-lock.json"));
        for (path, package) in lock["packages"].as_object().unwrap() {
            match path.as_str() {
                // The project itself.
                "" => {}
                // Another file at each build.
                "node_modules/natter-chat" => assert!(package["integrity"].is_null(), "{example}"),
                _ => {
                    assert!(package["integrity"].is_string(), "{example}: {path} is not pinned");
                    assert!(package["resolved"].is_null(), "{example}: {path} names where it came from");
                }
            }
        }
        for kind in ["dependencies", "devDependencies"] {
            for (name, wanted) in json(&format!("examples/{example}/package.json"))[kind].as_object().unwrap() {
                let wanted = wanted.as_str().unwrap();
                assert!(!wanted.starts_with(['^', '~', '*']), "{example}: {name} {wanted} is not one version");
            }
        }
    }
}

/// That our own code needs nothing newer, clippy says (`incompatible_msrv`, among those that are always on).
#[test]
fn nothing_that_the_published_crates_need_asks_for_a_newer_compiler_than_they_do() {
    let metadata = metadata();
    let packages: HashMap<&str, &Value> =
        metadata["packages"].as_array().unwrap().iter().map(|it| (it["id"].as_str().unwrap(), it)).collect();
    let nodes: HashMap<&str, &Value> =
        metadata["resolve"]["nodes"].as_array().unwrap().iter().map(|it| (it["id"].as_str().unwrap(), it)).collect();
    for name in ["natter-protocol", "natter-widget"] {
        let (id, own) = packages.iter().find(|(_, package)| package["name"] == name).unwrap();
        let ours = version(own["rust_version"].as_str().unwrap());
        let (mut reached, mut todo) = (BTreeSet::new(), vec![*id]);
        while let Some(id) = todo.pop() {
            if !reached.insert(id) {
                continue;
            }
            for dependency in nodes[id]["deps"].as_array().unwrap() {
                let ships = |kind: &Value| kind["kind"] != "dev";
                if dependency["dep_kinds"].as_array().unwrap().iter().any(ships) {
                    todo.push(dependency["pkg"].as_str().unwrap());
                }
            }
        }
        assert!(reached.len() > 5, "{name} needs {reached:?}: the graph is not read as it is meant");
        for id in reached {
            let package = packages[id];
            if let Some(needs) = package["rust_version"].as_str() {
                assert!(version(needs) <= ours, "{name} is for {ours:?}, and {} needs {needs}", package["name"]);
            }
        }
    }
}
