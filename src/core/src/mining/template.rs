//! A block template with the fields of BIP22 and BIP23 (and BIP145's for witnesses), as a node
//! serves it and a miner reads it. Names are the standard's own.

use crate::primitives::{BlockHeight, UnixTime};
use serde::{Deserialize, Serialize};

/// What a node proposes to be mined next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BlockTemplate {
    /// The header's version.
    pub version: i32,
    /// The parent's hash.
    pub previousblockhash: String,
    /// What goes in beside the coinbase, in order.
    pub transactions: Vec<TemplateTransaction>,
    /// Units that the coinbase may create: subsidy and fees.
    pub coinbasevalue: u64,
    /// The target in hex, big-endian.
    pub target: String,
    /// The earliest time that the header may have: the median of eleven, plus one.
    pub mintime: UnixTime,
    /// The node's clock.
    pub curtime: UnixTime,
    /// What a miner may change: `transactions`, `prevblock`, and `time` where the target does not
    /// depend on it.
    pub mutable: Vec<String>,
    /// `00000000ffffffff`.
    pub noncerange: String,
    /// The most bytes of a block.
    pub sizelimit: u64,
    /// The most weight of a block (BIP145).
    pub weightlimit: u64,
    /// The compact target, in hex.
    pub bits: String,
    /// The height of the block.
    pub height: BlockHeight,
    /// The script of the output that commits to the witnesses of exactly these transactions
    /// (BIP145), in hex.
    pub default_witness_commitment: String,
    /// Ask again with this: the answer comes when there is something better to mine (BIP22).
    pub longpollid: String,
}

/// A transaction of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TemplateTransaction {
    /// BIP144's serialization in hex.
    pub data: String,
    /// Its id, without witnesses.
    pub txid: String,
    /// Its hash with witnesses.
    pub hash: String,
    /// Units that it leaves to the miner.
    pub fee: u64,
    /// Its weight.
    pub weight: u64,
    /// Positions, from 1, of transactions of this list that must come before it.
    pub depends: Vec<u32>,
}
