//! A transaction came: looked at, counted for every operator that announced it, and forgotten
//! unless it matters.

use super::known::{Announced, Name, Place};
use crate::client::{Client, PeerId};
use bitcoin::Transaction;

impl Client {
    /// A `tx`, asked for or not: nodes may send one of their own accord.
    pub(crate) fn on_transaction(&mut self, peer: PeerId, transaction: &Transaction) {
        let Some(node) = self.node_mut(peer) else {
            return;
        };
        node.transactions = node.transactions.saturating_add(1);
        let sender = node.address.operator.clone();
        let txid = transaction.compute_txid();
        let names = [Name::Wtxid(transaction.compute_wtxid()), Name::Txid(txid)];
        let mut operators = self.relay.bit(&sender);
        // Whose announcement is not counted yet. One that was counted is not counted anew: it would
        // become its operator's newest word, and the sender could put it over what that operator
        // has since announced in its place.
        let mut uncounted = 0;
        for name in names {
            if let Some(announced) = self.relay.get(name) {
                operators |= announced.operators;
                if matches!(announced.place, Place::Coming { .. }) {
                    uncounted |= announced.operators;
                }
            }
        }
        for name in names {
            let place = Place::Here { txid };
            self.relay.put(name, Announced { place, operators });
        }
        let now = self.now.unix();
        let mut changed = self.ledger.seen(transaction, &sender, now);
        for operator in self.relay.names(uncounted) {
            if operator != sender {
                changed |= self.ledger.seen(transaction, &operator, now);
            }
        }
        self.wallet_sees(transaction, Some(&sender));
        if self.ledger.wants(transaction, &txid) {
            // Its senders bring more than is kept of one: the next one to announce it is asked.
            for name in names {
                self.relay.forget(name);
            }
        }
        self.till.looked_at(1, now);
        if changed {
            self.payments_changed();
        }
        self.transaction_arrived(peer, names);
    }

    /// Sends again what a reorganisation took out of its block.
    pub(crate) fn rebroadcast_due(&mut self) {
        if !std::mem::take(&mut self.rebroadcast) {
            return;
        }
        if self.ready_peers().is_empty() {
            self.rebroadcast = true;
            return;
        }
        for transaction in self.ledger.to_rebroadcast() {
            self.broadcast(&transaction);
        }
    }
}
