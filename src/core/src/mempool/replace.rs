//! Replacement by fee, whatever the replaced ones signal.
//!
//! BIP125's rules 2 to 5: the replacement spends nothing unconfirmed that the originals did not,
//! pays more than all that leaves and a step for its own relay, pays a higher rate than each that it
//! conflicts with, and pushes out at most 100. Without them a flood would be paid for once.

use super::error::MempoolError;
use super::pool::Mempool;
use super::rate::FeeRate;
use bitcoin::Txid;
use std::collections::BTreeSet;

impl Mempool {
    /// What would leave for a transaction that conflicts with these; nothing where there is none.
    pub(super) fn check_replacement(
        &self,
        conflicts: &BTreeSet<Txid>,
        parents: &BTreeSet<Txid>,
        fee: u64,
        weight: u64,
    ) -> Result<BTreeSet<Txid>, MempoolError> {
        if conflicts.is_empty() {
            return Ok(BTreeSet::new());
        }
        let found = FeeRate::of(fee, weight);
        let mut theirs = BTreeSet::new();
        for conflict in conflicts {
            let Some(entry) = self.entries.get(conflict) else {
                continue;
            };
            theirs.extend(entry.parents.iter().copied());
            let expected = FeeRate::of(entry.fee, entry.weight);
            if found <= expected {
                return Err(MempoolError::ReplacementRate {
                    replaced: *conflict,
                    expected,
                    found,
                });
            }
        }
        let leaving = self.leaving(conflicts)?;
        let stranger = |parent: &&Txid| leaving.contains(*parent) || !theirs.contains(*parent);
        if let Some(parent) = parents.iter().find(stranger) {
            return Err(MempoolError::ReplacementParent { parent: *parent });
        }
        let fees = leaving.iter().filter_map(|txid| self.entries.get(txid));
        let fees = fees.fold(0u64, |sum, entry| sum.saturating_add(entry.fee));
        let expected = fees.saturating_add(self.limits.min_rate.fee(weight));
        if fee < expected {
            return Err(MempoolError::Fee {
                expected,
                found: fee,
            });
        }
        Ok(leaving)
    }

    /// The conflicts and all that follows from them.
    fn leaving(&self, conflicts: &BTreeSet<Txid>) -> Result<BTreeSet<Txid>, MempoolError> {
        let mut leaving = conflicts.clone();
        for conflict in conflicts {
            leaving.extend(self.descendants(conflict));
            let limit = self.limits.max_replaced;
            if leaving.len() > limit {
                return Err(MempoolError::TooManyReplaced {
                    limit,
                    found: leaving.len(),
                });
            }
        }
        Ok(leaving)
    }
}
