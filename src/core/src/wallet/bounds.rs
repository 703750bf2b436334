//! How much is kept, whatever peers send.
//!
//! A payment that is announced costs nothing to invent, so each operator has a quota, and what it
//! brings over its quota is not kept: nothing that came before makes room. Transactions in blocks
//! cost work and coins that exist; there are bounds all the same.

use super::entry::Entry;
use super::machine::Wallet;
use super::standing::Standing;
use crate::primitives::BlockHeight;
use bitcoin::{OutPoint, Txid};

/// Payments in no block that one operator may bring.
pub(super) const BROUGHT_BY_ONE: usize = 200;
/// Bytes of them.
pub(super) const BYTES_BY_ONE: usize = 1_000_000;
/// Transactions that do not count any more and are still shown.
pub(super) const DEAD: usize = 500;
/// Transactions in blocks.
pub(super) const MINED: usize = 50_000;
/// A coin's spender is final at this depth.
const FINAL: BlockHeight = 1_000;

impl Wallet {
    /// Holds an operator to its quota: what it brought just now goes. Whether that stayed.
    pub(super) fn bound_operator(&mut self, operator: &str, newest: Txid) -> bool {
        let brought: Vec<&Entry> = self
            .entries
            .values()
            .filter(|entry| entry.place.is_none() && entry.brought_by.as_deref() == Some(operator))
            .collect();
        let bytes: usize = brought.iter().map(|entry| size(entry)).sum();
        if brought.len() <= BROUGHT_BY_ONE && bytes <= BYTES_BY_ONE {
            return true;
        }
        self.forget(&newest);
        false
    }

    /// Forgets the oldest of what does not count any more.
    pub(super) fn bound_dead(&mut self) {
        let waiting = self.entries.values().filter(|entry| entry.place.is_none());
        if waiting.count() <= DEAD {
            return;
        }
        let mut dead: Vec<(u64, Txid)> = self
            .standings()
            .into_iter()
            .filter(|(_, standing)| !matches!(standing, Standing::Waiting { .. }))
            .filter_map(|(txid, _)| Some((self.entries.get(&txid)?.sequence, txid)))
            .collect();
        dead.sort_unstable();
        let over = dead.len().saturating_sub(DEAD);
        for (_, txid) in dead.into_iter().take(over) {
            self.forget_line(txid);
        }
    }

    /// Forgets what does not count, with all that spends it: a child whose parent nobody remembers
    /// would seem to spend a coin that exists.
    fn forget_line(&mut self, txid: Txid) {
        let mut open = vec![txid];
        while let Some(txid) = open.pop() {
            let waits = |entry: &Entry| entry.place.is_none();
            if self.entries.get(&txid).is_some_and(waits) {
                self.forget(&txid);
                let outputs = OutPoint::new(txid, 0)..=OutPoint::new(txid, u32::MAX);
                open.extend(
                    self.spends
                        .range(outputs)
                        .flat_map(|(_, spenders)| spenders),
                );
            }
        }
    }

    /// Holds the transactions in blocks to their bound: those go first whose coins are long spent,
    /// the oldest of them first; then those of the least value.
    pub(super) fn bound_mined(&mut self, tip: BlockHeight) {
        if self.entries.len() <= MINED {
            return;
        }
        let mut ranked: Vec<(bool, u64, u64, Txid)> = self
            .entries
            .values()
            .filter_map(|entry| {
                let height = entry.place?.height;
                let left = self.value_left(entry, tip);
                let rank = match left {
                    0 => u64::from(height),
                    value => value,
                };
                Some((left > 0, rank, entry.sequence, entry.txid))
            })
            .collect();
        ranked.sort_unstable();
        // A few more than needed, so that this is not done for every block.
        let over = self.entries.len().saturating_sub(MINED - MINED / 50);
        for (_, _, _, txid) in ranked.into_iter().take(over) {
            self.forget(&txid);
        }
    }

    /// Units of its outputs that no deep block has spent.
    fn value_left(&self, entry: &Entry, tip: BlockHeight) -> u64 {
        let is_final = |txid: &Txid| {
            self.entries.get(txid).is_some_and(|spender| {
                spender
                    .place
                    .is_some_and(|place| place.height.saturating_add(FINAL) <= tip)
            })
        };
        entry
            .outputs
            .iter()
            .filter(|(vout, _)| {
                let outpoint = OutPoint::new(entry.txid, **vout);
                let spenders = self.spends.get(&outpoint);
                !spenders.into_iter().flatten().any(is_final)
            })
            .fold(0, |sum, (_, coin)| sum.saturating_add(coin.amount))
    }
}

fn size(entry: &Entry) -> usize {
    entry.raw.as_ref().map_or(0, |raw| raw.0.total_size())
}
