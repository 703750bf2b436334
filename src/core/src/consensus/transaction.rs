//! What one transaction must be, whatever it spends.
//!
//! Threats: money out of nothing, by amounts that overflow or by one coin in two inputs
//! (CVE-2018-17144); ids that others can change, by scripts or witnesses that mean nothing; and a
//! transaction that passes for an inner node of the Merkle tree (CVE-2017-12842).

use super::error::RuleError;
use super::output::{OutputKind, output_kind};
use crate::merkle::root::NODE_SIZE;
use crate::params::{NetworkParams, SpendRule};
use bitcoin::{Transaction, TxIn};
use std::collections::BTreeSet;

/// Bytes of a signature.
const SIGNATURE_SIZE: usize = 64;

/// Checks a transaction that is no coinbase by itself.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_transaction(
    params: &NetworkParams,
    transaction: &Transaction,
) -> Result<(), RuleError> {
    check_rules_apply(params)?;
    check_form(params, transaction)?;
    let mut spent = BTreeSet::new();
    for (place, input) in transaction.input.iter().enumerate() {
        let outpoint = input.previous_output;
        if outpoint.is_null() {
            return Err(RuleError::NullInput { input: place });
        }
        if !spent.insert(outpoint) {
            return Err(RuleError::DuplicateInput { outpoint });
        }
        check_input(place, input)?;
    }
    Ok(())
}

/// The rules are those of this network.
pub(super) fn check_rules_apply(params: &NetworkParams) -> Result<(), RuleError> {
    match params.spend_rule {
        SpendRule::Ed25519 => Ok(()),
        SpendRule::Script => Err(RuleError::OtherRules {
            network: params.name.clone(),
        }),
    }
}

/// What a coinbase and every other transaction share.
pub(super) fn check_form(
    params: &NetworkParams,
    transaction: &Transaction,
) -> Result<(), RuleError> {
    if transaction.input.is_empty() {
        return Err(RuleError::NoInput);
    }
    if transaction.output.is_empty() {
        return Err(RuleError::NoOutput);
    }
    let (limit, found) = (params.max_block_weight, transaction.weight().to_wu());
    if found > limit {
        return Err(RuleError::TransactionWeight { limit, found });
    }
    if transaction.base_size() == NODE_SIZE {
        return Err(RuleError::NodeSize);
    }
    let limit = params.subsidy.max_money();
    for (place, output) in transaction.output.iter().enumerate() {
        let found = output.value.to_sat();
        if found > limit {
            return Err(RuleError::Amount {
                output: place,
                limit,
                found,
            });
        }
        let kind = output_kind(place, &output.script_pubkey)?;
        if kind == OutputKind::Data && found != 0 {
            return Err(RuleError::DataAmount {
                output: place,
                found,
            });
        }
    }
    output_sum(params, transaction).map(|_| ())
}

/// The outputs together, in units.
pub(super) fn output_sum(
    params: &NetworkParams,
    transaction: &Transaction,
) -> Result<u64, RuleError> {
    let limit = params.subsidy.max_money();
    let amounts = transaction.output.iter().map(|o| o.value.to_sat());
    bounded_sum(amounts, limit).ok_or(RuleError::OutputSum { limit })
}

/// The sum, where it is at most the limit.
pub(super) fn bounded_sum(mut amounts: impl Iterator<Item = u64>, limit: u64) -> Option<u64> {
    amounts
        .try_fold(0_u64, u64::checked_add)
        .filter(|sum| *sum <= limit)
}

fn check_input(place: usize, input: &TxIn) -> Result<(), RuleError> {
    if !input.script_sig.is_empty() {
        return Err(RuleError::ScriptSig {
            input: place,
            found: input.script_sig.len(),
        });
    }
    let sizes = || input.witness.iter().map(<[u8]>::len);
    if input.witness.len() != 1 || sizes().next() != Some(SIGNATURE_SIZE) {
        return Err(RuleError::Witness {
            input: place,
            found: sizes().take(4).collect(),
        });
    }
    Ok(())
}
