//! Blocks were connected or disconnected.
//!
//! What a block holds leaves, and so does whatever conflicts with it. After a reorganisation the
//! transactions of the blocks that left come back, if they are still valid; and what waits is looked at
//! again, since coins, coinbases and the times that locks wait for may have gone with those blocks.

use super::accept::fee;
use super::coins::CoinSource;
use super::error::MempoolError;
use super::pool::Mempool;
use crate::chain::StoreError;
use crate::consensus::{self, SpendContext};
use bitcoin::{Block, Sequence, Transaction, Txid};
use std::collections::BTreeSet;

/// What became of the transactions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changed {
    /// Left for another reason than being in a block.
    pub gone: Vec<Txid>,
    /// Were in a block that left, and wait again: parents first.
    pub back: Vec<Txid>,
}

impl Mempool {
    /// The best chain changed: these blocks left it, the old tip first, and these came, the new tip
    /// last. `coins` and `context` are those of the new tip.
    ///
    /// # Errors
    /// The storage broke.
    pub fn on_change(
        &mut self,
        disconnected: &[Block],
        connected: &[Block],
        coins: &impl CoinSource,
        context: SpendContext,
        now_ms: u64,
    ) -> Result<Changed, StoreError> {
        let mut back = Vec::new();
        let mut gone = Vec::new();
        for transaction in connected.iter().flat_map(|block| &block.txdata) {
            self.confirmed(transaction, &mut gone);
        }
        if !disconnected.is_empty() {
            // The old tip comes first; parents must come first.
            for block in disconnected.iter().rev() {
                for transaction in block.txdata.iter().filter(|tx| !tx.is_coinbase()) {
                    if self.back(transaction, coins, context, now_ms)? {
                        back.push(transaction.compute_txid());
                    }
                }
            }
            self.look_again(coins, context, &mut gone)?;
            gone.extend(self.trim(now_ms));
        }
        back.retain(|txid| self.contains(txid));
        Ok(Changed { gone, back })
    }

    fn confirmed(&mut self, transaction: &Transaction, gone: &mut Vec<Txid>) {
        let txid = transaction.compute_txid();
        if self.contains(&txid) {
            self.remove(&BTreeSet::from([txid]));
        }
        for conflict in self.conflicts(transaction) {
            let left = self.remove_with_descendants(&conflict);
            gone.extend(left.iter().map(Transaction::compute_txid));
        }
    }

    /// A transaction of a block that is none of the chain's any more. It was paid for once.
    /// Whether it waits again.
    fn back(
        &mut self,
        transaction: &Transaction,
        coins: &impl CoinSource,
        context: SpendContext,
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        if self.contains(&transaction.compute_txid()) || !self.conflicts(transaction).is_empty() {
            return Ok(false);
        }
        match self.still_valid(transaction, coins, context, true) {
            Ok(fee) => {
                self.insert(transaction.clone(), fee, now_ms);
                Ok(true)
            }
            Err(MempoolError::Store(error)) => Err(error),
            Err(_) => Ok(false),
        }
    }

    /// Its fee, if the next block could hold it. Signatures do not change, unless it is new here.
    fn still_valid(
        &self,
        transaction: &Transaction,
        coins: &impl CoinSource,
        context: SpendContext,
        signatures: bool,
    ) -> Result<u64, MempoolError> {
        let spent = self.spent_by(transaction, coins, context)?;
        let fee = fee(transaction, &spent)?;
        let coinbase = spent.coins.iter().any(|coin| coin.coinbase);
        if signatures || coinbase || waits_for_a_time(transaction) {
            consensus::check_spend(&self.params, transaction, &spent.coins, context)?;
        }
        Ok(fee)
    }

    /// Everything that waits, parents first.
    fn look_again(
        &mut self,
        coins: &impl CoinSource,
        context: SpendContext,
        gone: &mut Vec<Txid>,
    ) -> Result<(), StoreError> {
        for txid in self.parents_first() {
            let Some(transaction) = self.get(&txid) else {
                continue;
            };
            let stays = match self.still_valid(transaction, coins, context, false) {
                Ok(_) => self.ancestors(&txid).len() < self.limits.max_relatives,
                Err(MempoolError::Store(error)) => return Err(error),
                Err(_) => false,
            };
            if !stays {
                let left = self.remove_with_descendants(&txid);
                gone.extend(left.iter().map(Transaction::compute_txid));
            }
        }
        for txid in self.parents_first() {
            // The last of a family that grew too long leaves.
            while self.descendants(&txid).len() >= self.limits.max_relatives {
                let family = self.descendants(&txid);
                let Some(last) = family
                    .iter()
                    .max_by_key(|member| self.ancestors(member).len())
                    .copied()
                else {
                    break;
                };
                let left = self.remove_with_descendants(&last);
                gone.extend(left.iter().map(Transaction::compute_txid));
            }
        }
        Ok(())
    }

    /// The ids of all, each after those that it follows from.
    #[must_use]
    pub fn parents_first(&self) -> Vec<Txid> {
        let mut order = Vec::with_capacity(self.entries.len());
        let mut placed = BTreeSet::new();
        let mut open: Vec<Txid> = self.entries.keys().rev().copied().collect();
        while let Some(txid) = open.pop() {
            let Some(entry) = self.entries.get(&txid) else {
                continue;
            };
            if placed.contains(&txid) {
                continue;
            }
            let before = open.len();
            open.push(txid);
            open.extend(
                entry
                    .parents
                    .iter()
                    .filter(|parent| !placed.contains(*parent)),
            );
            if open.len() == before + 1 {
                open.pop();
                placed.insert(txid);
                order.push(txid);
            }
        }
        order
    }
}

/// Whether a lock (BIP65's field, BIP68) may hold it back.
fn waits_for_a_time(transaction: &Transaction) -> bool {
    let locked = transaction.lock_time.to_consensus_u32() != 0;
    let relative = |sequence: Sequence| sequence.is_relative_lock_time();
    locked
        || transaction
            .input
            .iter()
            .any(|input| relative(input.sequence))
}
