//! A transaction together with the coins that it spends.
//!
//! Threats: money out of nothing; coins that are spent by others than their owner; a coinbase that is
//! spent while its block may still leave the chain.

use super::error::{RuleError, shown};
use super::locks::{SpendContext, SpentCoin, check_age, check_final};
use super::output::program;
use super::sighash::Sighasher;
use super::transaction::{bounded_sum, check_transaction, output_sum};
use crate::keys::{self, PublicKey};
use crate::params::NetworkParams;
use bitcoin::{Amount, Transaction, TxOut};

/// Checks a transaction with the coins of its inputs, in order, in a block of this context; gives its
/// fee in units. Everything [`check_transaction`] asks is asked here too, so that no caller can
/// forget it.
///
/// That the coins are unspent is for the caller to know.
///
/// # Errors
/// The first rule that it breaks; signatures come last, since they cost most.
pub fn check_spend(
    params: &NetworkParams,
    transaction: &Transaction,
    coins: &[SpentCoin],
    context: SpendContext,
) -> Result<u64, RuleError> {
    check_transaction(params, transaction)?;
    let (expected, found) = (transaction.input.len(), coins.len());
    if expected != found {
        return Err(RuleError::Coins { expected, found });
    }
    check_final(transaction, context)?;
    let version = transaction.version.0;
    for (place, (input, coin)) in transaction.input.iter().zip(coins).enumerate() {
        check_age(params, version, place, input.sequence, coin, context)?;
    }
    let fee = fee(params, transaction, coins)?;
    check_signatures(params, transaction, coins)?;
    Ok(fee)
}

fn fee(
    params: &NetworkParams,
    transaction: &Transaction,
    coins: &[SpentCoin],
) -> Result<u64, RuleError> {
    let limit = params.subsidy.max_money();
    let inputs = bounded_sum(coins.iter().map(|coin| coin.amount), limit)
        .ok_or(RuleError::InputSum { limit })?;
    let outputs = output_sum(params, transaction)?;
    inputs
        .checked_sub(outputs)
        .ok_or(RuleError::Inflation { inputs, outputs })
}

fn check_signatures(
    params: &NetworkParams,
    transaction: &Transaction,
    coins: &[SpentCoin],
) -> Result<(), RuleError> {
    let prevouts: Vec<TxOut> = coins
        .iter()
        .map(|coin| TxOut {
            value: Amount::from_sat(coin.amount),
            script_pubkey: coin.script_pubkey.clone(),
        })
        .collect();
    let mut hasher = Sighasher::new(params, transaction, &prevouts)?;
    for (place, (input, coin)) in transaction.input.iter().zip(coins).enumerate() {
        let key = program(&coin.script_pubkey)
            .and_then(|bytes| PublicKey::from_bytes(bytes).ok())
            .ok_or_else(|| RuleError::Unspendable {
                input: place,
                found: shown(&coin.script_pubkey),
            })?;
        let message = hasher.sighash(place)?;
        let signature = input.witness.iter().next();
        let valid = signature
            .and_then(|item| <&[u8; 64]>::try_from(item).ok())
            .is_some_and(|signature| keys::verify(&key, &message, signature));
        if !valid {
            return Err(RuleError::Signature { input: place });
        }
    }
    Ok(())
}
