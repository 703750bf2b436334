//! Every bound and every patience of the client, in one place. A peer can make us hold no more
//! than these allow, and wait no longer.

/// Nodes that may be configured.
pub(crate) const NODES: usize = 8;
/// Messages of each node's conversation that are kept for people.
pub(crate) const SAID: usize = 24;

/// From asking for a connection to the last message of the handshake.
pub(crate) const HANDSHAKE_MS: u64 = 60_000;
/// The first wait before a node is tried again; it doubles with each failure.
pub(crate) const RETRY_FIRST_MS: u64 = 1_000;
/// The longest wait before a node is tried again: a till cannot wait for minutes.
pub(crate) const RETRY_LONGEST_MS: u64 = 60_000;
/// A connection that held this long starts the back-off again from the first wait.
pub(crate) const STEADY_MS: u64 = 60_000;
/// How long a node that broke the protocol is left alone, in seconds.
pub(crate) const BAN_SECONDS: u32 = 24 * 60 * 60;

/// Between two pings.
pub(crate) const PING_EVERY_MS: u64 = 30_000;
/// A pinged peer that says nothing at all for this long is gone.
pub(crate) const SILENCE_MS: u64 = 20_000;
/// A peer that talks and never answers the ping is gone after this.
pub(crate) const PONG_MS: u64 = 300_000;

/// Headers in one message, by the protocol.
pub(crate) const HEADERS_IN_MESSAGE: usize = 2_000;
/// From `getheaders` to `headers`.
pub(crate) const HEADERS_ANSWER_MS: u64 = 30_000;
/// The same where the peer claims no more blocks than we have: some then answer nothing.
pub(crate) const HEADERS_NOTHING_MS: u64 = 5_000;
/// An unanswered question does not hold up the next one for longer than this.
pub(crate) const HEADERS_AGAIN_MS: u64 = 2_000;
/// The whole of a long header sync with one peer, whatever its length...
pub(crate) const SYNC_BASE_MS: u64 = 15 * 60_000;
/// ...and this for each header that its own claim of height says is missing.
pub(crate) const SYNC_PER_HEADER_MS: u64 = 2;
/// The most headers that a claim of height may earn time for.
pub(crate) const SYNC_CLAIM: u64 = 2_000_000;
/// Messages of headers with an unknown parent, in a row, before a peer is left.
pub(crate) const UNCONNECTED_IN_ROW: u32 = 8;
/// Headers that came too early for our clock and are held, over all peers.
pub(crate) const HELD_HEADERS: usize = 32;
/// The same for one peer.
pub(crate) const HELD_HEADERS_PER_PEER: usize = 4;

/// Announced transactions that wait to be asked for, for each peer.
pub(crate) const ANNOUNCED_PER_PEER: usize = 5_000;
/// Transactions asked for and not there yet, for each peer.
pub(crate) const ASKED_PER_PEER: usize = 100;
/// From `getdata` to `tx`, before another announcer is asked.
pub(crate) const TRANSACTION_ANSWER_MS: u64 = 10_000;
/// Transactions whose announcers are remembered.
pub(crate) const KNOWN_TRANSACTIONS: usize = 30_000;

/// Transactions that we offer at a time.
pub(crate) const OFFERED_TRANSACTIONS: usize = 16;

