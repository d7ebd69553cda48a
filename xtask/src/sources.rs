//! The hash of what dist/ is built from: it tells a stale dist/ without building it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::sh;

/// Files and folders that the bundle's bytes follow from. What only tests or documents it stays out.
const PATHS: [&str; 17] = [
    "protocol/src",
    "widget/src",
    "widget/examples/prerender.rs",
    "widget/loader",
    "widget/locales",
    "xtask/src/build.rs",
    "xtask/src/bundle.rs",
    "xtask/src/dist.rs",
    "xtask/src/lean.rs",
    "xtask/src/locales.rs",
    "xtask/src/names.rs",
    "xtask/src/notices.rs",
    "xtask/src/notices/expression.rs",
    "xtask/src/order.rs",
    "widget/build.rs",
    "widget/yew.patch",
    ".cargo/config.toml",
];

/// Hex SHA-256 over the sources, the crates' declared dependencies, the versions they are locked at and the profile.
pub(crate) fn hash() -> Result<String> {
    let root = sh::root();
    let mut files = BTreeSet::new();
    for path in PATHS {
        collect(&root.join(path), &mut files)?;
    }
    let mut hash = Sha256::new();
    let mut add = |name: &str, bytes: &[u8]| {
        // Lengths keep two files from passing for one.
        hash.update(format!("{name}\0{}\0", bytes.len()));
        hash.update(bytes);
    };
    for file in files {
        let name = file.strip_prefix(root)?.to_string_lossy().into_owned();
        add(&name, &fs::read(&file).with_context(|| name.clone())?);
    }
    add("crates", declared()?.to_string().as_bytes());
    add("lock", locked("natter-widget")?.as_bytes());
    add("profile", profile()?.as_bytes());
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.insert(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let path = entry?.path();
            if !path.ends_with("node_modules") {
                collect(&path, files)?;
            }
        }
    }
    Ok(())
}

/// What the two crates of the bundle ask for, as cargo understands their manifests: no comments, no dev-dependencies.
fn declared() -> Result<Value> {
    let packages = packages(&["--no-deps", "--offline"])?;
    let bundled = |name: &str| packages.iter().find(|package| package["name"] == name).map(declaration);
    Ok(json!([bundled("natter-protocol"), bundled("natter-widget")]))
}

/// The packages that cargo knows of, as `cargo metadata` describes them.
pub(crate) fn packages(args: &[&str]) -> Result<Vec<Value>> {
    let metadata = sh::output(sh::cmd("cargo").args(["metadata", "--format-version=1"]).args(args))?;
    let mut metadata: Value = serde_json::from_slice(&metadata).context("cargo metadata is not JSON")?;
    match metadata["packages"].take() {
        Value::Array(packages) => Ok(packages),
        _ => bail!("cargo metadata lists no packages"),
    }
}

fn declaration(package: &Value) -> Value {
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let dependencies: Vec<Value> = dependencies
        .filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| {
            let keys = ["name", "rename", "req", "features", "uses_default_features", "optional", "target"];
            keys.iter().map(|key| ((*key).to_owned(), dependency[key].clone())).collect()
        })
        .collect();
    json!({ "version": package["version"], "edition": package["edition"], "features": package["features"],
            "dependencies": dependencies })
}

/// The packages in Cargo.lock that `package` leads to. The rest of the workspace may move on without making dist/ stale.
fn locked(package: &str) -> Result<String> {
    let lock = fs::read_to_string(sh::root().join("Cargo.lock"))?;
    let entries: Vec<&str> = lock.split("\n[[package]]\n").skip(1).collect();
    let mut reached = BTreeSet::new();
    let mut todo = vec![package.to_owned()];
    while let Some(wanted) = todo.pop() {
        // `name`, or `name version` where the lock holds several.
        let mut words = wanted.split(' ');
        let name = format!("name = \"{}\"\n", words.next().unwrap_or_default());
        let version = words.next().map(|version| format!("\nversion = \"{version}\"\n"));
        let fits = |entry: &&&str| entry.starts_with(&name) && version.as_ref().is_none_or(|line| entry.contains(line));
        for entry in entries.iter().filter(fits) {
            if reached.insert(*entry) {
                let dependencies = entry.lines().filter_map(|line| line.strip_prefix(" \"")?.strip_suffix("\","));
                todo.extend(dependencies.map(str::to_owned));
            }
        }
    }
    Ok(reached.into_iter().collect())
}

/// The bundle's profile in the workspace's manifest.
fn profile() -> Result<String> {
    let manifest = fs::read_to_string(sh::root().join("Cargo.toml"))?;
    let lines = manifest.lines().skip_while(|line| *line != "[profile.bundle]");
    let settings: Vec<&str> = lines.skip(1).take_while(|line| !line.starts_with('[')).collect();
    Ok(settings.join("\n"))
}
