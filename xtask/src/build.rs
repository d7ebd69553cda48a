//! `build`: makes dist/. The same sources give the same bytes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::bundle::{self, Hashes};
use crate::dist::{self, Manifest};
use crate::names::Names;
use crate::tools::{self, Toolchain, WASM};
use crate::{glue, lean, locales, notices, order, setup, sh, sources};

pub(crate) fn run() -> Result<()> {
    done("setup", setup::run)?;
    let toolchain = Toolchain::get()?;
    let work = sh::target_dir().join("bundle");
    let source_hash = sources::hash()?;

    let launcher = done("prerender the launcher", bundle::launcher)?;
    let raw = done("compile natter-widget", || compile(&toolchain, &work))?;
    let notices = done("notices", || {
        notices::std_is_known(&toolchain)?;
        notices::text()
    })?;
    let glue = work.join("glue");
    done("wasm-bindgen", || bind(&raw, &glue, "--remove-name-section"))?;
    let small = done("wasm-opt", || optimise(&glue, &work))?;
    let (wasm, glue) = done("shorten names", || shorten(&small, &glue))?;
    let files = done("bundle the scripts", || {
        let (extra, debug) = (bundle::extra()?, bundle::debug()?);
        let (mut files, locales) = locales::files()?;
        let app = bundle::app(&glue, &dist::integrity(&extra), &locales)?;
        let hashes =
            Hashes { app: dist::integrity(&app), wasm: dist::integrity(&wasm), debug: dist::integrity(&debug) };
        let mut fetched = vec!["natter-app.js", "natter-app.wasm", "natter-debug.js", "natter-extra.js"];
        fetched.extend(files.iter().map(|(name, _)| name.as_str()));
        fetched.sort_unstable();
        let module = bundle::module(&launcher, &hashes, &fetched, &work)?;
        let own = [
            ("natter.js", bundle::classic(&launcher, &hashes)?),
            ("natter.mjs", module),
            ("natter-app.js", app),
            ("natter-app.wasm", wasm),
            ("natter-extra.js", extra),
            ("natter-debug.js", debug),
            ("natter.d.ts", fs::read(tools::loader().join("npm/natter.d.ts"))?),
            ("package.json", fs::read(tools::loader().join("npm/package.json"))?),
            ("README.md", fs::read(tools::loader().join("npm/README.md"))?),
            ("LICENSE-APACHE", fs::read(sh::root().join("LICENSE-APACHE"))?),
            ("LICENSE-MIT", fs::read(sh::root().join("LICENSE-MIT"))?),
            (notices::FILE, notices.into_bytes()),
        ];
        files.extend(own.map(|(name, bytes)| (name.to_owned(), bytes)));
        Ok(files)
    })?;

    // Anew, so that nothing stays of a language that went.
    let _ = fs::remove_dir_all(dist::dir().join(locales::FOLDER));
    fs::create_dir_all(dist::dir().join(locales::FOLDER))?;
    let mut manifest = Manifest { files: Default::default(), source_hash };
    for (name, bytes) in files {
        fs::write(dist::dir().join(&name), &bytes)?;
        let brotli = bundle::brotli(&dist::dir().join(&name))?;
        let file = dist::File { bytes: bytes.len() as u64, brotli, integrity: dist::integrity(&bytes) };
        manifest.files.insert(name, file);
    }
    manifest.write()?;
    println!();
    manifest.check_budgets()
}

fn done<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    sh::step(name, work).0
}

/// Bytes of stack: a little less than the usual MiB, so that the addresses behind it, where texts and tables
/// lie, take three bytes in the code and not four.
const STACK: u32 = 984 * 1024;

/// The wasm module as the compiler leaves it.
pub(crate) fn compile(toolchain: &Toolchain, work: &Path) -> Result<PathBuf> {
    let mut cargo = toolchain.cmd("cargo");
    cargo.args(["--config", &lean::yew()?]);
    cargo.args(["rustc", "--package", "natter-widget", "--lib", "--crate-type", "cdylib", "--features", "bundle"]);
    cargo.args(["--profile", "bundle", "--target", WASM, "--target-dir"]).arg(work);
    let mut flags = remaps(toolchain)?;
    if toolchain.has_source() && knows_immediate_abort(toolchain) {
        // A std without the text of panics and their formatting, built for size. Stable compilers can do it when told so.
        cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        cargo.env("RUSTC_BOOTSTRAP", "1");
        flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"].map(str::to_owned));
        // Nobody reads where a panic came from, nor what `{:?}` would print: nothing a visitor sees comes from there.
        flags.extend(["-Zlocation-detail=none", "-Zfmt-debug=none"].map(str::to_owned));
    } else {
        println!("This toolchain cannot rebuild std (rust-src is missing, or the compiler is older than 1.92).");
        println!("With the stock std the app is about a fifth larger: do not commit a dist/ built this way.");
    }
    // Separated as cargo wants it, so that a path may hold a space.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f")).env_remove("RUSTFLAGS");
    cargo.args(["--", &format!("-Clink-arg=-zstack-size={STACK}")]);
    sh::run(&mut cargo)?;
    Ok(work.join(WASM).join("bundle/natter_widget.wasm"))
}

