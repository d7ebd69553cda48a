//! The npm package: what is in it, and that projects which install it can be built. dist/ is the package.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::dist::{self, Manifest};
use crate::{locales, notices, sh};

/// A project in examples/ that installs the package.
struct Example {
    name: &'static str,
    /// What checks its types.
    types: Option<&'static str>,
    /// A script that imports it as a server does, and fails unless that works.
    server: &'static str,
    /// The component that the server draws.
    component: Option<&'static str>,
    /// Whether it is built for development, too: there React mounts everything twice (StrictMode).
    strict: bool,
}

const EXAMPLES: [Example; 3] = [
    Example {
        name: "vite-app",
        types: None,
        server: r#"const before = Reflect.ownKeys(globalThis).length;
            const { mount, defineElement } = await import("natter-chat");
            if (typeof mount !== "function" || typeof defineElement !== "function") throw "exports";
            if (Reflect.ownKeys(globalThis).length !== before) throw "importing it does something";"#,
        component: None,
        strict: false,
    },
    Example {
        name: "react-app",
        types: Some("tsc"),
        server: r#"import { createElement } from "react";
            import { renderToString } from "react-dom/server";
            const { App } = await import("./server/App.js");
            const html = renderToString(createElement(App));
            if (!html.includes("A page made with React")) throw html;"#,
        component: Some("src/App.tsx"),
        strict: true,
    },
    Example {
        name: "vue-app",
        types: Some("vue-tsc"),
        server: r#"import { createSSRApp } from "vue";
            import { renderToString } from "vue/server-renderer";
            const { default: App } = await import("./server/App.js");
            const html = await renderToString(createSSRApp(App));
            if (!html.includes("A page made with Vue")) throw html;"#,
        component: Some("src/App.vue"),
        strict: false,
    },
];

/// Packs dist/, installs that in each example and builds it. What is built stays in target/npm, for the end-to-end tests.
pub(crate) fn check() -> Result<()> {
    let work = sh::target_dir().join("npm");
    fs::create_dir_all(&work)?;
    let package = pack(&work)?;
    for example in &EXAMPLES {
        let folder = work.join(example.name);
        install(&sh::root().join("examples").join(example.name), &folder, &package)?;
        example.build(&folder).with_context(|| format!("examples/{}", example.name))?;
    }
    Ok(())
}

impl Example {
    fn build(&self, folder: &Path) -> Result<()> {
        let tool = |name: &str| {
            let mut command = sh::cmd(folder.join("node_modules/.bin").join(name));
            command.current_dir(folder);
            command
        };
        let vite = |args: &[&str]| sh::run(tool("vite").args(["build", "--logLevel=warn"]).args(args));
        if let Some(types) = self.types {
            sh::run(&mut tool(types))?;
        }
        // Where tests/src/project.rs serves it.
        let base = format!("--base=/built/{}/", self.name);
        vite(&[&base])?;
        if self.strict {
            let args = ["build", "--logLevel=warn", "--mode=development", "--outDir=strict"];
            sh::run(tool("vite").args(args).arg(&base).env("NODE_ENV", "development"))?;
        }
        if let Some(component) = self.component {
            vite(&["--ssr", component, "--outDir=server"])?;
        }
        sh::run(sh::cmd("node").args(["--input-type=module", "--eval", self.server]).current_dir(folder))
            .context("a server cannot import it")
    }
}

/// The package as npm would publish it, with exactly what is meant to be in it.
fn pack(work: &Path) -> Result<PathBuf> {
    let mut npm = npm(&dist::dir());
    let packed: Value =
        serde_json::from_slice(&sh::output(npm.args(["pack", "--json", "--pack-destination"]).arg(work))?)
            .context("npm pack printed no JSON")?;
    let packed = packed.get(0).or_else(|| packed.as_object()?.values().next()).context("npm packed nothing")?;
    let files = packed["files"].as_array().context("npm lists no files")?;
    let files: BTreeSet<&str> = files.iter().filter_map(|file| file["path"].as_str()).collect();
    println!("{}: {} files, {} B packed", packed["filename"], files.len(), packed["size"]);

    let manifest = Manifest::read()?;
    let built: BTreeSet<&str> = manifest.files.keys().map(String::as_str).chain(["manifest.json"]).collect();
    same("the package", &files, &built)?;
    let described: Value = serde_json::from_slice(&fs::read(dist::dir().join("package.json"))?)?;
    exports(&described, &built)?;
    Ok(work.join(packed["filename"].as_str().context("npm names no file")?))
}

fn same(what: &str, is: &BTreeSet<&str>, meant: &BTreeSet<&str>) -> Result<()> {
    let (missing, surplus): (Vec<_>, Vec<_>) = (meant.difference(is).collect(), is.difference(meant).collect());
    if !missing.is_empty() || !surplus.is_empty() {
        bail!("{what} lacks {missing:?} and should not hold {surplus:?}");
    }
    Ok(())
}

/// Whoever knows a file's name may ask for it, and every name that is exported is a file.
fn exports(package: &Value, built: &BTreeSet<&str>) -> Result<()> {
    let exports = package["exports"].as_object().context("package.json exports nothing")?;
    let entry = exports.get(".").and_then(Value::as_object).context("package.json has no entry")?;
    let named: BTreeSet<&str> = exports.values().chain(entry.values()).filter_map(Value::as_str).collect();
    let named: BTreeSet<&str> = named.iter().filter_map(|path| path.strip_prefix("./")).collect();
    let text = |name: &str| ["README.md", "LICENSE-APACHE", "LICENSE-MIT", notices::FILE].contains(&name);
    let folder = format!("{}*", locales::FOLDER);
    let meant = built
        .iter()
        .filter(|name| !text(name))
        .map(|name| if name.starts_with(locales::FOLDER) { folder.as_str() } else { *name });
    same("`exports` in package.json", &named, &meant.collect())
}

/// A copy of the example with the package in it, and all that it depends on at the versions of its lock.
fn install(example: &Path, folder: &Path, package: &Path) -> Result<()> {
    let stamp = folder.join("node_modules/.natter");
    for old in ["src", "dist", "strict", "server"] {
        fs::remove_dir_all(folder.join(old)).ok();
    }
    sh::copy(example, folder, &["node_modules", "dist"])?;
    let name = package.file_name().context("the package has no name")?;
    fs::copy(package, folder.join(name))?;
    let installed = dist::integrity(&[fs::read(package)?, fs::read(folder.join("package-lock.json"))?].concat());
    if fs::read_to_string(&stamp).is_ok_and(|before| before == installed) {
        return Ok(());
    }
    // None of the packages needs to run anything to be installed.
    sh::run(npm(folder).args(["ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]))?;
    Ok(fs::write(stamp, installed)?)
}

fn npm(folder: &Path) -> Command {
    let mut npm = sh::cmd("npm");
    npm.current_dir(folder);
    npm
}
