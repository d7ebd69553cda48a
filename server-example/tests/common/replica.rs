//! The real binary as a process of its own, one of several behind a balancer.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use reqwest::{Client, Response};

use super::{client, conversation, soon};

pub struct Replica {
    pub url: String,
    pub client: Client,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Replica {
    /// Returns once it says where it is.
    pub async fn start(variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_natter-server-example"));
        command.env_clear().env("NATTER_ADDR", "127.0.0.1:0").env("NATTER_WORD_DELAY", "0");
        command.envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                lines.lock().unwrap().push(line);
            }
        });
        let (sender, mut said) = tokio::sync::mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let line = soon(said.recv()).await.expect("it did not start");
        let url = line.strip_prefix("Natter is at ").unwrap().to_owned();
        Self { url, client: client(), child, log }
    }

    pub async fn ask(&self) -> Response {
        let request = self.client.post(format!("{}/api/chat?format=text", self.url)).json(&conversation(&["hi"]));
        soon(request.send()).await.unwrap()
    }

    /// Requests that are left, as the answer to one more says.
    pub async fn left(&self) -> u64 {
        let response = self.ask().await;
        let state = response.headers()["ratelimit"].to_str().unwrap().to_owned();
        let left = state.split(';').find_map(|part| part.strip_prefix("r=")).unwrap();
        left.parse().unwrap()
    }

    /// How many lines of the log hold `text`.
    pub fn logged(&self, text: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|line| line.contains(text)).count()
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
