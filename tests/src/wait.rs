//! Waiting for a state, never for a time.

use std::time::{Duration, Instant};

/// How long a visitor waits before a test gives up. Generous, because several browsers share two cores.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// How often a state is looked at.
const INTERVAL: Duration = Duration::from_millis(50);

/// Asks `state` again and again until it gives something, for at most [`PATIENCE`].
pub async fn until<T>(mut state: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = state().await {
            return Some(value);
        }
        if Instant::now() >= deadline {
            return None;
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Waits for something that happens on the server's side.
///
/// # Panics
/// When it did not happen within [`PATIENCE`].
pub async fn event<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("after {} s there was still no sign of: {what}", PATIENCE.as_secs()),
    }
}
