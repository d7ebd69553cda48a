//! The crates as they would be published: what is in them, that they compile by themselves, and that the registry would
//! take them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::tools::{Toolchain, WASM};
use crate::{sh, sources};

/// Name, folder, and what of the folder goes in beside the manifest, the readme and the licences.
const CRATES: [(&str, &str, &[&str]); 2] =
    [("natter-protocol", "protocol", &["src/"]), ("natter-widget", "widget", &["src/", "locales/", "build.rs"])];
/// What is always in: ours, and what cargo adds.
const ALWAYS: [&str; 7] = [
    "Cargo.toml",
    "Cargo.toml.orig",
    "Cargo.lock",
    ".cargo_vcs_info.json",
    "README.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];
/// Bytes of one packed crate. Sources in Rust are small; what is larger is a fixture that got in.
const LIMIT: u64 = 250_000;

pub(crate) fn check() -> Result<()> {
    described()?;
    for (name, folder, parts) in CRATES {
        contents(name, &sh::root().join(folder), parts)?;
    }
    // A folder of its own: there the crates are others than those of the workspace, by the same names.
    let target = sh::target_dir().join("published");
    let toolchain = Toolchain::get()?;
    let mut cargo = toolchain.cmd("cargo");
    cargo.args(["publish", "--dry-run", "--allow-dirty", "--target-dir"]).arg(&target);
    // The widget needs the protocol, which is not published: cargo takes the packed one for it.
    cargo.args(CRATES.iter().flat_map(|(name, ..)| ["--package", name]));
    // As docs.rs and whoever depends on the widget compile it.
    cargo.args(["--target", WASM]);
    sh::run(&mut cargo)?;
    for (name, ..) in CRATES {
        small(&target.join("package"), name)?;
    }
    Ok(())
}

/// What a registry's page of the crate shows.
fn described() -> Result<()> {
    let packages = sources::packages(&["--no-deps", "--offline"])?;
    for (name, ..) in CRATES {
        let package = packages.iter().find(|package| package["name"] == name).context(name)?;
        for key in ["description", "license", "repository", "readme", "rust_version", "keywords", "categories"] {
            let says = match &package[key] {
                Value::String(text) => !text.is_empty(),
                Value::Array(words) => !words.is_empty() && words.len() <= 5,
                _ => false,
            };
            if !says {
                bail!("the manifest of {name} should say its {key}");
            }
        }
        if package["metadata"]["docs"]["rs"].is_null() {
            bail!("the manifest of {name} should say how docs.rs builds it");
        }
    }
    Ok(())
}

/// All of the sources and nothing else.
fn contents(name: &str, folder: &Path, parts: &[&str]) -> Result<()> {
    let list = sh::output(sh::cmd("cargo").args(["package", "--list", "--allow-dirty", "--package", name]))?;
    let list = String::from_utf8(list)?;
    let packed: BTreeSet<&str> = list.lines().collect();
    for file in &packed {
        if !ALWAYS.contains(file) && !parts.iter().any(|part| file.starts_with(part)) {
            bail!("{name} would be published with {file}");
        }
    }
    let mut meant: BTreeSet<String> = ALWAYS.map(str::to_owned).into();
    for part in parts {
        below(folder, part.trim_end_matches('/'), &mut meant)?;
    }
    let missing: Vec<_> = meant.iter().filter(|file| !packed.contains(file.as_str())).collect();
    if !missing.is_empty() {
        bail!("{name} would be published without {missing:?}");
    }
    println!("{name}: {} files", packed.len());
    Ok(())
}

fn below(folder: &Path, path: &str, files: &mut BTreeSet<String>) -> Result<()> {
    if folder.join(path).is_file() {
        files.insert(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(folder.join(path))? {
        below(folder, &format!("{path}/{}", entry?.file_name().to_string_lossy()), files)?;
    }
    Ok(())
}

fn small(packages: &Path, name: &str) -> Result<()> {
    // All crates of the workspace have one version; cargo keeps those of a dry run apart.
    let file = format!("{name}-{}.crate", env!("CARGO_PKG_VERSION"));
    let packed = [packages.join("tmp-crate").join(&file), packages.join(&file)];
    let bytes =
        packed.iter().find_map(|path| fs::metadata(path).ok()).context(format!("cargo packed no {file}"))?.len();
    println!("{file}: {bytes} B");
    if bytes > LIMIT {
        bail!("{file} has {bytes} B of {LIMIT} B");
    }
    Ok(())
}
