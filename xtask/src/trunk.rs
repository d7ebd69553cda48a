//! examples/yew-app, the example that is a Yew application: Trunk builds it, as its readers do.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::sh;
use crate::tools::{self, DEBIAN, Toolchain, WASM};

/// Newer ones need Rust 1.96.1; without its own lock it gets two versions of cssparser, and does not compile.
const VERSION: &str = "0.21.14";

/// Where Trunk puts what it makes of the Rust code.
const LINK: &str = r#"<link data-trunk rel="rust">"#;

/// Builds the example with the versions that the workspace is locked at. What is built stays where those of the npm
/// package are, for the end-to-end tests.
pub(crate) fn check() -> Result<()> {
    let example = sh::root().join("examples/yew-app");
    fs::copy(sh::root().join("Cargo.lock"), example.join("Cargo.lock"))?;
    let built = sh::target_dir().join("npm/yew-app/dist");
    fs::remove_dir_all(&built).ok();
    fs::create_dir_all(&built)?;

    let toolchain = Toolchain::get()?;
    // Without this it would have a target directory of its own.
    let target = if toolchain.is_debian() { sh::target_dir().join(DEBIAN) } else { sh::target_dir() };
    let command = |program: &str| {
        let mut command = toolchain.cmd(program);
        command.current_dir(&example).env("CARGO_TARGET_DIR", &target);
        command
    };
    if tools::which("trunk").is_none() {
        println!(
            "Trunk is not here (`cargo install trunk --locked --version {VERSION}`): cargo and wasm-bindgen do its work"
        );
        sh::run(command("cargo").args(["build", "--target", WASM]))?;
        return by_hand(&example, &target.join(WASM).join("debug/natter-yew-app.wasm"), &built);
    }
    sh::run(command("cargo").args(["fetch", "--target", WASM]))?;
    // Where tests/src/project.rs serves it. Offline, so that it takes the wasm-bindgen that is there.
    let args = ["build", "--offline", "--skip-version-check", "--public-url=/built/yew-app/", "--dist"];
    sh::run(command("trunk").args(args).arg(&built))
}

/// The page as Trunk would make it, but that it starts from a file.
fn by_hand(example: &Path, wasm: &Path, built: &Path) -> Result<()> {
    sh::run(sh::cmd("wasm-bindgen").args(["--target", "web", "--no-typescript", "--out-dir"]).arg(built).arg(wasm))?;
    let page = fs::read_to_string(example.join("index.html"))?;
    let (before, after) = page.split_once(LINK).with_context(|| format!("index.html has no {LINK}"))?;
    fs::write(built.join("start.js"), "import start from \"./natter-yew-app.js\";\nstart();\n")?;
    Ok(fs::write(
        built.join("index.html"),
        [before, r#"<script type="module" src="start.js"></script>"#, after].concat(),
    )?)
}
