//! One transaction comes: what is cheap to refuse is refused first, signatures come last.

use super::coins::{CoinSource, Spent};
use super::error::MempoolError;
use super::pool::Mempool;
use super::rate::FeeRate;
use crate::consensus::{self, SpendContext};
use bitcoin::{Transaction, Txid};
use std::collections::BTreeSet;

/// What became of the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accepted {
    /// Spent the same coins, or followed from what did, and left.
    pub replaced: Vec<Txid>,
    /// Were pushed out, since all together were too heavy.
    pub evicted: Vec<Txid>,
}

impl Mempool {
    /// Checks a transaction and lets it wait. `context` is that of the next block; `now_ms` is on
    /// the monotonic clock.
    ///
    /// # Errors
    /// Why it does not enter. Nothing else changed, unless what it replaced was pushed out with it
    /// ([`MempoolError::Full`]).
    pub fn accept(
        &mut self,
        transaction: Transaction,
        coins: &impl CoinSource,
        context: SpendContext,
        now_ms: u64,
    ) -> Result<Accepted, MempoolError> {
        self.expire(now_ms);
        let txid = transaction.compute_txid();
        self.check_alone(&transaction, &txid)?;
        let conflicts = self.conflicts(&transaction);
        let spent = self.spent_by(&transaction, coins, context)?;
        let fee = fee(&transaction, &spent)?;
        let weight = transaction.weight().to_wu();
        let least = self.least_rate(now_ms).fee(weight);
        if fee < least {
            return Err(MempoolError::Fee {
                expected: least,
                found: fee,
            });
        }
        let replaced = self.check_replacement(&conflicts, &spent.parents, fee, weight)?;
        self.check_relatives(&spent.parents, &replaced)?;
        consensus::check_spend(&self.params, &transaction, &spent.coins, context)?;
        let before: Vec<_> = self
            .remove(&replaced)
            .into_iter()
            .map(|gone| gone.compute_txid())
            .collect();
        self.insert(transaction, fee, now_ms);
        let evicted = self.trim(now_ms);
        if evicted.contains(&txid) {
            return Err(MempoolError::Full {
                expected: self.least_rate(now_ms),
                found: FeeRate::of(fee, weight),
            });
        }
        Ok(Accepted {
            replaced: before,
            evicted,
        })
    }

    /// Whatever needs no coins.
    fn check_alone(&self, transaction: &Transaction, txid: &Txid) -> Result<(), MempoolError> {
        if self.contains(txid) {
            return Err(MempoolError::Known);
        }
        if transaction.is_coinbase() {
            return Err(MempoolError::Coinbase);
        }
        let found = transaction.weight().to_wu();
        let limit = self.limits.max_transaction_weight;
        if found > limit {
            return Err(MempoolError::Weight { limit, found });
        }
        consensus::check_transaction(&self.params, transaction)?;
        Ok(())
    }

    /// Those that spend the same coins.
    pub(super) fn conflicts(&self, transaction: &Transaction) -> BTreeSet<Txid> {
        transaction
            .input
            .iter()
            .filter_map(|input| self.spender(&input.previous_output))
            .collect()
    }

    /// Whether the family stays small once those that are replaced are gone.
    pub(super) fn check_relatives(
        &self,
        parents: &BTreeSet<Txid>,
        replaced: &BTreeSet<Txid>,
    ) -> Result<(), MempoolError> {
        let limit = self.limits.max_relatives;
        let check = |found: usize| match found > limit {
            true => Err(MempoolError::TooManyRelatives { limit, found }),
            false => Ok(()),
        };
        let mut ancestors = parents.clone();
        for parent in parents {
            ancestors.extend(self.ancestors(parent));
        }
        check(ancestors.len() + 1)?;
        for ancestor in &ancestors {
            let descendants = self.descendants(ancestor);
            // Itself, the new one, and who stays.
            check(descendants.difference(replaced).count() + 2)?;
        }
        Ok(())
    }
}

/// What goes in and does not come out.
pub(super) fn fee(transaction: &Transaction, spent: &Spent) -> Result<u64, MempoolError> {
    if !spent.missing.is_empty() {
        return Err(MempoolError::MissingInputs {
            missing: spent.missing.clone(),
        });
    }
    let coins = spent.coins.iter().map(|coin| coin.amount);
    let inputs = coins.fold(0, u64::saturating_add);
    let outputs = transaction
        .output
        .iter()
        .map(|output| output.value.to_sat());
    let outputs = outputs.fold(0, u64::saturating_add);
    inputs
        .checked_sub(outputs)
        .ok_or(MempoolError::Overspent { inputs, outputs })
}
