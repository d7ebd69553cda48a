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
        // Free a moment ago; the system gives out free ports in turn, so nobody has it now.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let redis = Self { port, child: spawn(port, &folder), folder };
        redis.answers().await;
        redis
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
        self.answers().await;
    }

    async fn answers(&self) {
        super::soon(async {
            while !self.pings().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    }

    async fn pings(&self) -> bool {
        let Ok(mut connection) = TcpStream::connect(("127.0.0.1", self.port)).await else { return false };
        let mut answer = [0; 7];
        connection.write_all(b"PING\r\n").await.is_ok()
            && connection.read_exact(&mut answer).await.is_ok()
            && answer == *b"+PONG\r\n"
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
