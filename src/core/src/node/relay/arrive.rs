//! A transaction came: the mempool judges it. What it was asked for is looked at, nothing else.

use super::fetch::TransactionKey;
use crate::chain::Store;
use crate::client::PeerId;
use crate::consensus::RuleError;
use crate::mempool::MempoolError;
use crate::node::limits;
use crate::node::machine::{Done, Node};
use bitcoin::{OutPoint, Transaction, Txid};
use std::collections::{BTreeSet, VecDeque};

impl<S: Store> Node<S> {
    pub(in crate::node) fn on_transaction(
        &mut self,
        peer: PeerId,
        transaction: Transaction,
    ) -> Done {
        let keys = [
            TransactionKey::Wtxid(transaction.compute_wtxid()),
            TransactionKey::Txid(transaction.compute_txid()),
        ];
        if !keys.iter().any(|key| self.is_asked(peer, key)) {
            return Ok(());
        }
        for key in keys {
            self.settled(key, Some(peer));
        }
        self.judge(peer, transaction)
    }

    /// Judges a transaction that this peer brought, and the orphans that waited for it.
    fn judge(&mut self, peer: PeerId, transaction: Transaction) -> Done {
        let mut open = VecDeque::from([(transaction, peer)]);
        while let Some((transaction, from)) = open.pop_front() {
            let txid = transaction.compute_txid();
            let wtxid = transaction.compute_wtxid();
            let kept = transaction.clone();
            match self.enter(transaction) {
                Ok(()) => {
                    let now = self.now.monotonic_ms;
                    if let Some(ready) = self.ready_mut(from) {
                        ready.brought_transaction_ms = now;
                    }
                    open.extend(self.orphans.take_children(&txid));
                }
                Err(MempoolError::Known) => {}
                Err(MempoolError::MissingInputs { missing }) => {
                    self.orphaned(from, kept, &missing);
                }
                Err(MempoolError::Store(error)) => return Err(error),
                Err(error) => {
                    self.transactions.refuse(wtxid);
                    if is_misbehaviour(&error) {
                        self.misbehaved(from, format!("transaction {txid}: {error}"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Its parents came in a block: orphans are looked at again.
    pub(in crate::node) fn parents_came(&mut self, parent: Txid) -> Done {
        for (orphan, from) in self.orphans.take_children(&parent) {
            self.judge(from, orphan)?;
        }
        Ok(())
    }

    /// Lets a transaction into the mempool, and tells everyone.
    pub(in crate::node) fn enter(&mut self, transaction: Transaction) -> Result<(), MempoolError> {
        let txid = transaction.compute_txid();
        let context = self.chain.next_context();
        let now = self.now.monotonic_ms;
        self.mempool
            .accept(transaction, &self.chain, context, now)?;
        self.announce_transaction(txid);
        Ok(())
    }

    /// Keeps it for later, and asks whoever brought it for its parents.
    fn orphaned(&mut self, peer: PeerId, transaction: Transaction, missing: &[OutPoint]) {
        let parents: BTreeSet<_> = missing.iter().map(|outpoint| outpoint.txid).collect();
        // More parents than a family may have: it could never enter.
        if parents.len() > limits::ORPHAN_PARENTS {
            self.transactions.refuse(transaction.compute_wtxid());
            return;
        }
        self.orphans.add(transaction, peer, self.now.monotonic_ms);
        let keys: Vec<_> = parents.into_iter().map(TransactionKey::Txid).collect();
        self.on_announced(peer, &keys);
    }
}

/// Whether only a peer that breaks the rules sends such a transaction: none that is wrong for the
/// moment alone, or only by our own bounds.
fn is_misbehaviour(error: &MempoolError) -> bool {
    match error {
        MempoolError::Coinbase | MempoolError::Overspent { .. } => true,
        MempoolError::Rule(rule) => !matches!(
            rule,
            RuleError::OtherRules { .. }
                | RuleError::Coins { .. }
                | RuleError::Immature { .. }
                | RuleError::NotFinal { .. }
                | RuleError::LockedHeight { .. }
                | RuleError::LockedTime { .. }
        ),
        _ => false,
    }
}
