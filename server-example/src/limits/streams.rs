//! Answers on their way at once, per client and in all. Each replica counts its own: it is its memory and its sockets
//! that they use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::client::Client;

/// The answers on their way.
#[derive(Debug)]
pub(super) struct Streams {
    per_client: usize,
    in_all: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    /// Clients without an answer on its way are not in it, so it never holds more than `in_all`.
    by_client: HashMap<Client, usize>,
    count: usize,
}

/// One answer on its way; dropping it makes room.
#[derive(Debug)]
#[must_use]
pub(super) struct Permit {
    streams: Arc<Streams>,
    client: Client,
}

impl Streams {
    pub(super) fn new(per_client: usize, in_all: usize) -> Arc<Self> {
        Arc::new(Self { per_client, in_all, open: Mutex::default() })
    }

    /// Room for one more answer, when there is any.
    pub(super) fn enter(self: &Arc<Self>, client: Client) -> Option<Permit> {
        let mut open = self.open();
        let own = open.by_client.get(&client).copied().unwrap_or(0);
        if own >= self.per_client || open.count >= self.in_all {
            return None;
        }
        open.by_client.insert(client, own + 1);
        open.count += 1;
        Some(Permit { streams: Arc::clone(self), client })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        open.count = open.count.saturating_sub(1);
        if let Some(own) = open.by_client.get_mut(&self.client) {
            *own -= 1;
            if *own == 0 {
                open.by_client.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn a_permit_is_given_back_when_it_is_dropped_and_nothing_is_left_behind() {
        let client = |last| Client::from(IpAddr::from([192, 0, 2, last]));
        let streams = Streams::new(2, 3);
        let one = [streams.enter(client(1)).unwrap(), streams.enter(client(1)).unwrap()];
        assert!(streams.enter(client(1)).is_none(), "its own two");
        let other = streams.enter(client(2)).unwrap();
        assert!(streams.enter(client(3)).is_none(), "three in all");
        drop(other);
        assert!(streams.enter(client(1)).is_none());
        drop(streams.enter(client(3)).unwrap());
        drop(one);
        let open = streams.open();
        assert_eq!((open.count, open.by_client.len()), (0, 0));
    }
}
