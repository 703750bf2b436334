//! `inv` and `notfound`: what peers say that they have, and have not.

use super::fetch::TransactionKey;
use crate::chain::Store;
use crate::client::PeerId;
use crate::node::machine::{Done, Node};
use bitcoin::BlockHash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

impl<S: Store> Node<S> {
    pub(in crate::node) fn on_inv(&mut self, peer: PeerId, inventory: &[Inventory]) -> Done {
        let by_wtxid = self
            .ready(peer)
            .is_some_and(|ready| ready.facts.wtxid_relay);
        let mut keys = Vec::new();
        let mut unknown = None;
        for item in inventory {
            match item {
                Inventory::Block(hash) => {
                    if self.chain.headers().get(hash).is_some() {
                        self.peer_has(peer, *hash);
                        self.fetch = true;
                    } else if self.chain.headers().height_of(hash).is_none() {
                        unknown = Some(*hash);
                    }
                }
                // BIP339: by the one or by the other, as was agreed.
                Inventory::WTx(wtxid) if by_wtxid => keys.push(TransactionKey::Wtxid(*wtxid)),
                Inventory::Transaction(txid) if !by_wtxid => {
                    keys.push(TransactionKey::Txid(*txid));
                }
                _ => {}
            }
        }
        // Of many the last: the headers up to it include the others.
        if let Some(hash) = unknown {
            self.ask_unknown(peer, hash);
        }
        self.on_announced(peer, &keys);
        Ok(())
    }

    /// A block that we have no header of: whoever serves headers is asked for them. Who serves none,
    /// a miner in a tab for instance, is asked for the block itself, one at a time.
    fn ask_unknown(&mut self, peer: PeerId, hash: BlockHash) {
        if self.serves_chain(peer) {
            self.ask_headers(peer, None);
            return;
        }
        if let Some(ready) = self.ready_mut(peer) {
            ready.blocks.stray = Some(hash);
            let item = Inventory::WitnessBlock(hash);
            self.send(peer, NetworkMessage::GetData(vec![item]));
        }
    }

    pub(in crate::node) fn on_not_found(&mut self, peer: PeerId, inventory: &[Inventory]) {
        for item in inventory {
            match item {
                Inventory::Block(hash) | Inventory::WitnessBlock(hash) => {
                    self.block_lacked(peer, *hash);
                }
                Inventory::WTx(wtxid) => {
                    self.transaction_lacked(peer, TransactionKey::Wtxid(*wtxid));
                }
                Inventory::Transaction(txid) | Inventory::WitnessTransaction(txid) => {
                    self.transaction_lacked(peer, TransactionKey::Txid(*txid));
                }
                _ => {}
            }
        }
    }
}
