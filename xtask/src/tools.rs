//! Where the tools are: the project's own in `target/tools`, the npm ones beside the loader, the rest in PATH.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::sh;

/// The target that the widget is built for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// What `cargo install` puts here goes with `cargo clean`, and nothing on the machine changes.
pub(crate) fn dir() -> PathBuf {
    sh::target_dir().join("tools")
}

/// The loader's folder, with the npm tools in its node_modules.
pub(crate) fn loader() -> PathBuf {
    sh::root().join("widget/loader")
}

/// A command of an npm package.
pub(crate) fn npm_bin(name: &str) -> Command {
    sh::cmd(loader().join("node_modules/.bin").join(name))
}

/// The full path of a program in PATH or in the project's tools.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let own = dir().join("bin").join(name);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(own).chain(std::env::split_paths(&path).map(|folder| folder.join(name))).find(|file| file.is_file())
}

/// A Rust toolchain that has the wasm32 target.
#[derive(Debug, Clone, Default)]
pub(crate) struct Toolchain {
    /// What commands need in their environment to use it.
    env: Vec<(&'static str, String)>,
}

impl Toolchain {
    /// The toolchain in use if it has the target, else the one that `setup` made of Debian's packages.
    pub(crate) fn find() -> Option<Self> {
        if has_std(&sysroot(None)?) {
            return Some(Self::default());
        }
        has_std(&sysroot(Some(DEBIAN))?).then(Self::debian)
    }

    /// As `find`; the error says what to do.
    pub(crate) fn get() -> Result<Self> {
        Self::find().with_context(|| format!("no Rust toolchain here has {WASM}: run `cargo xtask setup`"))
    }

    fn debian() -> Self {
        Self {
            env: vec![
                ("RUSTUP_TOOLCHAIN", DEBIAN.to_owned()),
                // It brings no linker of its own.
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", wasm_ld().unwrap_or_else(|| "wasm-ld".to_owned())),
                // The two compilers must not take each other's artefacts for their own.
                ("CARGO_TARGET_DIR", sh::target_dir().join(DEBIAN).display().to_string()),
            ],
        }
    }

    /// Debian's packages have no clippy for it.
    pub(crate) fn is_debian(&self) -> bool {
        !self.env.is_empty()
    }

    /// A command that uses this toolchain.
    pub(crate) fn cmd(&self, program: &str) -> Command {
        let mut command = sh::cmd(program);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The folder of its libraries.
    pub(crate) fn sysroot(&self) -> Option<PathBuf> {
        sysroot(self.is_debian().then_some(DEBIAN))
    }

    /// Whether it can rebuild std: the sources are there.
    pub(crate) fn has_source(&self) -> bool {
        self.sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib/src/rust/library/Cargo.lock").exists())
    }
}

/// The newest wasm linker among the system's programs: `wasm-ld`, or `wasm-ld-22` and the like.
pub(crate) fn wasm_ld() -> Option<String> {
    let programs = fs::read_dir("/usr/bin").into_iter().flatten();
    let names = programs.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter(|name| name.starts_with("wasm-ld"))
        .max_by_key(|name| name.trim_start_matches("wasm-ld-").parse::<u32>().unwrap_or(0))
}

/// The name that rustup knows Debian's toolchain by.
pub(crate) const DEBIAN: &str = "debian";

fn sysroot(toolchain: Option<&str>) -> Option<PathBuf> {
    let chosen = toolchain.map(|name| format!("+{name}"));
    let args: Vec<&str> = chosen.as_deref().into_iter().chain(["--print", "sysroot"]).collect();
    sh::ask("rustc", &args).map(PathBuf::from)
}

fn has_std(sysroot: &Path) -> bool {
    let lib = sysroot.join("lib/rustlib").join(WASM).join("lib");
    let mut files = fs::read_dir(lib).into_iter().flatten().flatten();
    files.any(|file| file.file_name().to_string_lossy().starts_with("libstd"))
}

/// The version of a package in Cargo.lock.
pub(crate) fn locked(package: &str) -> Result<String> {
    let lock = fs::read_to_string(sh::root().join("Cargo.lock"))?;
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    match version {
        Some(version) => Ok(version.to_owned()),
        None => bail!("{package} is not in Cargo.lock"),
    }
}
