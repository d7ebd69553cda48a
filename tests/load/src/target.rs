//! The ways to the mock: straight, through nginx, through the server, and through the server with replies that can be
//! resumed, as the widget asks for them.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::mock::Mock;
use crate::process::Process;
use crate::visitor;

/// One way, and the process on it.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) addr: SocketAddr,
    pub(crate) path: &'static str,
    pub(crate) process: Option<Process>,
    /// Questions have an id.
    pub(crate) resumable: bool,
    /// Bytes that the process held when it had answered a few questions and had nothing to do.
    pub(crate) idle: u64,
    /// Where nginx keeps its files.
    _folder: Option<TempDir>,
}

impl Target {
    pub(crate) fn direct(mock: &Mock) -> Self {
        Self {
            name: "direct",
            addr: mock.addr,
            path: "/v1/chat/completions",
            process: None,
            resumable: false,
            idle: 0,
            _folder: None,
        }
    }

    /// nginx with its advice for such streams: no buffering, connections to the upstream kept.
    pub(crate) async fn nginx(mock: &Mock) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let at = |name: &str| folder.path().join(name).display().to_string();
        let scratch: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("  {kind}_temp_path {};\n", at(kind)))
            .concat();
        let config = format!(
            "daemon off; pid {}; error_log {} warn; worker_processes 2; worker_rlimit_nofile 20000;\n\
             events {{ worker_connections 16384; }}\nhttp {{\n{scratch}  access_log off;\n\
             \x20 upstream mock {{ server {}; keepalive 256; }}\n\
             \x20 server {{ listen {addr} backlog=8192; location / {{ proxy_pass http://mock; proxy_http_version 1.1;\n\
             \x20   proxy_set_header Connection \"\"; proxy_buffering off; proxy_read_timeout 1h; }} }}\n}}\n",
            at("pid"),
            at("log"),
            mock.addr,
        );
        fs::write(folder.path().join("nginx.conf"), config)?;
        let mut command = Command::new("nginx");
        command.args(["-e", &at("log"), "-c", &at("nginx.conf")]).stdin(Stdio::null());
        let child = command.spawn().context("nginx does not start; on Debian `apt-get install nginx` brings it")?;
        let path = "/v1/chat/completions";
        let target = Self {
            name: "nginx",
            addr,
            path,
            process: Some(Process(child)),
            resumable: false,
            idle: 0,
            _folder: Some(folder),
        };
        target.answers().await?;
        Ok(target)
    }

    /// The server with no limits to run into. Asked for replies that are `resumable`, it keeps them for a while.
    pub(crate) async fn server(mock: &Mock, binary: &Path, resumable: bool) -> Result<Self> {
        let mut command = Command::new(binary);
        let settings = [
            ("NATTER_ADDR", "127.0.0.1:0"),
            ("NATTER_RATE_LIMIT", "1000000000/1"),
            ("NATTER_MAX_STREAMS", "100000"),
            ("NATTER_CLIENT_STREAMS", "100000"),
            ("OPENAI_API_KEY", "none"),
            ("OPENAI_BASE_URL", &format!("http://{}/v1", mock.addr)),
            // A line per request is for people, not for thousands of requests a second.
            ("RUST_LOG", "warn"),
        ];
        command.env_clear().envs(settings).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().with_context(|| format!("{} does not start", binary.display()))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let addr = line.trim().rsplit('/').next().and_then(|addr| addr.parse().ok());
        let addr = addr.with_context(|| format!("the server does not say where it is: {line:?}"))?;
        let process = Some(Process(child));
        let name = if resumable { "natter, resumable" } else { "natter" };
        let target = Self { name, addr, path: "/api/chat", process, resumable, idle: 0, _folder: None };
        target.answers().await?;
        Ok(target)
    }

    /// Connections are made and caches are warm before anything counts.
    pub(crate) async fn warm(mut self) -> Result<Self> {
        let client = visitor::client()?;
        for _ in 0..50 {
            visitor::first_token(&client, &self).await?;
        }
        if let Some(process) = &self.process {
            self.idle = process.used()?.memory;
        }
        Ok(self)
    }

    async fn answers(&self) -> Result<()> {
        for _ in 0..500 {
            if tokio::net::TcpStream::connect(self.addr).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("{} does not answer at {}", self.name, self.addr)
    }
}
