//! Every bound of the room.

use super::rate::FeeRate;
use serde::{Deserialize, Serialize};

/// How much may wait, and of what kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MempoolLimits {
    /// Weight of all transactions together.
    pub max_weight: u64,
    /// Weight of one transaction.
    pub max_transaction_weight: u64,
    /// The least fee rate to enter while there is room; also what a replacement must add.
    pub min_rate: FeeRate,
    /// A transaction with the unconfirmed ones that it follows from, or with those that follow from
    /// it.
    pub max_relatives: usize,
    /// Transactions that one replacement may push out.
    pub max_replaced: usize,
    /// How long a transaction waits, in milliseconds.
    pub expiry_ms: u64,
    /// In how long the least rate, once risen, falls to its half, in milliseconds.
    pub half_life_ms: u64,
}

impl Default for MempoolLimits {
    /// Fifty blocks of a farthing network; Bitcoin Core's figures for the rest, with an hour for the
    /// half-life, since blocks come twenty times as fast.
    fn default() -> Self {
        Self {
            max_weight: 20_000_000,
            max_transaction_weight: 100_000,
            min_rate: FeeRate::per_1000_bytes(1_000),
            max_relatives: 25,
            max_replaced: 100,
            expiry_ms: 14 * 24 * 3_600_000,
            half_life_ms: 3_600_000,
        }
    }
}

/// How many transactions with unknown parents are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrphanLimits {
    /// Weight of all together.
    pub max_weight: u64,
    /// Weight of what one peer brought.
    pub max_weight_per_peer: u64,
    /// How long one waits for its parents, in milliseconds.
    pub expiry_ms: u64,
}

impl Default for OrphanLimits {
    fn default() -> Self {
        Self {
            max_weight: 4_000_000,
            max_weight_per_peer: 400_000,
            expiry_ms: 5 * 60_000,
        }
    }
}
