//! Transactions that we offer: by `inv`, given to whoever asks for them. Bitcoin Core also takes
//! one that is sent unasked; other nodes (bcoin) leave a peer who does that.

use super::known::Name;
use crate::client::{Client, PeerId, limits};
use bitcoin::Transaction;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use std::collections::{BTreeSet, VecDeque};

/// The newest offers, oldest first.
#[derive(Debug, Default)]
pub(super) struct Offers(VecDeque<Transaction>);

impl Offers {
    fn put(&mut self, transaction: Transaction) {
        self.0.retain(|offered| *offered != transaction);
        self.0.push_back(transaction);
        while self.0.len() > limits::OFFERED_TRANSACTIONS {
            self.0.pop_front();
        }
    }

    fn find(&self, name: Name) -> Option<&Transaction> {
        self.0.iter().find(|offered| match name {
            Name::Txid(txid) => offered.compute_txid() == txid,
            Name::Wtxid(wtxid) => offered.compute_wtxid() == wtxid,
        })
    }
}

impl Client {
    /// Offers a transaction to every peer that answers. A node answers nothing, whatever it thinks
    /// of it; a node over a day behind drops it.
    pub(crate) fn broadcast(&mut self, transaction: &Transaction) -> usize {
        self.relay.offers.put(transaction.clone());
        let peers = self.ready_peers();
        for peer in &peers {
            let by_wtxid = self
                .ready(*peer)
                .is_some_and(|ready| ready.facts.wtxid_relay);
            let item = match by_wtxid {
                true => Inventory::WTx(transaction.compute_wtxid()),
                false => Inventory::Transaction(transaction.compute_txid()),
            };
            self.send(*peer, NetworkMessage::Inv(vec![item]));
        }
        peers.len()
    }

    /// A `getdata`: we keep nothing for others but what we offer. It is given with its witness,
    /// asked for or not: without it no node can verify it. Each once for each message, so that a
    /// short request does not draw a long answer many times over.
    pub(crate) fn on_getdata(&mut self, peer: PeerId, inventory: &[Inventory]) {
        let names: BTreeSet<Name> = inventory.iter().filter_map(Name::of).collect();
        let found = names.iter().filter_map(|name| {
            let offered = self.relay.offers.find(*name).cloned();
            offered.or_else(|| match name {
                Name::Txid(txid) => self.own_offered(Some(*txid), None),
                Name::Wtxid(wtxid) => self.own_offered(None, Some(*wtxid)),
            })
        });
        let found: Vec<Transaction> = found.collect();
        for transaction in found {
            self.send(peer, NetworkMessage::Tx(transaction));
        }
        self.serve_found(peer, inventory);
    }
}
