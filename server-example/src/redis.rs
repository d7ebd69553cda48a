//! The Redis that replicas share, when there is one: used while it is there, done without while it is not.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, ErrorKind, RedisError, RedisResult, ServerErrorKind};
use tokio::sync::OnceCell;
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
    /// All commands share it. Once lost, the next attempt begins with a new one: an old one may wait for minutes for
    /// a machine that is gone.
    connection: RwLock<Arc<OnceCell<ConnectionManager>>>,
    lost: AtomicBool,
    /// A refused command was logged.
    refused: AtomicBool,
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
        let client = Client::open(url.expose()).map_err(|error| {
            format!("cannot be used ({}); it takes a URL such as redis://127.0.0.1:6379/0", error.category())
        })?;
        Ok(Self(Arc::new(Shared {
            client,
            connection: RwLock::default(),
            lost: AtomicBool::new(false),
            refused: AtomicBool::new(false),
        })))
    }

    /// What `command` finds; `None` while Redis is lost, when it does not answer at once, or when it refuses.
    pub(crate) async fn run<T>(
        &self,
        command: impl AsyncFnOnce(&mut ConnectionManager) -> RedisResult<T>,
    ) -> Option<T> {
        if !self.is_up() {
            return None;
        }
        let connection = self.connection();
        let failure = match timeout(PATIENCE, try_run(&self.0.client, &connection, command)).await {
            Ok(Ok(found)) => return Some(found),
            Ok(Err(error)) => Some(error),
            Err(_) => None,
        };
        match failure {
            Some(error) if concerns_one_command(&error) => self.refuse(&error),
            Some(error) => self.lose(&connection, error.category()),
            None => self.lose(&connection, "it does not answer"),
        }
        None
    }

    /// Whether it answered when it was last asked.
    pub(crate) fn is_up(&self) -> bool {
        !self.0.lost.load(Ordering::Acquire)
    }

    /// For a connection of one's own, for what waits: reading a stream to come, or a channel.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    fn connection(&self) -> Arc<OnceCell<ConnectionManager>> {
        Arc::clone(&self.0.connection.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn connect_anew(&self) -> Arc<OnceCell<ConnectionManager>> {
        let mut connection = self.0.connection.write().unwrap_or_else(PoisonError::into_inner);
        *connection = Arc::default();
        Arc::clone(&connection)
    }

    /// Logs the first command that a Redis that is there does not want to run.
    fn refuse(&self, error: &RedisError) {
        if !self.0.refused.swap(true, Ordering::Relaxed) {
            let code = error.code().unwrap_or_default();
            tracing::warn!(
                code,
                "Redis refuses a command; may its user run scripts, write keys natter:* and use channels natter:*?"
            );
        }
    }

    /// Goes on without it, and looks for it until it is there again.
    ///
    /// `connection` is where the failure was seen; one that was replaced since says nothing about Redis now.
    fn lose(&self, connection: &Arc<OnceCell<ConnectionManager>>, why: &str) {
        if !Arc::ptr_eq(connection, &self.connection()) || self.0.lost.swap(true, Ordering::AcqRel) {
            return;
        }
        tracing::error!("Redis is lost ({why}): each replica goes on by itself");
        let redis = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_AGAIN).await;
                if redis.is_there_again().await {
                    break;
                }
            }
            redis.0.lost.store(false, Ordering::Release);
            tracing::info!("Redis is back");
        });
    }

    /// Whether it can be written to over a new connection: one that is full, still loading or a mere copy answers too.
    async fn is_there_again(&self) -> bool {
        let connection = self.connect_anew();
        let probe = async |connection: &mut ConnectionManager| {
            redis::cmd("SET").arg("natter:probe").arg(1).arg("PX").arg(1000).exec_async(connection).await
        };
        matches!(timeout(PATIENCE, try_run(&self.0.client, &connection, probe)).await, Ok(Ok(())))
    }
}

async fn try_run<T>(
    client: &Client,
    connection: &OnceCell<ConnectionManager>,
    command: impl AsyncFnOnce(&mut ConnectionManager) -> RedisResult<T>,
) -> RedisResult<T> {
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(0)
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE));
    let connect = || client.get_connection_manager_with_config(config);
    let mut connection = connection.get_or_try_init(connect).await?.clone();
    command(&mut connection).await
}

/// Whether Redis is well and only does not want this command, so that others need not go without it.
fn concerns_one_command(error: &RedisError) -> bool {
    match error.kind() {
        ErrorKind::Server(ServerErrorKind::ResponseError | ServerErrorKind::NoPerm) => true,
        ErrorKind::UnexpectedReturnType => true,
        _ => error.code() == Some("WRONGTYPE"),
    }
}
