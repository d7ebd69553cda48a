//! The real binary as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

/// The binary, without the settings of whoever runs the tests, on a free port.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_natter-server-example"));
    let ours = ["NATTER_", "OPENAI_", "REDIS_"];
    for (name, _) in std::env::vars().filter(|(name, _)| ours.iter().any(|prefix| name.starts_with(prefix))) {
        command.env_remove(name);
    }
    command.env("NATTER_ADDR", "127.0.0.1:0");
    command
}

/// A running server, killed with the test.
pub struct Process {
    pub addr: SocketAddr,
    child: Child,
    /// Kept open: it says more than where it is.
    _stdout: BufReader<ChildStdout>,
    /// Reads the log, so that it never fills its pipe.
    log: Option<JoinHandle<String>>,
}

impl Process {
    /// Starts it and waits until it says where it is.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let addr = line.trim().rsplit_once("http://").expect("it did not start").1.parse().unwrap();
        Self { addr, child, _stdout: stdout, log: Some(log) }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// Ends it; all that it logged.
    pub fn end(mut self) -> String {
        self.child.kill().unwrap();
        self.log.take().unwrap().join().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
