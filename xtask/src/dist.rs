//! dist/ and its manifest: sizes, hashes, budgets.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{locales, sh, sources};

/// The launcher is visible once this one has arrived.
const LAUNCHER: &[&str] = &["natter.js"];
/// All that is fetched until a visitor can type.
const USABLE: &[&str] = &["natter.js", "natter-app.js", "natter-app.wasm"];
/// Name, files, limit in bytes of brotli 11.
const BUDGETS: [(&str, &[&str], u64); 2] = [("launcher visible", LAUNCHER, 4_096), ("window usable", USABLE, 90_000)];

/// What one language may be, in the same bytes. The list of them is not one.
const LOCALE: u64 = 3_000;

/// dist/manifest.json.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// By file name.
    pub(crate) files: BTreeMap<String, File>,
    /// What the bundle was built from: `sources::hash`.
    pub(crate) source_hash: String,
}

/// One file of dist/.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) bytes: u64,
    /// Bytes as served with brotli, quality 11.
    pub(crate) brotli: u64,
    /// For the `integrity` attribute.
    pub(crate) integrity: String,
}

pub(crate) fn dir() -> PathBuf {
    sh::root().join("dist")
}

/// The hash of a file as browsers check it (SRI). SHA-256: longer ones protect no better and are bytes of the loader.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

impl Manifest {
    pub(crate) fn read() -> Result<Self> {
        let file = dir().join("manifest.json");
        let text = fs::read(file).context("dist/manifest.json: run `cargo xtask build`")?;
        serde_json::from_slice(&text).context("dist/manifest.json")
    }

    pub(crate) fn write(&self) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        Ok(fs::write(dir().join("manifest.json"), text)?)
    }

    /// Whether dist/ is what the sources of now would give.
    pub(crate) fn check_fresh(&self) -> Result<()> {
        for (name, file) in &self.files {
            let bytes = fs::read(dir().join(name)).with_context(|| format!("dist/{name}"))?;
            if integrity(&bytes) != file.integrity {
                bail!("dist/{name} is not the file that the manifest describes: run `cargo xtask build`");
            }
        }
        if sources::hash()? != self.source_hash {
            bail!("dist/ was built from other sources than these: run `cargo xtask build` and commit dist/ with them");
        }
        Ok(())
    }

    /// Prints sizes beside budgets; an error if one is exceeded.
    pub(crate) fn check_budgets(&self) -> Result<()> {
        println!("{:<20} {:>9} {:>9}", "", "bytes", "brotli");
        for (name, file) in &self.files {
            println!("{name:<20} {:>9} {:>9}", file.bytes, file.brotli);
        }
        let mut over = Vec::new();
        for (name, files, limit) in BUDGETS {
            let total = files.iter().map(|name| self.brotli(name)).sum::<Result<u64>>()?;
            println!("{name:<20} {:>9} {total:>9}  of {limit}", "");
            if total > limit {
                over.push(format!("{name}: {total} B of {limit} B ({})", files.join(" + ")));
            }
        }
        let locales = self.files.iter().filter(|(name, _)| name.starts_with(locales::FOLDER));
        for (name, file) in locales.filter(|(_, file)| file.brotli > LOCALE) {
            over.push(format!("{name}: {} B of {LOCALE} B", file.brotli));
        }
        if !over.is_empty() {
            bail!("over budget: {}", over.join("; "));
        }
        Ok(())
    }

    fn brotli(&self, name: &str) -> Result<u64> {
        Ok(self.files.get(name).with_context(|| format!("dist/{name} is missing"))?.brotli)
    }
}
