//! A real Redis of the test's own.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A `redis-server` that ends with the test and keeps nothing.
pub struct Redis {
    port: u16,
    folder: TempDir,
    child: Child,
}

impl Redis {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        loop {
            // Free a moment ago. When another test was faster, there is another port.
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut child = spawn(port, &folder);
            if answers(port, &mut child).await {
                return Self { port, folder, child };
            }
        }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it without a word to anybody.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it anew, with nothing in it.
    pub async fn restart(&mut self) {
        self.kill();
        self.child = spawn(self.port, &self.folder);
        assert!(answers(self.port, &mut self.child).await, "somebody took the port");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(port: u16, folder: &TempDir) -> Child {
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()]);
    command.arg("--dir").arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("there is no redis-server: run `cargo xtask setup`")
}

/// Waits until it answers; not if it has ended, because the port is somebody else's.
async fn answers(port: u16, child: &mut Child) -> bool {
    super::soon(async {
        while child.try_wait().unwrap().is_none() {
            if process(port).await == Some(child.id()) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    })
    .await
}

/// The process that answers at the port.
async fn process(port: u16) -> Option<u32> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    connection.write_all(b"INFO server\r\nQUIT\r\n").await.ok()?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.ok()?;
    answer.lines().find_map(|line| line.strip_prefix("process_id:"))?.parse().ok()
}
