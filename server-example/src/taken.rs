//! Connections that end when nobody takes what is sent to them: a reader who stalls for ever would keep an answer's place,
//! and one who never read a byte would keep a file handle.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A connection whose writes fail once none has gone through for some time. Reading it is not watched.
#[derive(Debug)]
pub(crate) struct Taken<T> {
    connection: T,
    patience: Duration,
    /// While a write waits.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<T> Taken<T> {
    pub(crate) fn new(connection: T, patience: Duration) -> Self {
        Self { connection, patience, deadline: None }
    }

    /// What became of a write, or that it has waited for too long.
    fn watch<U>(&mut self, write: Poll<io::Result<U>>, context: &mut Context<'_>) -> Poll<io::Result<U>> {
        if write.is_ready() {
            self.deadline = None;
            return write;
        }
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(self.patience)));
        deadline.as_mut().poll(context).map(|()| Err(io::Error::new(io::ErrorKind::TimedOut, "nobody reads it")))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Taken<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Taken<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.connection).poll_write(context, bytes);
        self.watch(write, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.connection).poll_write_vectored(context, slices);
        self.watch(write, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flush = Pin::new(&mut self.connection).poll_flush(context);
        self.watch(flush, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::Instant;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn what_nobody_takes_fails_after_a_while() {
        let (near, _far) = duplex(4);
        let started = Instant::now();
        let error = Taken::new(near, PATIENCE).write_all(b"longer than there is room").await.unwrap_err();
        assert_eq!((error.kind(), started.elapsed().as_secs()), (io::ErrorKind::TimedOut, 60));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_a_little_now_and_then_gets_all_of_it() {
        let (near, mut far) = duplex(4);
        let reading = async {
            let mut seen = Vec::new();
            while seen.len() < 26 {
                sleep(PATIENCE - Duration::from_secs(1)).await;
                seen.push(far.read_u8().await.unwrap());
            }
            seen
        };
        let mut near = Taken::new(near, PATIENCE);
        let (written, seen) = tokio::join!(near.write_all(b"abcdefghijklmnopqrstuvwxyz"), reading);
        assert!(written.is_ok() && seen == b"abcdefghijklmnopqrstuvwxyz");
    }
}
