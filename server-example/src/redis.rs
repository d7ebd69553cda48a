//! The Redis that replicas share, when there is one: used while it is there, done without while it is not.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult};
use tokio::time::timeout;

use crate::settings::Secret;

/// Longer than this no request waits for Redis; whoever asked goes on without it.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often a lost Redis is looked for.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// One Redis, behind one cheap clone. Losing it and finding it again are each logged once.
#[derive(Clone)]
pub(crate) struct Redis(Arc<Shared>);

struct Shared {
    client: Client,
    connection: tokio::sync::OnceCell<ConnectionManager>,
    lost: AtomicBool,
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("is_up", &self.is_up()).finish_non_exhaustive()
    }
}

impl Redis {
    /// Nothing is connected to before it is needed.
    ///
    /// # Errors
    /// One phrase on what is wrong with the address; it does not repeat it, since it may hold a password.
    pub(crate) fn new(url: &Secret) -> Result<Self, String> {
        let client = Client::open(url.expose()).map_err(|error| format!("is not usable: {}", error.category()))?;
        let (connection, lost) = (tokio::sync::OnceCell::new(), AtomicBool::new(false));
        Ok(Self(Arc::new(Shared { client, connection, lost })))
    }

    /// What `command` finds; `None` while Redis is lost or when it does not answer at once.
    pub(crate) async fn run<T>(
        &self,
        command: impl AsyncFnOnce(&mut ConnectionManager) -> RedisResult<T>,
    ) -> Option<T> {
        if !self.is_up() {
            return None;
        }
        match timeout(PATIENCE, self.try_run(command)).await {
            Ok(Ok(found)) => return Some(found),
            Ok(Err(error)) => self.lose(error.category()),
            Err(_) => self.lose("it does not answer"),
        }
        None
    }

    /// Whether it answered when it was last asked.
    pub(crate) fn is_up(&self) -> bool {
        !self.0.lost.load(Ordering::Relaxed)
    }

    /// A connection of one's own, for what waits: reading a stream to come, or a channel.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    async fn try_run<T>(&self, command: impl AsyncFnOnce(&mut ConnectionManager) -> RedisResult<T>) -> RedisResult<T> {
        let config = ConnectionManagerConfig::new().set_number_of_retries(0).set_response_timeout(Some(PATIENCE));
        let connect = || self.0.client.get_connection_manager_with_config(config);
        let mut connection = self.0.connection.get_or_try_init(connect).await?.clone();
        command(&mut connection).await
    }

    /// Goes on without it, and looks for it until it is there again.
    fn lose(&self, why: &str) {
        if self.0.lost.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::error!("Redis is lost ({why}): each replica goes on by itself");
        let redis = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_AGAIN).await;
                let ping = redis.try_run(async |connection| redis::cmd("PING").query_async::<String>(connection).await);
                if matches!(timeout(PATIENCE, ping).await, Ok(Ok(_))) {
                    redis.0.lost.store(false, Ordering::Relaxed);
                    tracing::info!("Redis is back");
                    return;
                }
            }
        });
    }
}
