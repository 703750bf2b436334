//! `getheaders`, `getblocks` and `getaddr`: answered from the validated chain alone.

use crate::chain::{Store, StoreError};
use crate::client::PeerId;
use crate::node::machine::{Done, Node};
use crate::node::peers::DialState;
use crate::node::{Direction, limits};
use crate::primitives::BlockHeight;
use bitcoin::BlockHash;
use bitcoin::block::Header;
use bitcoin::consensus::encode::deserialize_partial;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::{GetBlocksMessage, GetHeadersMessage, Inventory};
use bitcoin::p2p::{Address, ServiceFlags};
use std::net::SocketAddr;

impl<S: Store> Node<S> {
    pub(in crate::node) fn on_get_headers(
        &mut self,
        peer: PeerId,
        ask: &GetHeadersMessage,
    ) -> Done {
        // Its locator begins with what it has.
        if let Some(best) = ask.locator_hashes.first() {
            self.peer_has(peer, *best);
        }
        let mut headers = Vec::new();
        if ask.locator_hashes.is_empty() {
            // One header by its name.
            if self.chain.is_connected(&ask.stop_hash) {
                headers.extend(self.header_of(&ask.stop_hash)?);
            }
        } else {
            let from = self.shared(&ask.locator_hashes) + 1;
            for hash in self.hashes(from, limits::HEADERS_IN_MESSAGE, &ask.stop_hash) {
                headers.extend(self.header_of(&hash)?);
            }
        }
        if let (Some(last), Some(ready)) = (headers.last(), self.ready_mut(peer)) {
            ready.headers.told = Some(last.block_hash());
        }
        self.send(peer, NetworkMessage::Headers(headers));
        Ok(())
    }

    pub(in crate::node) fn on_get_blocks(&mut self, peer: PeerId, ask: &GetBlocksMessage) -> Done {
        let from = self.shared(&ask.locator_hashes) + 1;
        let hashes = self.hashes(from, limits::BLOCKS_IN_INV, &ask.stop_hash);
        if !hashes.is_empty() {
            let items = hashes.into_iter().map(Inventory::Block).collect();
            self.send(peer, NetworkMessage::Inv(items));
        }
        Ok(())
    }

    /// The height of the first hash of a locator that is on the validated chain.
    fn shared(&self, locator: &[BlockHash]) -> BlockHeight {
        let height = |hash: &BlockHash| {
            let height = self.chain.headers().height_of(hash).or_else(|| {
                // The validated chain may be beside the best headers.
                self.chain.headers().get(hash).map(|entry| entry.height)
            })?;
            (self.chain.hash_at(height) == Some(*hash)).then_some(height)
        };
        locator.iter().find_map(height).unwrap_or(0)
    }

    /// Hashes of the validated chain from a height on, up to `stop`.
    fn hashes(&self, from: BlockHeight, count: usize, stop: &BlockHash) -> Vec<BlockHash> {
        let mut hashes = Vec::new();
        for height in from..=self.chain.tip().height {
            let Some(hash) = self.chain.hash_at(height).filter(|_| hashes.len() < count) else {
                break;
            };
            hashes.push(hash);
            if hash == *stop {
                break;
            }
        }
        hashes
    }

    /// A header, also of an old height, which the tree keeps as a hash alone.
    fn header_of(&self, hash: &BlockHash) -> Result<Option<Header>, StoreError> {
        if let Some(entry) = self.chain.headers().get(hash) {
            return Ok(Some(entry.header));
        }
        let block = self.chain.block(hash)?;
        Ok(block.and_then(|bytes| Some(deserialize_partial(&bytes).ok()?.0)))
    }

    /// The nodes that we are connected to ourselves, once for each peer.
    pub(in crate::node) fn on_get_addresses(&mut self, peer: PeerId) {
        let unix = self.now.unix();
        let Some(connection) = self.peers.get_mut(&peer) else {
            return;
        };
        // Only who came to us is answered, as nodes do: the other way round it would tell what we know.
        let inbound = connection.direction == Direction::Inbound;
        let Some(ready) = connection.ready_mut().filter(|_| inbound) else {
            return;
        };
        if std::mem::replace(&mut ready.told_addresses, true) {
            return;
        }
        let addresses: Vec<_> = self
            .dials
            .iter()
            .filter(|dial| matches!(dial.state, DialState::Open(id) if self.ready(id).is_some()))
            .filter_map(|dial| dial.address.parse::<SocketAddr>().ok())
            .map(|address| (unix, Address::new(&address, ServiceFlags::NETWORK)))
            .take(limits::ADDRESSES)
            .collect();
        if !addresses.is_empty() {
            self.send(peer, NetworkMessage::Addr(addresses));
        }
    }
}
