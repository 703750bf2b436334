//! Every bound and every patience of both sides, in one place.

/// Bytes of a line that a pool sends, without its end.
pub(super) const POOL_LINE: usize = 256 << 10;
/// Bytes of a line that a miner sends, without its end.
pub(super) const MINER_LINE: usize = 4 << 10;
/// Characters of an id that is text.
pub(super) const ID: usize = 64;
/// Characters of a job's id.
pub(super) const JOB_ID: usize = 64;
/// Characters of a name that a miner or a pool gives itself, its user or its reasons: what is
/// longer is cut.
pub(super) const TEXT: usize = 200;
/// Bytes of `extranonce1`, and of `extranonce2`.
pub(super) const EXTRANONCE: usize = 16;
/// Bytes of a whole coinbase. The largest in use, with some hundred outputs, has about 20 kB.
pub(super) const COINBASE: usize = 100_000;

// The client.

/// From asking for a connection to its opening.
pub(super) const CONNECT_MS: u64 = 20_000;
/// From the connection to the answer to `mining.authorize`.
pub(super) const HANDSHAKE_MS: u64 = 30_000;
/// Without a job for so long, the pool is silent.
pub(super) const SILENCE_MS: u64 = 5 * 60_000;
/// From `mining.submit` to its answer.
pub(super) const ANSWER_MS: u64 = 60_000;
/// The first wait before the pool is dialled again; it doubles with each failure.
pub(super) const RETRY_FIRST_MS: u64 = 1_000;
/// The longest such wait.
pub(super) const RETRY_LONGEST_MS: u64 = 5 * 60_000;
/// The first such wait after a pool that refused us or broke the protocol.
pub(super) const RETRY_REFUSED_MS: u64 = 30_000;
/// A connection that brought work for this long starts the back-off again.
pub(super) const STEADY_MS: u64 = 60_000;
/// The longest wait that `client.reconnect` may ask for.
pub(super) const RECONNECT_WAIT_S: u64 = 10 * 60;
/// Shares that wait for an answer.
pub(super) const PENDING: usize = 64;
/// Works that were given out and may come back.
pub(super) const WORKS: usize = 1_024;
/// Jobs that shares are still sent for.
pub(super) const JOBS: usize = 16;
/// Messages of a pool at once, and each second.
pub(super) const POOL_MESSAGES: (u64, u64) = (600, 60);
/// Jobs of a pool at once, and each second.
pub(super) const POOL_JOBS: (u64, u64) = (60, 4);
/// Problems told at once, and each minute.
pub(super) const PROBLEMS: (u64, u64) = (20, 20);
/// Shares sent at once, and each second.
pub(super) const SHARES: (u64, u64) = (60, 20);

// The server.

/// From a connection to its `mining.authorize`.
pub(super) const AUTHORIZE_MS: u64 = 30_000;
/// A miner that says nothing for so long is gone.
pub(super) const MINER_SILENCE_MS: u64 = 10 * 60_000;
/// Messages of a miner at once, and each second.
pub(super) const MINER_MESSAGES: (u64, u64) = (300, 100);
/// Bytes of a miner at once, and each second.
pub(super) const MINER_BYTES: (u64, u64) = (128 << 10, 32 << 10);
/// Lines that are no message, of one connection, before it is closed.
pub(super) const STRIKES: u32 = 8;
/// Shares refused in a row before a connection is closed.
pub(super) const REFUSED_IN_ROW: u32 = 200;
/// Users that one connection may authorize.
pub(super) const USERS: usize = 16;
/// Jobs of one parent that shares are taken for.
pub(super) const SERVED_JOBS: usize = 8;
/// Shares of one connection that are remembered, to tell a repeated one.
pub(super) const SEEN: usize = 4_096;
/// A template that differs by its time alone is announced at most this often.
pub(super) const REFRESH_MS: u64 = 15_000;
/// Seconds past the server's clock that a share's time may be, where the time may be changed.
pub(super) const TIME_AHEAD_S: u32 = 600;
/// Lines of the log that miners can cause at once, and each minute.
pub(super) const LOG_LINES: (u64, u64) = (60, 60);
