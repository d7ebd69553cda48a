//! What happens to a reply's copy in Redis, each in one step. Redis may do a step for whose answer nobody waited any more, so
//! that it is asked for again: what is done already is not done twice.
//!
//! A copy is the stream `natter:reply:ID`. Its entries have two fields: `r`, the run that wrote it, and one of `h` (the
//! head, always the first entry), `e` (an event), `d` (a reader has had the last one) and `s` (it was ended from outside,
//! and why: then this is the only entry). Replicas tell each other what cannot wait on the channel `natter:replies`:
//! `began RUN ID` (whoever says another run may have been replaced), `stop RUN ID` (it is to be given up; `-` is whatever
//! run there is), `reads RUN ID` (it has a reader elsewhere) and `done RUN ID` (who has had the last event).

use std::sync::LazyLock;
use std::time::Duration;

use redis::aio::ConnectionManager;
use redis::{AsyncCommands, RedisResult, Script};

use crate::redis::Redis;

/// Where replicas tell each other what cannot wait.
pub(super) const CHANNEL: &str = "natter:replies";
/// How long it can be read that a copy was ended from outside.
const ENDED: Duration = Duration::from_secs(10);

static BEGIN: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
         local run = first and first[2][2] or ''
         if string.sub(run, 1, 16) == string.sub(ARGV[1], 1, 16) and run > ARGV[1] then return 0 end
         if run == ARGV[1] and first[2][3] == 'h' then
             redis.call('PEXPIRE', KEYS[1], ARGV[3])
             return 1
         end
         redis.call('DEL', KEYS[1])
         redis.call('XADD', KEYS[1], '*', 'r', ARGV[1], 'h', ARGV[2])
         redis.call('PEXPIRE', KEYS[1], ARGV[3])
         redis.call('PUBLISH', ARGV[4], 'began ' .. ARGV[1] .. ' ' .. ARGV[5])
         return 1",
    )
});

static APPEND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
         if not first then return 0 end
         if first[2][2] ~= ARGV[1] or first[2][3] ~= 'h' then return -1 end
         local done = math.max(redis.call('XLEN', KEYS[1]) - 1 - tonumber(ARGV[3]), 0)
         for i = 4 + done, #ARGV do
             redis.call('XADD', KEYS[1], '*', 'r', ARGV[1], 'e', ARGV[i])
         end
         redis.call('PEXPIRE', KEYS[1], ARGV[2])
         return 1",
    )
});

static DELIVER: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
         if not first or first[2][2] ~= ARGV[1] or first[2][3] ~= 'h' then return end
         redis.call('XADD', KEYS[1], '*', 'r', ARGV[1], 'd', '')
         redis.call('PEXPIRE', KEYS[1], ARGV[2])",
    )
});

static END: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
         local run = '-'
         if first and first[2][3] == 'h' and (ARGV[1] == '-' or ARGV[1] == first[2][2]) then
             run = first[2][2]
             redis.call('DEL', KEYS[1])
             redis.call('XADD', KEYS[1], '*', 'r', run, 's', ARGV[2])
             redis.call('PEXPIRE', KEYS[1], ARGV[3])
         end
         if ARGV[1] == '-' then redis.call('PUBLISH', ARGV[4], 'stop ' .. run .. ' ' .. ARGV[5]) end",
    )
});

/// Why a copy was ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The reply was given up.
    GivenUp,
    /// It said more than is kept.
    Outgrown,
}

impl Why {
    fn name(self) -> &'static str {
        match self {
            Self::GivenUp => "given-up",
            Self::Outgrown => "outgrown",
        }
    }

    pub(super) fn from_name(name: &str) -> Self {
        if name == Self::Outgrown.name() { Self::Outgrown } else { Self::GivenUp }
    }
}

/// What became of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Appended {
    Done,
    /// There is no copy any more: Redis forgot it.
    Gone,
    /// Another reply has taken its place, or it was ended from outside.
    Ended,
}

/// A reply's copy in Redis, by the conversation's id. Each step is `None` while Redis is lost.
#[derive(Debug, Clone)]
pub(super) struct Copy {
    pub(super) redis: Redis,
    pub(super) id: String,
}

impl Copy {
    pub(super) fn key(&self) -> String {
        format!("natter:reply:{}", self.id)
    }

    /// Starts it anew; whoever says another reply of this conversation is told. `false` when it is of a later run of the
    /// same replica already: when Redis comes back, several may begin that waited for it.
    pub(super) async fn begin(&self, run: &str, head: &str, expiry: Duration) -> Option<bool> {
        let mut call = BEGIN.key(self.key());
        call.arg(run).arg(head).arg(millis(expiry)).arg(CHANNEL).arg(&self.id);
        self.redis.run(async |connection: &mut ConnectionManager| call.invoke_async(connection).await).await
    }

    /// Adds the events after the first `written`, and sets back its expiry.
    pub(super) async fn append(
        &self,
        run: &str,
        written: u64,
        events: &[String],
        expiry: Duration,
    ) -> Option<Appended> {
        let mut call = APPEND.key(self.key());
        call.arg(run).arg(millis(expiry)).arg(written).arg(events);
        let done: i64 =
            self.redis.run(async |connection: &mut ConnectionManager| call.invoke_async(connection).await).await?;
        Some(match done {
            1 => Appended::Done,
            0 => Appended::Gone,
            _ => Appended::Ended,
        })
    }

    /// Notes that a reader has had the last event, and sets back its expiry.
    pub(super) async fn deliver(&self, run: &str, expiry: Duration) -> Option<()> {
        let mut call = DELIVER.key(self.key());
        call.arg(run).arg(millis(expiry));
        self.redis.run(async |connection: &mut ConnectionManager| call.invoke_async(connection).await).await
    }

    /// Ends it from outside. Without a run it is ended whatever run it is of, and whoever says it gives it up.
    pub(super) async fn end(&self, run: Option<&str>, why: Why) -> Option<()> {
        let mut call = END.key(self.key());
        call.arg(run.unwrap_or("-")).arg(why.name()).arg(millis(ENDED)).arg(CHANNEL).arg(&self.id);
        self.redis.run(async |connection: &mut ConnectionManager| call.invoke_async(connection).await).await
    }

    /// Tells the replica that says it.
    pub(super) async fn tell(&self, verb: &str, run: &str) -> Option<()> {
        let message = format!("{verb} {run} {}", self.id);
        let publish = async |connection: &mut ConnectionManager| -> RedisResult<()> {
            connection.publish(CHANNEL, message).await
        };
        self.redis.run(publish).await
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
