//! When a transaction may be in a block: lock times (BIP113), sequence locks (BIP68), and how long a
//! coinbase matures.

use super::error::RuleError;
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::{ScriptBuf, Sequence, Transaction};

/// Lock times below are heights, from here on times (BIP65's and Bitcoin Core's threshold).
const LOCK_TIME_THRESHOLD: u32 = 500_000_000;
/// BIP68: this bit set, the sequence number is no lock.
const SEQUENCE_DISABLED: u32 = 1 << 31;
/// BIP68: this bit set, the lock is a time.
const SEQUENCE_IS_TIME: u32 = 1 << 22;
/// BIP68: units of 512 seconds.
const SEQUENCE_TIME_SHIFT: u32 = 9;
/// BIP68: the bits of the lock itself.
const SEQUENCE_MASK: u32 = 0xffff;

/// An unspent coin, with what the rules ask of it when it is spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpentCoin {
    /// Its amount, in units.
    pub amount: u64,
    /// Who may spend it.
    pub script_pubkey: ScriptBuf,
    /// The height of the block that made it; a coin that waits in the mempool has the next block's.
    pub height: BlockHeight,
    /// Whether a coinbase made it: then it must mature.
    pub coinbase: bool,
    /// The median time of the eleven headers up to the parent of that block (BIP68).
    pub median_time_past: UnixTime,
}

/// The block in which a transaction is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpendContext {
    /// Its height.
    pub height: BlockHeight,
    /// The median time of the eleven headers up to its parent (BIP113).
    pub median_time_past: UnixTime,
}

/// The lock time is reached, or every input says that it does not count.
pub(super) fn check_final(
    transaction: &Transaction,
    context: SpendContext,
) -> Result<(), RuleError> {
    let found = transaction.lock_time.to_consensus_u32();
    let reached = if found < LOCK_TIME_THRESHOLD {
        found < context.height
    } else {
        found < context.median_time_past
    };
    let mut inputs = transaction.input.iter();
    if found == 0 || reached || inputs.all(|input| input.sequence == Sequence::MAX) {
        return Ok(());
    }
    Err(RuleError::NotFinal {
        height: context.height,
        time: context.median_time_past,
        found,
    })
}

/// The coin is mature, and the input's sequence lock is reached.
pub(super) fn check_age(
    params: &NetworkParams,
    version: i32,
    place: usize,
    sequence: Sequence,
    coin: &SpentCoin,
    context: SpendContext,
) -> Result<(), RuleError> {
    let height = u64::from(coin.height);
    let mature = height + u64::from(params.coinbase_maturity);
    if coin.coinbase && u64::from(context.height) < mature {
        return Err(RuleError::Immature {
            input: place,
            mature,
            found: context.height,
        });
    }
    let sequence = sequence.to_consensus_u32();
    // BIP68 reads the version as a number without sign.
    if version.cast_unsigned() < 2 || sequence & SEQUENCE_DISABLED != 0 {
        return Ok(());
    }
    let lock = u64::from(sequence & SEQUENCE_MASK);
    if sequence & SEQUENCE_IS_TIME != 0 {
        let earliest = u64::from(coin.median_time_past) + (lock << SEQUENCE_TIME_SHIFT);
        if u64::from(context.median_time_past) < earliest {
            return Err(RuleError::LockedTime {
                input: place,
                earliest,
                found: context.median_time_past,
            });
        }
    } else if u64::from(context.height) < height + lock {
        return Err(RuleError::LockedHeight {
            input: place,
            lowest: height + lock,
            found: context.height,
        });
    }
    Ok(())
}
