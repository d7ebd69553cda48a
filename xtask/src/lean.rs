//! The Yew that the bundle is built with: the published one without what the widget never uses.
//!
//! Portals, suspense, raw HTML, event delegation, maps of attributes, properties and the values of `<input>` hang together
//! in Yew's renderer, so that the linker keeps them; together they are an eighth of everything a visitor loads. `widget/yew.patch` takes them out for
//! dist/ alone: the crate depends on Yew as it is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{sh, sources};

/// Yew's sources with the patch, and with them the argument that lets cargo take them.
pub(crate) fn yew() -> Result<String> {
    let published = published()?;
    // Inside the repository, whose own path has no part in the bytes.
    let lean = sh::root().join("target/lean/yew");
    if lean.exists() {
        fs::remove_dir_all(&lean)?;
    }
    sh::copy(&published, &lean, &[".cargo-ok", "Cargo.lock"])?;
    let patch = sh::root().join("widget/yew.patch");
    // Beside the repository and not in it: git applies nothing to what it ignores.
    let mut git = sh::cmd("git");
    git.current_dir(&lean).env("GIT_CEILING_DIRECTORIES", &lean).env("GIT_DIR", lean.join("none"));
    sh::run(git.arg("apply").arg(patch)).context(
        "widget/yew.patch does not fit this version of Yew: take its changes over by hand, or build without it",
    )?;
    Ok(format!("paths=[{}]", Value::from(lean.to_string_lossy())))
}

/// Where cargo keeps the sources of the locked version.
fn published() -> Result<PathBuf> {
    let packages = sources::packages(&["--locked"])?;
    let yew = packages.iter().find(|package| package["name"] == "yew").context("the widget does not depend on yew")?;
    let manifest = Path::new(yew["manifest_path"].as_str().context("yew has no manifest")?);
    Ok(manifest.parent().unwrap_or(manifest).to_owned())
}
