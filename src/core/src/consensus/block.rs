//! A block as the list allows it, as far as that can be told without the coins that it spends.
//!
//! That its transactions and witnesses are those that the header commits to was checked before
//! ([`VerifiedBlock`]); that its spends are allowed is [`check_spend`](super::check_spend)'s, and
//! what its coinbase takes [`check_reward`]'s once the fees are known.

use super::error::{RuleError, shown};
use super::locks::{SpendContext, check_final};
use super::transaction::{check_form, check_rules_apply, check_transaction, output_sum};
use crate::merkle::block::{VerifiedBlock, Witnesses};
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::script::Builder;
use bitcoin::{Script, ScriptBuf, Transaction};
use std::ops::RangeInclusive;

/// Bytes of a coinbase's script.
pub(crate) const COINBASE_SCRIPT: RangeInclusive<usize> = 2..=100;

/// Checks the form of a block above the first: coinbase, commitment, weight, and each transaction by
/// itself and with its lock time. `median_time_past` is that of the eleven headers up to the parent.
///
/// # Errors
/// The first rule that it breaks; see [`RuleError::is_mutation`] before the block is called invalid.
pub fn check_block(
    params: &NetworkParams,
    block: &VerifiedBlock,
    height: BlockHeight,
    median_time_past: UnixTime,
) -> Result<(), RuleError> {
    check_rules_apply(params)?;
    match block.witnesses() {
        // The coinbase has its one witness item, and it fits the commitment.
        Witnesses::Verified => {}
        Witnesses::Stripped => return Err(RuleError::Stripped),
        Witnesses::None => return Err(RuleError::NoCommitment),
    }
    let (limit, found) = (params.max_block_weight, block.weight());
    if found > limit {
        return Err(RuleError::BlockWeight { limit, found });
    }
    let context = SpendContext {
        height,
        median_time_past,
    };
    for (position, (txid, transaction)) in block.transactions().enumerate() {
        let result = if position == 0 {
            check_coinbase(params, transaction, height)
        } else {
            check_transaction(params, transaction)
        };
        result
            .and_then(|()| check_final(transaction, context))
            .map_err(|rule| RuleError::Transaction {
                position,
                txid,
                rule: Box::new(rule),
            })?;
    }
    Ok(())
}

/// The coinbase takes at most the subsidy and the fees of the block's transactions, which the spends
/// came to.
///
/// # Errors
/// It takes more.
pub fn check_reward(
    params: &NetworkParams,
    block: &VerifiedBlock,
    height: BlockHeight,
    fees: u64,
) -> Result<(), RuleError> {
    let limit = params.subsidy.at(height).saturating_add(fees);
    let coinbase = block.block().txdata.first();
    let found = coinbase.map_or(Ok(0), |coinbase| output_sum(params, coinbase))?;
    if found > limit {
        return Err(RuleError::Reward { limit, found });
    }
    Ok(())
}

/// The push of the height with which a coinbase's script begins (BIP34): the shortest one.
pub(crate) fn height_push(height: BlockHeight) -> ScriptBuf {
    Builder::new().push_int(i64::from(height)).into_script()
}

fn check_coinbase(
    params: &NetworkParams,
    coinbase: &Transaction,
    height: BlockHeight,
) -> Result<(), RuleError> {
    check_form(params, coinbase)?;
    let script = coinbase
        .input
        .first()
        .map_or(Script::new(), |input| input.script_sig.as_script());
    let found = script.len();
    if !COINBASE_SCRIPT.contains(&found) {
        return Err(RuleError::CoinbaseScript { found });
    }
    let expected = height_push(height);
    if !script.as_bytes().starts_with(expected.as_bytes()) {
        return Err(RuleError::CoinbaseHeight {
            expected: hex::encode(expected.as_bytes()),
            found: shown(script),
        });
    }
    Ok(())
}
