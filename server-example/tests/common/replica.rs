//! One of several servers behind a balancer: the real binary, and a visitor who asks it.

use reqwest::{Client, Response};

use super::process::{Process, binary};
use super::{client, conversation, soon};

pub struct Replica {
    process: Process,
    client: Client,
}

impl Replica {
    /// Returns once it says where it is.
    pub fn start(variables: &[(&str, &str)]) -> Self {
        let mut command = binary();
        command.env("NATTER_WORD_DELAY", "0").envs(variables.iter().copied());
        Self { process: Process::start(command), client: client() }
    }

    pub async fn ask(&self) -> Response {
        let request = self.client.post(self.process.url("/api/chat?format=text")).json(&conversation(&["hi"]));
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
        self.process.logged(text)
    }
}