/// Whole blocks that are on their way or wait for their turn. Bounds memory to that many blocks.
pub(crate) const BLOCKS_AHEAD: usize = 8;
/// Blocks asked for from one peer at a time.
pub(crate) const BLOCKS_PER_PEER: usize = 4;
/// A peer that was asked for a block may say nothing for this long.
pub(crate) const BLOCK_SILENCE_MS: u64 = 30_000;
/// However much it says, the block must be there after this.
pub(crate) const BLOCK_ANSWER_MS: u64 = 180_000;
/// A pruned node keeps this many blocks below its tip (BIP159), and leaves whoever asks for more.
pub(crate) const PRUNED_DEPTH: u32 = 288;
/// Blocks that one peer is known not to have.
pub(crate) const LACKED_BLOCKS: usize = 64;
/// How soon a block that a peer lacked may be asked of it again.
pub(crate) const LACKED_AGAIN_MS: u64 = 20_000;
/// One's own payments that wait are offered again this often.
pub(crate) const SEND_AGAIN_MS: u64 = 60_000;
/// So many of them at a time.
pub(crate) const OWN_OFFERED: usize = 100;
/// A wallet that is so many blocks behind the tip does not choose coins: they may be spent.
pub(crate) const WALLET_BEHIND: u32 = 8;
/// The highest fee rate that peers can make us propose, in units for 1,000 virtual bytes.
pub(crate) const ASKED_FEE_RATE: u64 = 50_000;

/// Work that is open at a time: eight rounds, or nearly, of the 64 workers and the graphics
/// processor that a page has at most. A worker hears of
/// its next work within a slice, and what it finds until then counts.
pub(crate) const WORKS: usize = 512;
/// Lists of transactions that it is made of, one after the other: each as long as a block.
pub(crate) const WORK_LISTS: usize = 8;
/// Blocks found here that are kept for nodes to ask for.
pub(crate) const FOUND_BLOCKS: usize = 64;
/// Hashes of a peer's locator that are looked up.
pub(crate) const LOCATOR_READ: usize = 101;

/// Blocks that the page waits for.
pub(crate) const BLOCK_QUESTIONS: usize = 8;
/// How long the page waits for one.
pub(crate) const BLOCK_QUESTION_MS: u64 = 120_000;
/// Verified blocks that are kept to be looked at.
pub(crate) const RECENT_BLOCKS: usize = 4;
/// Transactions of a block that are shown.
pub(crate) const SHOWN_TRANSACTIONS: usize = 200;
/// Headers that are shown.
pub(crate) const SHOWN_HEADERS: u32 = 64;

/// Invoices that are watched at a time.
pub(crate) const OPEN_INVOICES: usize = 1_000;
/// A settled invoice this deep is not computed again.
pub(crate) const FINAL_DEPTH: u32 = 144;
/// How long after its expiry an invoice is still watched, in seconds.
pub(crate) const LATE_SECONDS: u32 = 30 * 24 * 60 * 60;
/// How long after its expiry blocks are scanned for an invoice after a restart, in seconds.
pub(crate) const SCAN_LATE_SECONDS: u32 = 7 * 24 * 60 * 60;
/// The same where it was settled or cancelled.
pub(crate) const SCAN_OVER_SECONDS: u32 = 24 * 60 * 60;
/// How often the time up to which the network was watched is written down.
pub(crate) const HEARTBEAT_MS: u64 = 60_000;
/// Numbers of invoices: a stored one above this is none that we gave.
pub(crate) const INVOICE_NUMBERS: u32 = u32::MAX / 2;
/// An invoice whose time is over, and that was not watched all of it, is looked at this often.
pub(crate) const OVER_EVERY_MS: u64 = 1_000;
/// Between two writes of what peers can make change: the payments, how far they know the chain, the
/// invoices.
pub(crate) const STORE_EVERY_MS: u64 = 1_000;
/// A pause between two inputs that is longer than this was sleep: we always wish to be woken sooner.
pub(crate) const PAUSE_MS: u64 = 90_000;
/// The two clocks may drift apart by this between two inputs.
pub(crate) const DRIFT_MS: u64 = 15_000;
/// We wish to be woken at least this often.
pub(crate) const LONGEST_SLEEP_MS: u64 = 20_000;

/// Between two views of the same thing: four a second.
pub(crate) const VIEW_EVERY_MS: u64 = 250;
/// An invoice's ages and silences are told again this often.
pub(crate) const REFRESH_MS: u64 = 15_000;
/// A raw transaction that a person pastes, in hex digits.
pub(crate) const PASTED_HEX: usize = 2 * 400_000;
