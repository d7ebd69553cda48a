//! What we depend on: its licences, where it comes from, and what we do without. `deny.toml` has the rules.

use anyhow::Result;

use crate::{setup, sh};

const VERSION: &str = "0.20.2";

pub(crate) fn install() -> Result<()> {
    if sh::ask("cargo-deny", &["--version"]).is_some_and(|text| text.ends_with(VERSION)) {
        return Ok(());
    }
    setup::cargo_install("cargo-deny", &["--version", VERSION])
}

/// Without the list of known vulnerabilities, which is not among what a build may fetch here.
pub(crate) fn check() -> Result<()> {
    sh::run(sh::cmd("cargo-deny").args(["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))
}
