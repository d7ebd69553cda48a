//! `setup`: installs what is missing. Quick when nothing is.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use crate::tools::{self, DEBIAN, Toolchain, WASM};
use crate::{deny, schema, sh};

/// What one part of the set-up is for, and the work.
type Part = (&'static str, fn() -> Result<()>);

/// Runs every part even when one fails, so that one run tells all that a machine lacks.
pub(crate) fn run() -> Result<()> {
    let parts: [Part; 8] = [
        ("wasm32 target", wasm_target),
        ("rust-src", rust_src),
        ("wasm-bindgen", wasm_bindgen),
        ("browsers, Redis, nginx", packages),
        ("geckodriver", geckodriver),
        ("npm tools", npm),
        ("schemathesis", schema::install),
        ("cargo-deny", deny::install),
    ];
    let mut missing = Vec::new();
    for (name, part) in parts {
        if let Err(error) = part() {
            println!("{name}: {error:#}");
            missing.push(name);
        }
    }
    // What the tools were compiled in, a gigabyte; gone already when none was.
    fs::remove_dir_all(tools::dir().join("build")).ok();
    if !missing.is_empty() {
        bail!("still missing: {}", missing.join(", "));
    }
    Ok(())
}

fn wasm_target() -> Result<()> {
    if Toolchain::find().is_some() {
        return Ok(());
    }
    if sh::run(sh::cmd("rustup").args(["target", "add", WASM])).is_ok() && Toolchain::find().is_some() {
        return Ok(());
    }
    println!("rustup cannot add {WASM} here; making it of Debian's packages");
    debian_target()
        .context(format!("get the target with `rustup target add {WASM}`, or on Debian 12 or later run as root"))
}

/// Debian's rustc comes with the source of std but not with std for wasm32: build it, and put it where it counts as
/// installed.
fn debian_target() -> Result<()> {
    let packages = apt_names(&["rustc-web", "cargo-web", "rust-web-src"])?;
    apt(&packages.iter().map(String::as_str).collect::<Vec<_>>())?;
    if tools::wasm_ld().is_none() {
        apt(&[&newest_lld()?])?;
    }
    sh::run(sh::cmd("rustup").args(["toolchain", "link", DEBIAN, "/usr"]))?;

    let work = tools::dir().join("std");
    fs::create_dir_all(&work)?;
    sh::run(sh::cmd("cp").args(["-rL", "/usr/lib/rustlib/src/rust/library"]).arg(&work))?;
    let library = work.join("library");
    sh::run(
        sh::cmd("cargo")
            .args(["build", "--release", "--target", WASM, "--features", "panic-unwind backtrace"])
            .current_dir(library.join("sysroot"))
            .env("RUSTUP_TOOLCHAIN", DEBIAN)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", "-Cembed-bitcode=yes -Cdebuginfo=0 -Zforce-unstable-if-unmarked")
            .env("CARGO_TARGET_DIR", work.join("target")),
    )?;

    let lib = Path::new("/usr/lib/rustlib").join(WASM).join("lib");
    fs::create_dir_all(&lib)?;
    for file in fs::read_dir(work.join("target").join(WASM).join("release/deps"))? {
        let path = file?.path();
        if let (Some(name), Some("rlib")) = (path.file_name(), path.extension().and_then(|end| end.to_str())) {
            fs::copy(&path, lib.join(name))?;
        }
    }
    fs::remove_dir_all(&work)?;
    Toolchain::find().map(drop).context("the target was built and is not found")
}

/// The newest lld that the machine's packages hold.
fn newest_lld() -> Result<String> {
    let list = sh::ask("apt-cache", &["search", "--names-only", "^lld-[0-9]+$"]).unwrap_or_default();
    list.lines()
        .filter_map(|line| line.split_whitespace().next())
        .max_by_key(|name| name.trim_start_matches("lld-").parse::<u32>().unwrap_or(0))
        .map(str::to_owned)
        .context("no lld package is known to apt")
}

/// Debian names its second, newer compiler `rustc-web`; where there is none, the plain one is new enough or nothing is.
fn apt_names(names: &[&str]) -> Result<Vec<String>> {
    apt_update()?;
    let known = |name: &str| sh::ask("apt-cache", &["show", name]).is_some_and(|text| !text.is_empty());
    Ok(names.iter().map(|name| if known(name) { (*name).to_owned() } else { name.replace("-web", "") }).collect())
}

/// Lets the bundle be built with a std of its own; without it the build says what that costs.
fn rust_src() -> Result<()> {
    let Some(toolchain) = Toolchain::find() else { return Ok(()) };
    if toolchain.has_source() || sh::run(sh::cmd("rustup").args(["component", "add", "rust-src"])).is_ok() {
        return Ok(());
    }
    println!("rust-src: not to be had here; the bundle can only be built with the stock std");
    Ok(())
}

fn wasm_bindgen() -> Result<()> {
    // The tool and the crate must be of one version.
    let version = tools::locked("wasm-bindgen")?;
    let runs = |tool: &str| sh::ask(tool, &["--version"]).is_some_and(|text| text.ends_with(&version));
    if runs("wasm-bindgen") && runs("wasm-bindgen-test-runner") {
        return Ok(());
    }
    // Not --locked: its own lock names a version of a dependency that was taken back.
    cargo_install("wasm-bindgen-cli", &["--version", &version])
}

fn geckodriver() -> Result<()> {
    if tools::which("geckodriver").is_some() {
        return Ok(());
    }
    cargo_install("geckodriver", &[])
}

pub(crate) fn cargo_install(package: &str, args: &[&str]) -> Result<()> {
    let mut install = sh::cmd("cargo");
    install.args(["install", package, "--force", "--root"]).arg(tools::dir()).args(args);
    // One folder for all of them: they share dependencies.
    install.env("CARGO_TARGET_DIR", tools::dir().join("build"));
    // They run for seconds; what counts is how long they compile.
    install.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    sh::run(&mut install).with_context(|| format!("get it with `cargo install {package} {}`", args.join(" ")))
}

fn packages() -> Result<()> {
    let wanted = [
        (["chromium", "google-chrome", "chrome"].as_slice(), "chromium"),
        (&["chromedriver"], "chromium-driver"),
        (&["firefox-esr", "firefox"], "firefox-esr"),
        (&["redis-server"], "redis-server"),
        (&["nginx"], "nginx-light"),
        (&["WebKitWebDriver"], "webkit2gtk-driver"),
        (&["Xvfb"], "xvfb"),
    ];
    let mut packages: Vec<&str> = wanted
        .into_iter()
        .filter(|(programs, _)| programs.iter().all(|program| tools::which(program).is_none()))
        .map(|(_, package)| package)
        .collect();
    // WebKitGTK takes the visitor's language from the system; the tests make the ones they speak.
    if !Path::new("/usr/share/i18n/locales/de_DE").exists() {
        packages.push("locales");
    }
    if packages.is_empty() {
        return Ok(());
    }
    apt_update()?;
    apt(&packages)
}

fn npm() -> Result<()> {
    if tools::which("npm").is_none() {
        apt_update()?;
        apt(&["nodejs", "npm"])?;
    }
    // npm leaves a copy of the lock; while it says the same, there is nothing to do.
    let loader = tools::loader();
    let stamp = loader.join("node_modules/.natter-lock");
    let lock = fs::read(loader.join("package-lock.json"))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    // None of the packages needs to run anything to be installed.
    sh::run(sh::cmd("npm").args(["ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]).current_dir(&loader))
        .context("run `npm ci` in widget/loader")?;
    Ok(fs::write(stamp, lock)?)
}

pub(crate) fn apt_update() -> Result<()> {
    apt_get(&["update", "-qq"])
}

/// Installs Debian packages; a server among them is not started.
pub(crate) fn apt(packages: &[&str]) -> Result<()> {
    let args = [["install", "-y", "-qq", "--no-install-recommends"].as_slice(), packages].concat();
    apt_get(&args)
}

fn apt_get(args: &[&str]) -> Result<()> {
    let advice = || anyhow!("run as root: apt-get {}", args.join(" "));
    if sh::ask("id", &["-u"]).as_deref() != Some("0") {
        return Err(advice());
    }
    sh::run(sh::cmd("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1"))
        .with_context(advice)
}
