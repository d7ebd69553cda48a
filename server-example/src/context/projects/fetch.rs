//! The projects of an address.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Client;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{interval, timeout};

use super::{ALSO, LABEL, Project, list, parse};
use crate::context::Provider;
use crate::http;
use crate::settings::SettingsError;

/// How long connecting may take, and how long the whole of it.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that a list may have.
const MAX_BODY: usize = 256 * 1024;

/// The list as it was last fetched; questions never wait for it.
pub(in crate::context) struct Fetched {
    last: Arc<Mutex<Vec<Project>>>,
    task: JoinHandle<()>,
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetched").field("last", &self.last).finish_non_exhaustive()
    }
}

impl Drop for Fetched {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Fetched {
    /// Fetches in the background from now on, every `seconds`.
    ///
    /// # Errors
    /// There is no runtime to do it on, or no TLS.
    pub(in crate::context) fn start(url: &str, seconds: u64) -> Result<Self, SettingsError> {
        let refuse = |why: &str| SettingsError::path("projects_url", Some(url.as_ref()), why);
        let runtime = Handle::try_current().map_err(|_| refuse("needs a Tokio runtime"))?;
        let client = http::client(PATIENCE).map_err(|error| refuse(&format!("needs an HTTPS client: {error}")))?;
        let last = Arc::new(Mutex::new(Vec::new()));
        let task = runtime.spawn(keep(client, url.to_owned(), Duration::from_secs(seconds), Arc::clone(&last)));
        Ok(Self { last, task })
    }
}

impl Provider for Fetched {
    fn label(&self) -> &'static str {
        LABEL
    }

    fn also(&self) -> &'static str {
        ALSO
    }

    fn text(&self) -> Option<String> {
        list(&self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Fetches again and again. While that fails, the last good list stays; the first failure in a row is logged, without the
/// address, which may hold a token.
async fn keep(client: Client, url: String, every: Duration, last: Arc<Mutex<Vec<Project>>>) {
    let mut ticks = interval(every);
    let mut well = true;
    loop {
        ticks.tick().await;
        let fetched = timeout(PATIENCE, fetch(&client, &url)).await.unwrap_or_else(|_| Err("took too long".into()));
        match fetched {
            Ok(projects) => {
                *last.lock().unwrap_or_else(PoisonError::into_inner) = projects;
                well = true;
            }
            Err(why) => {
                if std::mem::replace(&mut well, false) {
                    tracing::warn!(why, "the projects cannot be fetched; the last that were stay");
                }
            }
        }
    }
}

async fn fetch(client: &Client, url: &str) -> Result<Vec<Project>, String> {
    let broken = |error: reqwest::Error| format!("cannot be fetched: {}", error.without_url());
    let mut response = client.get(url).send().await.map_err(broken)?;
    if !response.status().is_success() {
        return Err(format!("is answered with {}", response.status()));
    }
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(broken)? {
        body.extend_from_slice(&bytes);
        if body.len() > MAX_BODY {
            return Err(format!("is longer than {MAX_BODY} bytes"));
        }
    }
    parse(&String::from_utf8(body).map_err(|_| "is not UTF-8")?)
}
