//! Every bound and every patience of the node, in one place. A peer can make us hold no more than
//! these allow, and wait no longer.

/// Bytes handed to the driver for one peer and not yet gone: past this nothing more is served or
/// read of it until [`Input::Drained`](super::Input::Drained). One block may go over it.
pub(super) const SEND_WINDOW: usize = 1 << 20;
/// A peer that takes nothing of what it was sent for this long is left.
pub(super) const DRAIN_MS: u64 = 120_000;
/// Bytes of one peer that may wait to be read: its longest `inv`, or a block and some more.
pub(super) const BACKLOG: usize = 2 << 20;
/// The same for all peers: whoever has most leaves.
pub(super) const BACKLOG_ALL: usize = 64 << 20;

/// From asking for a connection, or its coming, to the last message of the handshake.
pub(super) const HANDSHAKE_MS: u64 = 60_000;
/// The first wait before a configured peer is dialled again; it doubles with each failure.
pub(super) const RETRY_FIRST_MS: u64 = 1_000;
/// The longest such wait.
pub(super) const RETRY_LONGEST_MS: u64 = 60_000;
/// The same for a configured peer that broke the protocol.
pub(super) const RETRY_MISBEHAVED_MS: u64 = 10 * 60_000;
/// A connection that held this long starts the back-off again.
pub(super) const STEADY_MS: u64 = 60_000;
/// How long an address that broke the protocol is unwelcome.
pub(super) const DISCOURAGE_MS: u64 = 24 * 3_600_000;
/// Addresses that are unwelcome at a time.
pub(super) const DISCOURAGED: usize = 1_000;
/// Between two pings.
pub(super) const PING_EVERY_MS: u64 = 30_000;
/// From a ping to its answer, while nothing else is on its way in either direction.
pub(super) const PONG_MS: u64 = 90_000;
/// Connections that are safe from eviction for each merit.
pub(super) const PROTECTED: usize = 4;
/// Lines of the log that peers can cause in a minute.
pub(super) const LOG_LINES: u32 = 60;
/// The minute of the line above.
pub(super) const LOG_MS: u64 = 60_000;

/// Headers in one message, by the protocol.
pub(super) const HEADERS_IN_MESSAGE: usize = 2_000;
/// From `getheaders` to `headers`.
pub(super) const HEADERS_ANSWER_MS: u64 = 60_000;
/// Headers of unknown parents in a row before a peer is left.
pub(super) const UNCONNECTED_IN_ROW: u32 = 8;
/// Headers in an announcement (BIP130).
pub(super) const HEADERS_ANNOUNCED: usize = 8;
/// Hashes in an answer to `getblocks`.
pub(super) const BLOCKS_IN_INV: usize = 500;

/// How far above the validated tip blocks are fetched.
pub(super) const BLOCKS_AHEAD: usize = 128;
/// Blocks asked of one peer at a time.
pub(super) const BLOCKS_PER_PEER: usize = 16;
/// A peer that was asked for blocks must bring one in this time, and each in as many times this as
/// blocks were asked of it before.
pub(super) const BLOCK_SILENCE_MS: u64 = 30_000;
/// The block that all others wait for is asked of one more peer each time this has passed.
pub(super) const BLOCK_STALL_MS: u64 = 5_000;
/// Blocks that one peer is known not to have.
pub(super) const LACKED_BLOCKS: usize = 256;
/// Headers without blocks past which the node is far behind.
pub(super) const FAR_BEHIND: u32 = 3;
/// A node whose tip is younger than this, and not far behind, has caught up.
pub(super) const TIP_OF_TODAY_S: u64 = 24 * 3_600;
/// So has one that is far behind and was brought no block for this long: nobody has them.
pub(super) const STUCK_MS: u64 = 5 * 60_000;

/// Transactions for which one peer is noted as a source.
pub(super) const INTERESTS: usize = 2_000;
/// Transactions asked of one peer at a time.
pub(super) const ASKED_TRANSACTIONS: usize = 100;
/// Transactions beyond its interests that one peer announced, and that wait for their turn.
pub(super) const DEFERRED: usize = 8_000;
/// From `getdata` to `tx`, before another source is asked.
pub(super) const TRANSACTION_ANSWER_MS: u64 = 20_000;
/// Hashes that one peer is known to have.
pub(super) const KNOWN_TO_PEER: usize = 2_000;
/// Transactions that wait to be announced to one peer.
pub(super) const UNANNOUNCED: usize = 5_000;
/// Between two answers to `mempool` of one peer.
pub(super) const TOLD_ALL_EVERY_MS: u64 = 60_000;
/// Transactions in one announcement.
pub(super) const ANNOUNCED: usize = 1_000;
/// Transactions that were refused, and those of the last blocks, that are remembered.
pub(super) const REMEMBERED: usize = 5_000;
/// An announcement waits at least this long for others...
pub(super) const TRICKLE_MS: u64 = 50;
/// ... and up to this much longer, so that nobody reads from it where a transaction began.
pub(super) const TRICKLE_JITTER_MS: u64 = 400;
/// Parents of one orphan that are asked for.
pub(super) const ORPHAN_PARENTS: usize = 24;
/// Between two looks at whether `feefilter` should be said again.
pub(super) const FEE_FILTER_MS: u64 = 60_000;

/// Addresses in an answer to `getaddr`.
pub(super) const ADDRESSES: usize = 16;

/// Filters in an answer (BIP157).
pub(super) const FILTERS: u32 = 1_000;
/// Filter hashes in an answer (BIP157).
pub(super) const FILTER_HEADERS: u32 = 2_000;
/// Blocks between two checkpoints of filters (BIP157).
pub(super) const FILTER_CHECKPOINTS: u32 = 1_000;

/// Templates that are waited for.
pub(super) const LONG_POLLS: usize = 64;
/// How long a long poll waits.
pub(super) const LONG_POLL_MS: u64 = 60_000;
/// After this a long poll is also answered where the fees are better.
pub(super) const BETTER_FEES_MS: u64 = 3_000;

/// A pause between two inputs that is longer than this was sleep.
pub(super) const PAUSE_MS: u64 = 60_000;
/// Deadlines are looked at this often.
pub(super) const LOOK_EVERY_MS: u64 = 500;
