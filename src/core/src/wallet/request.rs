//! A request to spend, typed so that a person can read all of it before it is signed: the signer
//! builds the transaction from this and from nothing else.

use serde::{Deserialize, Serialize};

/// Where a key comes from: `m/44'/1'/account'/index'` (SLIP-0010 knows hardened steps alone for
/// Ed25519). Account 0 is the wallet's, account 1 the till's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct KeyPath {
    /// The account.
    pub account: u32,
    /// The number of the address in it, from 0.
    pub index: u32,
}

/// A key of the wallet that is watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WalletKey {
    /// Where it comes from.
    pub path: KeyPath,
    /// The Ed25519 public key: 64 hex digits.
    pub public_key: String,
    /// Its address on the network.
    pub address: String,
}

/// A coin to spend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SpendInput {
    /// The transaction that made it.
    pub txid: String,
    /// Its place there.
    pub vout: u32,
    /// Its amount in units. The signature covers it: a wrong one makes the signature worthless.
    pub amount: u64,
    /// Whose it is.
    pub path: KeyPath,
    /// The input's sequence number; under 0xfffffffe: may be replaced (BIP125).
    pub sequence: u32,
}

/// Where the money goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum SpendOutput {
    /// To somebody.
    Payment {
        /// The address as it was asked for.
        address: String,
        /// Units.
        amount: u64,
    },
    /// Back to oneself: the signer derives the address itself.
    Change {
        /// Whose it is.
        path: KeyPath,
        /// Units.
        amount: u64,
    },
}

/// A transaction that is to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SpendRequest {
    /// The coins.
    pub inputs: Vec<SpendInput>,
    /// Where they go, in the order of the transaction.
    pub outputs: Vec<SpendOutput>,
    /// What is left to the miner, in units: the signer computes it again.
    pub fee: u64,
    /// The transaction's lock time: the height of the tip, so that nobody gains by going back.
    pub lock_time: u32,
    /// The transaction that this one replaces, if it does.
    pub replaces: Option<String>,
}
