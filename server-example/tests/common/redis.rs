//! A real Redis on a free port, which a test may kill, stall and start again.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::process::signal;

pub struct Redis {
    pub port: u16,
    folder: TempDir,
    child: Option<Child>,
}

impl Redis {
    pub async fn start() -> Self {
        loop {
            // Free a moment ago. When another test was faster, there is another port.
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut server = Self { port, folder: tempfile::tempdir().unwrap(), child: None };
            if server.spawn().await {
                return server;
            }
        }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The same port, and nothing in it. Returns once it answers.
    pub async fn restart(&mut self) {
        self.kill();
        assert!(self.spawn().await, "somebody took the port");
    }

    /// Starts the process and waits until it answers; not if it has ended, because the port is somebody else's.
    async fn spawn(&mut self) -> bool {
        let port = self.port.to_string();
        let mut command = Command::new("redis-server");
        command.args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        command.current_dir(self.folder.path()).stdout(Stdio::null());
        match command.spawn() {
            Ok(child) => self.child = Some(child),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                panic!("redis-server is not on the PATH; `cargo xtask setup` installs it")
            }
            Err(error) => panic!("redis-server does not start: {error}"),
        }
        super::until(|| self.has_ended() || self.answers()).await;
        !self.has_ended()
    }

    /// At once, as a crash would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Keeps its connections and answers nothing, until it goes on.
    pub fn stall(&self) {
        signal(self.id(), "-STOP");
    }

    pub fn go_on(&self) {
        signal(self.id(), "-CONT");
    }

    fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some())
    }

    fn answers(&self) -> bool {
        let ask = || {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            stream.write_all(b"PING\r\n")?;
            let mut answer = [0; 7];
            stream.read_exact(&mut answer)?;
            std::io::Result::Ok(answer)
        };
        ask().is_ok_and(|answer| &answer == b"+PONG\r\n")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
