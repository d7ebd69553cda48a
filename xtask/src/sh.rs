//! Runs commands: found first among the project's own tools, without stdin, with a name and a time for each step.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::tools;

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Cargo's target directory: `target/`, or what `CARGO_TARGET_DIR` says.
pub(crate) fn target_dir() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// A command in the repository's root.
pub(crate) fn cmd(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null()).env("PATH", path());
    // What `cargo run` tells this program about itself would make cargo rebuild crates that look at it.
    for (name, _) in env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|own| name.to_string_lossy().starts_with(own)) {
            command.env_remove(name);
        }
    }
    command
}

fn path() -> std::ffi::OsString {
    let mut path = vec![tools::dir().join("bin")];
    path.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    env::join_paths(path).unwrap_or_default()
}

/// Runs a command with its output shown.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| not_started(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", show(command));
    }
    Ok(())
}

/// Runs a command and gives its standard output; its errors are shown.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| not_started(command))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", show(command), output.status);
    }
    Ok(output.stdout)
}

/// The trimmed output of a command that may well be missing.
pub(crate) fn ask(program: &str, args: &[&str]) -> Option<String> {
    let output = cmd(program).args(args).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command, shows its output line by line and hands each line to `line`. True if the command succeeded.
pub(crate) fn watch(command: &mut Command, mut line: impl FnMut(&str)) -> Result<bool> {
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| not_started(command))?;
    // The command holds the pipe's writing end; as long as it lives here, reading never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut reader = BufReader::new(reader);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        let text = String::from_utf8_lossy(&bytes);
        let mut out = std::io::stdout().lock();
        // Where nobody reads the output any more, the tests go on.
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).ok();
        line(text.trim_end());
        bytes.clear();
    }
    Ok(child.wait()?.success())
}

/// Copies a folder, without what is named so at any depth.
pub(crate) fn copy(from: &Path, to: &Path, without: &[&str]) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if without.iter().any(|out| name == *out) {
            continue;
        } else if path.is_dir() {
            copy(&path, &to.join(name), without)?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Does a step: says its name, then how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> (Result<T>, Duration) {
    println!("\n== {name}");
    let start = Instant::now();
    let done = work();
    let took = start.elapsed();
    match &done {
        Ok(_) => println!("== {name}: {:.1} s", took.as_secs_f64()),
        Err(error) => println!("== {name}: FAILED after {:.1} s: {error:#}", took.as_secs_f64()),
    }
    (done, took)
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn not_started(command: &Command) -> String {
    format!("`{}` could not be started", command.get_program().to_string_lossy())
}
