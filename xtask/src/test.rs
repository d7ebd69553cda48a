//! `test`: what CI runs. Every step runs even when an earlier one failed; the last line adds them up.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::dist::Manifest;
use crate::tools::{self, Toolchain, WASM};
use crate::{deny, npm, package, schema, setup, sh, trunk};

/// What a step found: a suite counts its tests, any other step counts as one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

type Step = (&'static str, fn() -> Result<Count>);

const STEPS: [Step; 19] = [
    ("setup", || one(setup::run())),
    ("rustfmt", || one(sh::run(sh::cmd("cargo").args(["fmt", "--all", "--check"])))),
    ("clippy", || one(clippy())),
    ("clippy for wasm", || one(clippy_wasm())),
    ("native tests", || {
        suite(sh::cmd("cargo").args(["test", "--workspace", "--exclude", "natter-e2e", "--no-fail-fast"]))
    }),
    ("rustdoc", || one(rustdoc())),
    ("loader types", || one(sh::run(tools::npm_bin("tsc").current_dir(tools::loader())))),
    ("dist is fresh", || one(Manifest::read()?.check_fresh())),
    ("size budgets", || one(Manifest::read()?.check_budgets())),
    ("examples", || one(trunk::check())),
    ("crates to publish", || one(package::check())),
    ("licences and sources", || one(deny::check())),
    ("npm package", || one(npm::check())),
    ("schemathesis", || one(schema::check())),
    ("wasm tests in Chromium", || wasm_tests("CHROMEDRIVER", "chromedriver")),
    ("wasm tests in Firefox", || wasm_tests("GECKODRIVER", "geckodriver")),
    ("end-to-end tests in Chromium", || end_to_end("chromium")),
    ("end-to-end tests in Firefox", || end_to_end("firefox")),
    ("end-to-end tests in WebKitGTK", || end_to_end("webkit")),
];

pub(crate) fn run(only: &[String]) -> ExitCode {
    let wanted = |name: &str| only.is_empty() || only.iter().any(|word| name.contains(word.as_str()));
    let mut rows = Vec::new();
    for (name, work) in STEPS {
        if wanted(name) {
            let (done, took) = sh::step(name, work);
            let count = done.unwrap_or(Count { passed: 0, failed: 1 });
            println!("== {name}: {} passed, {} failed", count.passed, count.failed);
            rows.push((name, count, took));
        }
    }
    let total = summary(&rows);
    // The last line; scripts read it.
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn summary(rows: &[(&str, Count, Duration)]) -> Count {
    println!("\n{:<30} {:>7} {:>7} {:>9}", "step", "passed", "failed", "seconds");
    let mut total = Count::default();
    for (name, count, took) in rows {
        println!("{name:<30} {:>7} {:>7} {:>9.1}", count.passed, count.failed, took.as_secs_f64());
        total.passed += count.passed;
        total.failed += count.failed;
    }
    println!();
    total
}

fn one(done: Result<()>) -> Result<Count> {
    done.map(|()| Count { passed: 1, failed: 0 })
}

/// Runs a test command and adds up the results that it prints.
fn suite(command: &mut Command) -> Result<Count> {
    let mut results = Vec::new();
    let succeeded = sh::watch(command, |line| results.extend(parse(line)))?;
    verdict(&results, succeeded)
}

fn verdict(results: &[Count], succeeded: bool) -> Result<Count> {
    if results.is_empty() {
        bail!("no test has run");
    }
    let mut count = Count::default();
    for result in results {
        count.passed += result.passed;
        count.failed += result.failed;
    }
    // It may fail without a test that does: a crash, a suite that does not compile.
    if !succeeded && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

/// `test result: FAILED. 3 passed; 1 failed; …`
fn parse(line: &str) -> Option<Count> {
    let (_, result) = line.split_once("test result: ")?;
    let number = |unit: &str| {
        let (before, _) = result.split_once(unit)?;
        before.rsplit([' ', ';']).next()?.parse().ok()
    };
    Some(Count { passed: number(" passed")?, failed: number(" failed")? })
}

fn clippy() -> Result<()> {
    sh::run(sh::cmd("cargo").args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// The widget's browser side and its tests exist for this target only.
fn clippy_wasm() -> Result<()> {
    let toolchain = Toolchain::get()?;
    let args = ["--package", "natter-widget", "--lib", "--tests", "--all-features", "--target", WASM];
    if toolchain.is_debian() {
        println!("Debian's toolchain has no clippy for {WASM}: compiler warnings only");
        return sh::run(toolchain.cmd("cargo").arg("check").args(args).env("RUSTFLAGS", "-Dwarnings"));
    }
    sh::run(toolchain.cmd("cargo").arg("clippy").args(args).args(["--", "-D", "warnings"]))
}

fn rustdoc() -> Result<()> {
    let mut doc = sh::cmd("cargo");
    doc.args(["doc", "--no-deps", "--package", "natter-protocol", "--package", "natter-widget"]);
    sh::run(doc.env("RUSTDOCFLAGS", "-Dwarnings"))
}

/// In a browser, which wasm-bindgen's runner starts with the driver that `variable` names.
fn wasm_tests(variable: &str, driver: &str) -> Result<Count> {
    let driver = tools::which(driver).with_context(|| format!("{driver} is not here: run `cargo xtask setup`"))?;
    let mut cargo = Toolchain::get()?.cmd("cargo");
    cargo
        .args(["test", "--target", WASM, "--package", "natter-widget", "--lib", "--test", "web"])
        .env(variable, driver);
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    // Seconds. A browser's first start on a busy machine takes a while.
    suite(cargo.args(["--no-fail-fast"]).env("WASM_BINDGEN_TEST_TIMEOUT", "300"))
}

/// So many tests may fail and be tried once more.
const UNSTEADY: u64 = 5;

/// The end-to-end tests in one browser, as the harness calls it. Three browsers on two cores are not always in time, so what
/// fails is tried once more, alone; what passes then is named, since its cause is still to be found.
fn end_to_end(browser: &str) -> Result<Count> {
    let (mut results, mut failed) = (Vec::new(), Vec::new());
    let mut all = browser_tests(browser);
    if browser != "chromium" {
        // What they are written with is tested with the first browser.
        all.args(["--test", "e2e"]);
    }
    let succeeded = sh::watch(&mut all, |line| {
        results.extend(parse(line));
        failed.extend(failure(line).map(str::to_owned));
    })?;
    let first = verdict(&results, succeeded)?;
    // A suite that crashed has more failures than names.
    if first.failed == 0 || first.failed > UNSTEADY || first.failed != failed.len() as u64 {
        return Ok(first);
    }
    println!("== unsteady in {browser}, once more: {}", failed.join(", "));
    let mut again = browser_tests(browser);
    again.env("RUST_TEST_THREADS", "1");
    let second = suite(again.args(["--test", "e2e", "--", "--exact"]).args(failed))?;
    Ok(Count { passed: first.passed + second.passed, failed: second.failed.max(first.failed - second.passed) })
}

fn browser_tests(browser: &str) -> Command {
    let mut cargo = sh::cmd("cargo");
    cargo.args(["test", "--package", "natter-e2e", "--no-fail-fast"]).env("NATTER_BROWSER", browser);
    // As many as there are browsers at once: while one of them waits, the others use the cores.
    cargo.env("RUST_TEST_THREADS", "3");
    cargo
}

/// `test tabs::one ... FAILED`
fn failure(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_suites_are_read() {
        let line = "test result: FAILED. 13 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s";
        assert_eq!(parse(line), Some(Count { passed: 13, failed: 2 }));
        assert_eq!(parse("test result: ok. 5 passed; 0 failed; 0 ignored"), Some(Count { passed: 5, failed: 0 }));
        assert_eq!(parse("test tests::a_result ... ok"), None);
    }

    #[test]
    fn failed_tests_are_known_by_name() {
        assert_eq!(failure("test tabs::one_rings ... FAILED"), Some("tabs::one_rings"));
        assert_eq!(failure("test tabs::one_rings ... ok"), None);
        assert_eq!(failure("test result: FAILED. 1 passed; 1 failed"), None);
    }

    #[test]
    fn a_suite_that_ran_nothing_has_failed() {
        assert!(verdict(&[], true).is_err());
    }

    #[test]
    fn a_suite_that_crashes_has_failed() {
        let results = [Count { passed: 1, failed: 0 }, Count { passed: 2, failed: 0 }];
        assert_eq!(verdict(&results, true).ok(), Some(Count { passed: 3, failed: 0 }));
        assert_eq!(verdict(&results, false).ok(), Some(Count { passed: 3, failed: 1 }));
    }
}
