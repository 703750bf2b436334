//! The client's state as the page sees it. Times are seconds since 1970, hashes are hex in the
//! order people write them (reversed), amounts are integer units.

use crate::primitives::{BlockHeight, UnixTime};
use serde::{Deserialize, Serialize};

/// A header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HeaderView {
    /// Its height.
    pub height: BlockHeight,
    /// Its hash.
    pub hash: String,
    /// Its parent's hash.
    pub previous: String,
    /// The Merkle root of its transactions.
    pub merkle_root: String,
    /// The time that its miner wrote.
    pub time: UnixTime,
    /// The compact target.
    pub bits: u32,
    /// The nonce.
    pub nonce: u32,
    /// The version.
    pub version: i32,
    /// Whether it is on the best chain.
    pub best: bool,
}

/// The chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ChainView {
    /// The network's name.
    pub network: String,
    /// What an amount of 100,000,000 units is called.
    pub unit: String,
    /// The aim, in seconds, between two blocks.
    pub spacing: u32,
    /// Headers are cheap to make here: this client trusts its peers.
    pub trusts_peers: bool,
    /// The best header.
    pub tip: HeaderView,
    /// Hashes that the best chain took, expected: 64 hex digits.
    pub work: String,
    /// The same as the logarithm to base 2.
    pub work_log2: f64,
    /// When the newest header came to this client; none since the start: none.
    pub tip_seen: Option<UnixTime>,
    /// The tip is so old for this network that nothing may be called confirmed.
    pub stale: bool,
    /// What is being fetched, if anything.
    pub progress: Option<Progress>,
    /// The newest headers of the best chain and of the branches near it, by height: at most 64.
    pub recent: Vec<HeaderView>,
    /// Abandoned and competing branches.
    pub branches: Vec<BranchView>,
    /// Where headers are kept: `opfs`, `indexeddb`, `memory`.
    pub storage: String,
}

/// A long fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "stage",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Progress {
    /// First pass over the headers of a peer whose chain must first show its work.
    Presync {
        /// Headers looked at.
        height: BlockHeight,
        /// What the peer says its height is; unverified.
        of: BlockHeight,
    },
    /// Headers are verified and kept.
    Headers {
        /// Headers verified.
        height: BlockHeight,
        /// What the peer says its height is; unverified.
        of: BlockHeight,
    },
    /// Whole blocks are fetched for the watched scripts.
    Blocks {
        /// Scanned up to here.
        height: BlockHeight,
        /// The tip.
        of: BlockHeight,
    },
}

/// A branch that is not the best chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BranchView {
    /// The height of the last block that it shares with the best chain.
    pub fork_height: BlockHeight,
    /// Its tip.
    pub tip: String,
    /// Its tip's height.
    pub height: BlockHeight,
}

/// A peer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PeerView {
    /// Its WebSocket address.
    pub url: String,
    /// Who runs it.
    pub operator: String,
    /// How the connection is.
    pub state: PeerState,
    /// What it calls itself (BIP14); untrusted text.
    pub user_agent: Option<String>,
    /// Its protocol version.
    pub protocol_version: Option<u32>,
    /// What it offers: `NETWORK`, `WITNESS`, ...
    pub services: Vec<String>,
    /// The best height that it has shown with headers.
    pub height: Option<BlockHeight>,
    /// The last round trip, in milliseconds.
    pub ping_ms: Option<u32>,
    /// Its clock minus ours, in seconds, when it connected.
    pub clock_offset: Option<i32>,
    /// When it last said anything.
    pub last_heard: Option<UnixTime>,
    /// Bytes that came from it.
    pub bytes_received: u64,
    /// Bytes that went to it.
    pub bytes_sent: u64,
    /// Transactions of it that were looked at here.
    pub transactions: u32,
    /// The last messages either way, oldest first: at most 24.
    pub said: Vec<Said>,
}

/// How a connection is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum PeerState {
    /// The WebSocket is being opened.
    Connecting,
    /// `version` and `verack` are on their way.
    Handshaking,
    /// It answers.
    Ready,
    /// It is tried again later.
    Waiting {
        /// Why the last connection ended.
        reason: String,
        /// When it is tried again.
        retry_at: UnixTime,
    },
    /// It broke the protocol and is not tried before this time.
    Banned {
        /// What it did: expected and found.
        reason: String,
        /// When it is tried again.
        until: UnixTime,
    },
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Said {
    /// When.
    pub at: UnixTime,
    /// Whether we said it.
    pub ours: bool,
    /// The command: `headers`, `inv`, ...
    pub command: String,
    /// In a few words: `2000 headers`, `3 transactions`.
    pub summary: String,
    /// Bytes on the wire.
    pub bytes: u32,
}

/// A verified block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BlockView {
    /// Its header.
    pub header: HeaderView,
    /// Bytes with witness.
    pub size: u32,
    /// BIP141's weight.
    pub weight: u32,
    /// How many transactions it holds.
    pub transaction_count: u32,
    /// The first of them: at most 200.
    pub transactions: Vec<TransactionView>,
}

/// A transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TransactionView {
    /// Its id.
    pub txid: String,
    /// Bytes with witness.
    pub size: u32,
    /// BIP141's weight.
    pub weight: u32,
    /// The outputs that it spends, `txid:vout`; empty for a coinbase.
    pub spends: Vec<String>,
    /// What it creates.
    pub outputs: Vec<TransactionOutputView>,
    /// The hash of the block that holds it, where that is known.
    pub block: Option<String>,
    /// BIP144's serialization, where it is kept.
    pub hex: Option<String>,
}

/// An output of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TransactionOutputView {
    /// Integer units.
    pub value: u64,
    /// The script's address, where it has one.
    pub address: Option<String>,
    /// The script in hex.
    pub script: String,
    /// Whether an invoice watches it.
    pub watched: bool,
}

/// A header to search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WorkView {
    /// Its number; the work before is worth nothing once the tip has changed.
    pub id: u32,
    /// The header in hex, 80 bytes; a worker may change the nonce, its last four, and the version's
    /// bits of `version_mask`.
    pub header: String,
    /// Bits of the version that may roll (BIP320).
    pub version_mask: u32,
    /// The target in hex, big-endian: a hash, as people write it, may be at most this.
    pub target: String,
    /// The height of the block.
    pub height: BlockHeight,
    /// The parent's hash.
    pub previous: String,
    /// Transactions in the block, with the coinbase.
    pub transactions: u32,
    /// Units that the coinbase creates.
    pub value: u64,
}
