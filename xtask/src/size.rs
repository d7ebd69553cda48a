//! `size`: writes docs/size.md, which says what each part of dist/ costs.

mod module;
mod owner;
mod page;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::dist::Manifest;
use crate::tools::{self, Toolchain};
use crate::{build, sh};

pub(crate) fn run() -> Result<()> {
    let manifest = Manifest::read()?;
    manifest.check_fresh().context("the figures would be those of two different versions")?;
    let work = sh::target_dir().join("bundle");
    let (wasm, _) = sh::step("build with names", || with_names(&work));
    let module = module::Module::parse(&fs::read(wasm?)?)?;
    let page = page::write(&manifest, &module, fs::metadata(style_sheet(&work)?)?.len());
    let file = sh::root().join("docs/size.md");
    fs::write(&file, page)?;
    println!("{}", file.display());
    Ok(())
}

/// The module as it ships, but with the names of its functions.
fn with_names(work: &Path) -> Result<PathBuf> {
    let raw = build::compile(&Toolchain::get()?, work)?;
    let folder = work.join("names");
    build::bind(&raw, &folder, "--no-demangle")?;
    let small = folder.join("small.wasm");
    let mut wasm_opt = tools::npm_bin("wasm-opt");
    wasm_opt.args(build::FEATURES).args(["-Oz", "--debuginfo", "--minify-imports-and-exports-and-modules"]);
    // What it prints is which names it shortened.
    sh::output(wasm_opt.arg(folder.join("natter_bg.wasm")).arg("-o").arg(&small))?;
    Ok(small)
}

/// The style sheet as the crate's build script wrote it last.
fn style_sheet(work: &Path) -> Result<PathBuf> {
    let folder = work.join(tools::WASM).join("bundle/build");
    let sheets = fs::read_dir(&folder)?.flatten().map(|entry| entry.path().join("out/style.css"));
    let written = |sheet: &PathBuf| sheet.metadata().and_then(|file| file.modified()).ok();
    let last = sheets.filter(|sheet| written(sheet).is_some()).max_by_key(written);
    last.with_context(|| format!("no style sheet in {}", folder.display()))
}
