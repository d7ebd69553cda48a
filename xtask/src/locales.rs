//! dist/locales/: the interface's texts, a file for each language, and the list of them with their hashes.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{dist, sh};

/// Where they are, as the manifest names them.
pub(crate) const FOLDER: &str = "locales/";

/// A name in dist/ and what is in it.
pub(crate) type Content = (String, Vec<u8>);

/// The files, the texts of each in the order of their names, as the app has them; and the integrity of the list, which
/// natter-app.js carries. The list is a file of its own, for all hashes are 2 KB that an English page does not need.
pub(crate) fn files() -> Result<(Vec<Content>, String)> {
    let mut files = Vec::new();
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(sh::root().join("widget/locales"))? {
        let path = entry?.path();
        let tag = path.file_stem().and_then(|stem| stem.to_str()).context("a locale's name is not UTF-8")?.to_owned();
        // Sorted by that.
        let texts: BTreeMap<String, Value> =
            serde_json::from_slice(&fs::read(&path)?).with_context(|| path.display().to_string())?;
        let bytes = serde_json::to_vec(&texts)?;
        hashes.insert(tag.clone(), dist::integrity(&bytes));
        files.push((format!("{FOLDER}{tag}.json"), bytes));
    }
    let index = serde_json::to_vec(&hashes)?;
    let integrity = dist::integrity(&index);
    files.push((format!("{FOLDER}index.json"), index));
    Ok((files, integrity))
}