fn knows_immediate_abort(toolchain: &Toolchain) -> bool {
    let mut rustc = toolchain.cmd("rustc");
    rustc.args(["-Zunstable-options", "-Cpanic=immediate-abort", "--print=cfg", "--target", WASM]);
    rustc.env("RUSTC_BOOTSTRAP", "1").output().is_ok_and(|output| output.status.success())
}

/// Paths of this machine have no place in the bytes.
fn remaps(toolchain: &Toolchain) -> Result<Vec<String>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"))).context("HOME is not set")?;
    let sysroot = toolchain.sysroot().context("rustc names no sysroot")?;
    let mut paths = vec![
        (sh::root().to_owned(), "/natter".to_owned()),
        (home.clone(), "/cargo".to_owned()),
        (sysroot.join("lib/rustlib/src/rust"), "/rustc".to_owned()),
    ];
    // Where a crate came from names the folder it lies in.
    for registry in fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten() {
        paths.push((registry.path(), "/crates".to_owned()));
    }
    Ok(paths.into_iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect())
}

/// The module and its JavaScript side, in `folder` as `natter_bg.wasm` and `natter.js`.
pub(crate) fn bind(raw: &Path, folder: &Path, names: &str) -> Result<()> {
    sh::run(
        sh::cmd("wasm-bindgen")
            .args(["--target", "web", "--out-name", "natter", "--no-typescript", "--omit-default-module-path"])
            .args([names, "--remove-producers-section", "--out-dir"])
            .arg(folder)
            .arg(raw),
    )
}

/// What the compiler may have used and every browser with adopted style sheets has.
pub(crate) const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Functions this small are copied to where they are called: twice the usual bytes, which brotli finds again.
const SMALLEST: &str = "--always-inline-max-function-size=4";

/// Several ways to shrink the module; which one compresses best differs from build to build. None of them assumes
/// that traps never happen: a trap is what a panic has become, and so is every bounds check. That nothing lies in the
/// first KiB of the memory (`low-memory-unused`) is so: it is the far end of the stack.
const WAYS: [&[&str]; 3] = [
    &["--low-memory-unused", SMALLEST, "-Oz", "--flatten", "--rereloop", "-Oz", "-Oz"],
    &["--low-memory-unused", "-Oz", "--flatten", "--rereloop", "-Oz", "--gufa", "-Oz", "--converge"],
    &["--low-memory-unused", "-Os", "--flatten", "--rereloop", "-Os", "-Os"],
];

fn optimise(glue: &Path, work: &Path) -> Result<PathBuf> {
    let mut best: Option<(u64, PathBuf)> = None;
    for (index, way) in WAYS.iter().enumerate() {
        let out = work.join(format!("way-{index}.wasm"));
        let wasm_opt = || {
            let mut command = tools::npm_bin("wasm-opt");
            command.args(FEATURES).arg("-o").arg(&out);
            command
        };
        sh::run(wasm_opt().args(*way).arg(glue.join("natter_bg.wasm")))?;
        fs::write(&out, order::named(&fs::read(&out)?)?)?;
        sh::run(wasm_opt().arg("--reorder-functions-by-name").arg(&out))?;
        let size = bundle::brotli(&out)?;
        println!("wasm-opt {}: {size} B", way.join(" "));
        if best.as_ref().is_none_or(|(least, _)| size < *least) {
            best = Some((size, out));
        }
    }
    best.map(|(_, wasm)| wasm).context("wasm-opt made nothing")
}

/// The module and the file with its glue, with short names between them.
fn shorten(wasm: &Path, glue: &Path) -> Result<(Vec<u8>, PathBuf)> {
    let (out, script) = (wasm.with_extension("short.wasm"), glue.join("short.js"));
    let mut wasm_opt = tools::npm_bin("wasm-opt");
    wasm_opt.args(FEATURES).arg("--minify-imports-and-exports-and-modules").arg(wasm).arg("-o").arg(&out);
    let names: Names = serde_json::from_slice(&sh::output(&mut wasm_opt)?).context("wasm-opt names no names")?;
    fs::write(&script, names.apply(&glue::shorter(&fs::read_to_string(glue.join("natter.js"))?)?)?)?;
    Ok((fs::read(out)?, script))
}
