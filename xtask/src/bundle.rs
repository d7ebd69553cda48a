//! The JavaScript side of dist/: esbuild, with what the build knows put in.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{sh, tools};

/// Browsers with constructable style sheets; older ones cannot show the widget under a strict policy anyway.
const TARGET: &str = "--target=chrome99,firefox101,safari16.4";

/// The launcher before the app is there.
#[derive(Debug)]
pub(crate) struct Launcher {
    /// JSON.
    tree: String,
    css: String,
}

/// Integrity of the files that the loader fetches.
#[derive(Debug)]
pub(crate) struct Hashes {
    pub(crate) app: String,
    pub(crate) wasm: String,
    pub(crate) debug: String,
}

/// Asks the Yew view for the launcher's markup, so that it has one source.
pub(crate) fn launcher() -> Result<Launcher> {
    let tree =
        sh::output(sh::cmd("cargo").args(["run", "--quiet", "--package", "natter-widget", "--example", "prerender"]))?;
    let tree: Value = serde_json::from_slice(&tree).context("the prerendered launcher is not JSON")?;
    Ok(Launcher { tree: tree.to_string(), css: sheet("launcher.css")? })
}

/// A style sheet of the view, minified.
fn sheet(name: &str) -> Result<String> {
    let css = sh::root().join("widget/src/view").join(name);
    let css = sh::output(tools::npm_bin("esbuild").args(["--minify", TARGET, "--log-level=warning"]).arg(css))?;
    // It leaves custom properties as they are.
    let css = String::from_utf8(css)?;
    Ok(css.trim().replace(", ", ",").replace("( ", "(").replace(" )", ")"))
}

/// natter.js
pub(crate) fn classic(launcher: &Launcher, hashes: &Hashes) -> Result<Vec<u8>> {
    sh::output(defines(&mut esbuild("natter.ts", "iife"), launcher, hashes))
}

/// natter.mjs; `files` are what it may ask for, `work` is a folder for what is made on the way.
pub(crate) fn module(launcher: &Launcher, hashes: &Hashes, files: &[&str], work: &Path) -> Result<Vec<u8>> {
    let known = work.join("files.js");
    fs::write(&known, written_out(files))?;
    let mut esbuild = esbuild("module.ts", "esm");
    esbuild.arg(format!("--alias:natter-files={}", known.display())).arg("--external:./natter-*");
    sh::output(defines(&mut esbuild, launcher, hashes))
}

/// Each file as bundlers find it: `import("…")`, or `new URL("…", import.meta.url)` with the whole name in it.
fn written_out(files: &[&str]) -> String {
    let (scripts, others): (Vec<&str>, Vec<&str>) = files.iter().partition(|name| name.ends_with(".js"));
    let scripts = scripts.iter().map(|name| format!("{name:?}: () => import(\"./{name}\")"));
    // Vite puts what is small into the code that names it, unless told not to: all languages in one script.
    let urls = others.iter().map(|name| format!("{name:?}: new URL(\"./{name}?no-inline\", import.meta.url)"));
    let list = |entries: &mut dyn Iterator<Item = String>| entries.collect::<Vec<_>>().join(",\n");
    let (scripts, urls) = (list(&mut scripts.into_iter()), list(&mut urls.into_iter()));
    format!("export const scripts = {{\n{scripts}\n}};\nexport const urls = () => ({{\n{urls}\n}});\n")
}

/// Gives app.ts the two halves of the glue's own loader, whose many ways to be called would ship with it otherwise.
const HALVES: &str = "\nexport { __wbg_get_imports as imports, __wbg_finalize_init as begin };\n";

/// natter-app.js, which fetches natter-extra.js and the list of languages.
pub(crate) fn app(glue: &Path, extra: &str, locales: &str) -> Result<Vec<u8>> {
    let code = fs::read_to_string(glue)?;
    fs::write(glue, code + HALVES)?;
    let mut esbuild = esbuild("app.ts", "iife");
    esbuild.arg(format!("--alias:natter-glue={}", glue.display()));
    let hashes = [("EXTRA_INTEGRITY", extra), ("LOCALES_INTEGRITY", locales)];
    sh::output(esbuild.args(hashes.map(|(name, hash)| format!("--define:{name}={}", Value::from(hash)))))
}

/// natter-extra.js
pub(crate) fn extra() -> Result<Vec<u8>> {
    let css = Value::from(sheet("answer.css")?);
    sh::output(esbuild("extra.ts", "iife").arg(format!("--define:ANSWER_CSS={css}")))
}

/// natter-debug.js
pub(crate) fn debug() -> Result<Vec<u8>> {
    sh::output(&mut esbuild("debug.ts", "iife"))
}

fn esbuild(entry: &str, format: &str) -> Command {
    let mut esbuild = tools::npm_bin("esbuild");
    esbuild.current_dir(tools::loader()).arg(entry).arg(format!("--format={format}"));
    esbuild.args(["--bundle", "--minify", "--legal-comments=none", "--log-level=warning", TARGET]);
    // The compiler's settings are for its checks; here they would only add "use strict", which is 26 bytes of natter.js.
    esbuild.arg("--tsconfig-raw={}");
    esbuild
}

fn defines<'a>(esbuild: &'a mut Command, launcher: &Launcher, hashes: &Hashes) -> &'a mut Command {
    let text = |text: &str| Value::from(text).to_string();
    let values = [
        ("LAUNCHER_TREE", launcher.tree.clone()),
        ("LAUNCHER_CSS", text(&launcher.css)),
        ("APP_INTEGRITY", text(&hashes.app)),
        ("WASM_INTEGRITY", text(&hashes.wasm)),
        ("DEBUG_INTEGRITY", text(&hashes.debug)),
    ];
    esbuild.args(values.map(|(name, value)| format!("--define:{name}={value}")));
    // What the loader's own parts call each other by, and nobody else does: 20 bytes.
    esbuild.arg("--mangle-props=^(appeared|destroyed|connected|disconnected)$")
}

/// Size with brotli, quality 11.
pub(crate) fn brotli(file: &Path) -> Result<u64> {
    const SCRIPT: &str = "const { brotliCompressSync: b, constants: c } = require('zlib'), t = require('fs').readFileSync(process.argv[1]); \
        console.log(b(t, { params: { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_SIZE_HINT]: t.length } }).length)";
    let size = sh::output(sh::cmd("node").args(["-e", SCRIPT]).arg(file))?;
    String::from_utf8(size)?.trim().parse().context("node printed no size")
}
