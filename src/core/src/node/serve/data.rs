//! `getdata`: blocks, transactions, and what we have not.

use crate::chain::{Store, StoreError};
use crate::client::PeerId;
use crate::node::machine::{Done, Node};
use bitcoin::block::Block;
use bitcoin::consensus::encode::deserialize;
use bitcoin::p2p::message::{CommandString, NetworkMessage};
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::p2p::message_filter::CFilter;
use bitcoin::{BlockHash, Transaction};

/// Something that a peer asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::node) enum Job {
    /// One item of its `getdata`.
    Item(Inventory),
    /// The filter of this block, of its `getcfilters`.
    Filter(BlockHash),
}

/// Things that a peer asked for and we have not are told in batches of so many.
const NOT_FOUND: usize = 1_000;

impl<S: Store> Node<S> {
    pub(in crate::node) fn on_get_data(&mut self, peer: PeerId, inventory: Vec<Inventory>) -> Done {
        if let Some(connection) = self.peers.get_mut(&peer) {
            // It was read, so nothing is left of what it asked for before: the bound is that of
            // one message.
            connection.jobs.extend(inventory.into_iter().map(Job::Item));
        }
        self.serve(peer)
    }

    /// Serves what the peer asked for while it takes it.
    pub(in crate::node) fn serve(&mut self, peer: PeerId) -> Done {
        let mut missing = Vec::new();
        while let Some(connection) = self.peers.get_mut(&peer) {
            if connection.is_full() {
                break;
            }
            let Some(job) = connection.jobs.pop_front() else {
                break;
            };
            match job {
                Job::Item(item) => match self.item(&item)? {
                    Some(message) => self.send(peer, message),
                    None => missing.push(item),
                },
                Job::Filter(hash) => self.serve_filter(peer, hash)?,
            }
            if missing.len() >= NOT_FOUND {
                let items = std::mem::take(&mut missing);
                self.send(peer, NetworkMessage::NotFound(items));
            }
        }
        if !missing.is_empty() {
            self.send(peer, NetworkMessage::NotFound(missing));
        }
        Ok(())
    }

    /// The message that holds the item; none: we have it not, or nobody is served it.
    fn item(&self, item: &Inventory) -> Result<Option<NetworkMessage>, StoreError> {
        let transaction = |found: Option<&Transaction>| found.cloned().map(NetworkMessage::Tx);
        match item {
            Inventory::WitnessBlock(hash) => self.witness_block(hash),
            Inventory::Block(hash) => self.stripped_block(hash),
            Inventory::WTx(wtxid) => Ok(transaction(self.mempool.get_by_wtxid(wtxid))),
            Inventory::WitnessTransaction(txid) => Ok(transaction(self.mempool.get(txid))),
            Inventory::Transaction(txid) => {
                let found = self.mempool.get(txid).cloned();
                Ok(found.map(|found| NetworkMessage::Tx(without_witnesses(found))))
            }
            // Compact blocks, and blocks filtered by a bloom filter (BIP37): there is none.
            Inventory::CompactBlock(_) | Inventory::Error | Inventory::Unknown { .. } => Ok(None),
        }
    }

    /// A block that is, or was, on the validated chain: others may be invalid.
    fn validated_block(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        if !self.chain.is_connected(hash) && self.chain.filter(hash)?.is_none() {
            return Ok(None);
        }
        self.chain.block(hash)
    }

    /// As it is stored: it is not read for that.
    fn witness_block(&self, hash: &BlockHash) -> Result<Option<NetworkMessage>, StoreError> {
        let block = self.validated_block(hash)?;
        Ok(block.map(|payload| NetworkMessage::Unknown {
            command: CommandString::try_from_static("block").expect("five letters"),
            payload,
        }))
    }

    fn stripped_block(&self, hash: &BlockHash) -> Result<Option<NetworkMessage>, StoreError> {
        let Some(bytes) = self.validated_block(hash)? else {
            return Ok(None);
        };
        let mut block: Block = deserialize(&bytes).map_err(|error| StoreError {
            message: format!("expected block {hash} in the store, found other bytes: {error}"),
        })?;
        block.txdata = block.txdata.into_iter().map(without_witnesses).collect();
        Ok(Some(NetworkMessage::Block(block)))
    }

    /// One filter of an answer to `getcfilters`.
    fn serve_filter(&mut self, peer: PeerId, block_hash: BlockHash) -> Done {
        if let Some(stored) = self.chain.filter(&block_hash)? {
            let message = CFilter {
                filter_type: 0,
                block_hash,
                filter: stored.filter,
            };
            self.send(peer, NetworkMessage::CFilter(message));
        }
        Ok(())
    }
}

fn without_witnesses(mut transaction: Transaction) -> Transaction {
    for input in &mut transaction.input {
        input.witness.clear();
    }
    transaction
}
