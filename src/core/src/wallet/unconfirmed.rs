//! Transactions in no block.
//!
//! Anybody can announce anything. What others pay us is shown as unverified and never spent: a
//! light client cannot know that its coins exist. What spends our own coins is believed only where
//! all that it spends is ours and every signature is right, which this client can check for itself;
//! else a peer could make us believe that our coins are gone.

use super::entry::Raw;
use super::machine::{Origin, Wallet};
use super::standing::Standing;
use crate::consensus::check_transaction;
use crate::primitives::UnixTime;
use bitcoin::{Transaction, Txid};

/// After so long in no block nothing is expected of a transaction any more: nodes forget it by
/// then (Bitcoin Core's `-mempoolexpiry`, 336 hours).
pub const EXPIRY: UnixTime = 14 * 24 * 60 * 60;

impl Wallet {
    /// Somebody announced this transaction: an operator, or, where none is named, a person who
    /// handed it over. Says whether anything of one's own changed.
    pub fn seen(&mut self, tx: &Transaction, operator: Option<&str>, now: UnixTime) -> bool {
        // No node relays what breaks the rules, and no block may hold it.
        if tx.is_coinbase() || check_transaction(&self.params, tx).is_err() {
            return false;
        }
        let txid = tx.compute_txid();
        if self.entries.contains_key(&txid) {
            return self.seen_again(&txid, now);
        }
        let spent = self.own_inputs(tx);
        let verified = !spent.is_empty();
        if verified {
            if spent.len() != tx.input.len() || !self.signed_by_us(tx, &spent) {
                return false;
            }
        } else if self.own_outputs(tx).is_empty() {
            return false;
        }
        let brought_by = (!verified).then(|| operator.unwrap_or_default());
        self.put(
            tx,
            txid,
            &Origin {
                place: None,
                first_seen: now,
                verified,
                brought_by,
                whole: true,
            },
        );
        self.bound_dead();
        match brought_by {
            Some(operator) => self.bound_operator(operator, txid),
            None => true,
        }
    }

    /// It was given up, and is there again.
    fn seen_again(&mut self, txid: &Txid, now: UnixTime) -> bool {
        let Some(entry) = self.entries.get_mut(txid) else {
            return false;
        };
        if !entry.abandoned || entry.place.is_some() {
            return false;
        }
        entry.abandoned = false;
        entry.waiting_since = now;
        self.touch(txid);
        true
    }

    /// What waits since long ago is given up, visibly. Says whether anything was.
    pub fn expire(&mut self, now: UnixTime) -> bool {
        let late: Vec<Txid> = self
            .entries
            .values()
            .filter(|entry| {
                entry.place.is_none()
                    && !entry.abandoned
                    && !entry.coinbase
                    && now.saturating_sub(entry.waiting_since) >= EXPIRY
            })
            .map(|entry| entry.txid)
            .collect();
        for txid in &late {
            self.touch(txid);
            if let Some(entry) = self.entries.get_mut(txid) {
                entry.abandoned = true;
            }
        }
        self.bound_dead();
        !late.is_empty()
    }

    /// One's own payments that wait for a block, parents first: to be sent again until they are in
    /// one.
    #[must_use]
    pub fn to_send(&self) -> Vec<&Transaction> {
        let mut waiting: Vec<_> = self
            .standings()
            .into_iter()
            .filter_map(|(txid, standing)| match standing {
                Standing::Waiting { ancestors } => Some((ancestors, self.entries.get(&txid)?)),
                _ => None,
            })
            .filter(|(_, entry)| entry.verified)
            .collect();
        waiting.sort_by_key(|(ancestors, entry)| (*ancestors, entry.sequence));
        let whole = waiting.into_iter();
        whole
            .filter_map(|(_, entry)| entry.raw.as_ref().map(|Raw(tx)| tx))
            .collect()
    }

    /// More is known of what this transaction spends, or its block is gone: whether it is one of
    /// our own is asked again.
    pub(super) fn judge_again(&mut self, txid: &Txid) {
        let Some(entry) = self.entries.get(txid) else {
            return;
        };
        if entry.place.is_some() || entry.verified || entry.coinbase || entry.spent.is_empty() {
            return;
        }
        let right = entry.is_own()
            && entry
                .raw
                .as_ref()
                .is_some_and(|Raw(tx)| self.signed_by_us(tx, &entry.spent));
        if let Some(entry) = self.entries.get_mut(txid)
            && right
        {
            entry.verified = true;
            entry.brought_by = None;
        }
        self.touch(txid);
    }
}
