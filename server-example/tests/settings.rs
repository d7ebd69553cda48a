//! The real binary: what it says when it starts, and why it does not.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Output, Stdio};

use common::process::{binary, signal};

fn run(args: &[&str], variables: &[(&str, &str)]) -> Output {
    binary().args(args).envs(variables.iter().copied()).output().unwrap()
}

/// What it says when it does not start: one line.
fn refusal(args: &[&str], variables: &[(&str, &str)]) -> String {
    let output = run(args, variables);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{args:?} {variables:?} → {text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(output.stdout.is_empty());
    text
}

#[test]
fn a_wrong_value_is_named_with_what_is_accepted() {
    for (variable, flag, value, accepted) in [
        ("NATTER_RATE_LIMIT", "--rate-limit", "twenty", "requests/seconds, both at least 1, such as 20/60"),
        ("NATTER_ADDR", "--addr", "8787", "127.0.0.1:8787"),
        ("NATTER_MAX_BODY", "--max-body", "0", "a whole number from 1024 to 67108864"),
        ("NATTER_UPSTREAM_TIMEOUT", "--upstream-timeout", "1.5", "a whole number from 1 to 3600"),
        ("NATTER_TEMPERATURE", "--temperature", "3", "a number from 0 to 2"),
        ("NATTER_TRUSTED_PROXIES", "--trusted-proxies", "10.0.0.0/33", "networks or addresses, such as 10.0.0.0/8"),
        ("NATTER_ALLOWED_ORIGINS", "--allowed-origins", "https://a.example/", "origins without a path"),
        ("OPENAI_BASE_URL", "--openai-base-url", "api.openai.com", "an http or https URL"),
    ] {
        let by_flag = refusal(&[&format!("{flag}={value}")], &[]);
        let by_variable = refusal(&[], &[(variable, value)]);
        assert_eq!(by_flag, by_variable);
        for part in [variable, flag, &format!("{value:?}"), accepted] {
            assert!(by_flag.contains(part), "{part} is missing in {by_flag}");
        }
    }
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    for (args, parts) in [
        (["--config", "/nowhere.toml"], ["--config (NATTER_CONFIG)", "/nowhere.toml", "cannot be read"]),
        (["--knowledge", path], ["--knowledge (NATTER_KNOWLEDGE)", path, "no Markdown file"]),
        (["--context", path], ["--context (NATTER_CONTEXT)", path, "availability.md cannot be read"]),
    ] {
        let text = refusal(&args, &[]);
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    }
    let text = refusal(&["--system-prompt", "/nowhere.md"], &[("OPENAI_API_KEY", "sk-x")]);
    assert!(text.contains("--system-prompt (NATTER_SYSTEM_PROMPT) names /nowhere.md, which cannot be read"), "{text}");
}

#[test]
fn unknown_flags_and_keys_are_named() {
    let text = refusal(&["--rate-limits", "1/1"], &[]);
    assert!(text.contains("no setting --rate-limits") && text.contains("did you mean --rate-limit?"), "{text}");
    let text = refusal(&["--rate-limit"], &[]);
    assert!(text.contains("--rate-limit (NATTER_RATE_LIMIT) needs a value"), "{text}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("natter.toml");
    for (toml, expected) in [
        ("rate_limit = 20", "unknown setting \"rate_limit\"; it takes addr, contact-file, "),
        ("rate-limit = [20, 60]", "gives rate-limit a value of type array"),
        ("rate-limit = \"x\"", "--rate-limit (NATTER_RATE_LIMIT) cannot be \"x\""),
        ("rate-limit = ", "is not TOML"),
        ("config = \"other.toml\"", "unknown setting \"config\""),
    ] {
        std::fs::write(&file, toml).unwrap();
        let text = refusal(&["--config", file.to_str().unwrap()], &[]);
        assert!(text.contains(expected), "{toml}\n→ {text}");
    }
}

#[test]
fn a_port_in_use_is_said_to_be() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let text = refusal(&["--addr", &addr], &[]);
    assert!(text.contains(&format!("--addr (NATTER_ADDR) is {addr}, which another program uses")), "{text}");
}

#[test]
fn a_key_is_never_printed() {
    for (key, variable) in [("sk-secret key", "OPENAI_API_KEY"), ("sk-secret\u{e9}", "OPENAI_API_KEY")] {
        let text = refusal(&[], &[(variable, key)]);
        assert!(text.contains("OPENAI_API_KEY") && !text.contains("secret"), "{text}");
    }
    let output = run(&["--help"], &[("OPENAI_API_KEY", "sk-secret")]);
    assert!(!String::from_utf8(output.stdout).unwrap().contains("secret"));
}

#[test]
fn a_redis_that_cannot_be_meant_is_refused_without_its_password() {
    for url in ["http://:do-not-leak@127.0.0.1", "redis://:do-not-leak@127.0.0.1/zero"] {
        let text = refusal(&[], &[("REDIS_URL", url)]);
        assert!(text.contains("--redis-url (REDIS_URL) cannot be"), "{text}");
        assert!(text.contains("redis://127.0.0.1:6379") && !text.contains("do-not-leak"), "{text}");
    }
    // One over TLS, or one that is not there, is no reason not to start.
    for url in ["rediss://:do-not-leak@localhost:1", "redis://127.0.0.1:1"] {
        let (lines, output) = first_lines(&[], &[("REDIS_URL", url)]);
        assert!(lines[0].starts_with("Natter is at"), "{lines:?}");
        assert!(!String::from_utf8(output.stderr).unwrap().contains("do-not-leak"));
    }
}

#[test]
fn help_explains_every_setting() {
    let output = run(&["--help"], &[]);
    assert_eq!(output.status.code(), Some(0));
    let help = String::from_utf8(output.stdout).unwrap();
    for name in [
        "NATTER_CONFIG",
        "NATTER_ADDR",
        "NATTER_RATE_LIMIT",
        "NATTER_TRUSTED_PROXIES",
        "NATTER_PROXY_HEADER",
        "NATTER_ALLOWED_ORIGINS",
        "REDIS_URL",
        "NATTER_CLIENT_STREAMS",
        "NATTER_MAX_STREAMS",
        "NATTER_CLIENT_TOKENS",
        "NATTER_DAILY_TOKENS",
        "NATTER_MAX_TOTAL_LENGTH",
        "NATTER_SANITIZER",
        "NATTER_MAX_BODY",
        "NATTER_MAX_MESSAGES",
        "NATTER_MAX_LENGTH",
        "NATTER_SYSTEM_PROMPT",
        "NATTER_CONTEXT",
        "NATTER_PROJECTS_REFRESH",
        "NATTER_KNOWLEDGE",
        "NATTER_WORD_DELAY",
        "NATTER_CONTACT_FILE",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "OPENAI_MODEL",
        "NATTER_TEMPERATURE",
        "NATTER_MAX_TOKENS",
        "NATTER_CONTEXT_MESSAGES",
        "NATTER_UPSTREAM_TIMEOUT",
        "NATTER_HEADER_TIMEOUT",
        "NATTER_BODY_TIMEOUT",
        "NATTER_SEND_TIMEOUT",
        "NATTER_DRAIN_SECONDS",
        "NATTER_RESUME_SECONDS",
        "NATTER_RESUME_BUFFER",
        "bytes",
        "in seconds",
        "milliseconds",
        "characters",
    ] {
        assert!(help.contains(name), "{name} is missing in\n{help}");
    }
}

/// The first lines of a server that starts, and what its address answers.
fn first_lines(args: &[&str], variables: &[(&str, &str)]) -> (Vec<String>, Output) {
    let mut command = binary();
    command.args(args).envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(3).map(Result::unwrap).collect();
    // As from a terminal or a container.
    signal(child.id(), "-TERM");
    (lines, child.wait_with_output().unwrap())
}

#[test]
fn a_start_says_where_it_is_and_who_answers_and_a_signal_ends_it() {
    let (lines, output) = first_lines(&[], &[]);
    assert!(lines[0].starts_with("Natter is at http://127.0.0.1:"), "{lines:?}");
    assert!(lines[1].contains("notes, offline"), "{lines:?}");
    assert_eq!(output.status.code(), Some(0));

    let variables = [("OPENAI_API_KEY", "sk-secret"), ("OPENAI_BASE_URL", "http://localhost:1/v1")];
    let (lines, output) = first_lines(&["--openai-model", "m1"], &variables);
    assert_eq!(lines[1], "Answers come from m1 at localhost");
    assert!(!String::from_utf8(output.stderr).unwrap().contains("secret"));

    for (dialect, key, host) in [
        ("openai", "k", "api.openai.com"),
        ("responses", "k", "api.openai.com"),
        ("anthropic", "k", "api.anthropic.com"),
        ("ollama", "", "localhost"),
    ] {
        let variables = [("NATTER_UPSTREAM", dialect), ("OPENAI_API_KEY", key), ("NATTER_FALLBACK_MODELS", "m2")];
        let (lines, _) = first_lines(&["--openai-model", "m1"], &variables);
        assert_eq!(lines[1], format!("Answers come from m1, then m2 at {host}"));
    }
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("natter.toml");
    std::fs::write(&file, "openai-model = \"from-file\"\nmax-tokens = 7\ntemperature = 0.5\n").unwrap();
    let config = ("NATTER_CONFIG", file.to_str().unwrap());
    let key = ("OPENAI_API_KEY", "k");
    let model = |args: &[&str], variables: &[(&str, &str)]| {
        let (lines, _) = first_lines(args, variables);
        lines[1].split(' ').nth(3).unwrap().to_owned()
    };
    assert_eq!(model(&[], &[key]), "gpt-4o-mini");
    assert_eq!(model(&[], &[key, config]), "from-file");
    assert_eq!(model(&[], &[key, config, ("OPENAI_MODEL", "from-env")]), "from-env");
    assert_eq!(model(&["--openai-model=flag"], &[key, config, ("OPENAI_MODEL", "from-env")]), "flag");
    // An empty variable is one that is not set.
    assert_eq!(model(&[], &[key, config, ("OPENAI_MODEL", "")]), "from-file");
    let (lines, _) = first_lines(&[], &[("OPENAI_API_KEY", "")]);
    assert!(lines[1].contains("offline"), "{lines:?}");
}
