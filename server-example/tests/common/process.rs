//! The real binary as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
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

/// Sends a signal, such as `-TERM`.
pub fn signal(id: u32, signal: &str) {
    assert!(Command::new("kill").args([signal, &id.to_string()]).status().unwrap().success());
}

/// A running server, killed with the test.
pub struct Process {
    pub addr: SocketAddr,
    child: Child,
    /// Kept open: it says more than where it is.
    _stdout: BufReader<ChildStdout>,
    /// The lines of the log as they come.
    log: Arc<Mutex<Vec<String>>>,
    /// Reads them, so that they never fill their pipe.
    reader: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts it and waits until it says where it is.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                lines.lock().unwrap().push(line.unwrap());
            }
        });
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let addr = line.trim().rsplit_once("http://").expect("it did not start").1.parse().unwrap();
        Self { addr, child, _stdout: stdout, log, reader: Some(reader) }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// How many lines of the log hold `text` by now.
    pub fn logged(&self, text: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|line| line.contains(text)).count()
    }

    /// Tells it to end, as a terminal or a container does.
    pub fn terminate(&self) {
        signal(self.id(), "-TERM");
    }

    /// Waits until it has ended by itself; its exit code.
    pub async fn exit_code(&mut self) -> Option<i32> {
        let mut status = None;
        super::until(|| {
            status = self.child.try_wait().unwrap();
            status.is_some()
        })
        .await;
        status.unwrap().code()
    }

    /// Kills it; all that it logged.
    pub fn end(mut self) -> String {
        self.child.kill().unwrap();
        self.reader.take().unwrap().join().unwrap();
        self.log.lock().unwrap().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
