//! The wallet as the page sees it. Amounts are integer units.

use super::KeyPath;
use crate::primitives::{BlockHeight, UnixTime};
use serde::{Deserialize, Serialize};

/// One's own money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WalletView {
    /// The wallet: its first public key, in hex.
    pub wallet: String,
    /// The accounts that have keys, by number.
    pub accounts: Vec<AccountView>,
    /// Newest first; at most 500.
    pub history: Vec<WalletEntry>,
    /// Blocks were looked at from this height...
    pub scanned_from: BlockHeight,
    /// ...to this one.
    pub scanned_to: BlockHeight,
    /// The tip's height: the scan is done when it is reached.
    pub tip: BlockHeight,
}

/// The money of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AccountView {
    /// Its number.
    pub account: u32,
    /// In blocks, mature, and not being spent.
    pub spendable: u64,
    /// In blocks, from coinbases that are not mature yet.
    pub immature: u64,
    /// Seen in no block yet, from others: unverified.
    pub incoming: u64,
    /// One's own change in no block yet: it may be sent too, with `spendable`.
    pub change: u64,
    /// The lowest index above every index that was ever paid.
    pub next_index: u32,
    /// How many keys are watched.
    pub keys: u32,
}

/// One transaction of the wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WalletEntry {
    /// Its id.
    pub txid: String,
    /// When it was first seen; a block's time where it was first seen in one.
    pub time: UnixTime,
    /// Units that came.
    pub received: u64,
    /// Units of one's own that went in.
    pub sent: u64,
    /// What was left to the miner; known where all inputs are one's own.
    pub fee: Option<u64>,
    /// Whether it is a coinbase: mined.
    pub mined: bool,
    /// The addresses of others that it pays, or one's own that it paid.
    pub addresses: Vec<String>,
    /// One's own keys that it pays.
    pub paths: Vec<KeyPath>,
    /// How it stands.
    pub state: WalletEntryState,
}

/// How a transaction of the wallet stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum WalletEntryState {
    /// In no block.
    Unconfirmed {
        /// Whether one may raise its fee: it is one's own and says so (BIP125).
        replaceable: bool,
    },
    /// In a block of the best chain.
    Mined {
        /// Confirmations: 1 for the tip.
        depth: u32,
        /// The block's height.
        height: BlockHeight,
        /// Blocks until it may be spent; 0: it may.
        matures_in: u32,
    },
    /// Another transaction spent one of its coins.
    Replaced {
        /// That transaction.
        by: String,
    },
    /// Nothing is expected of it any more: it was in no block for two weeks, or its block, or that
    /// of a coin that it spends, left the best chain for good; or peers alone speak of a coin that
    /// it spends. What it spent may be spent again.
    Abandoned,
}
