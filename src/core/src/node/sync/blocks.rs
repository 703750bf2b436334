//! Blocks: which are missing, whom to ask, how long to wait.
//!
//! Each peer is asked for a few at a time, the lowest first. The one that all others wait for is asked
//! of a second peer after some seconds, and a peer that brings nothing for half a minute is left, so
//! nobody can hold the chain up by promising.

use crate::chain::Store;
use crate::client::PeerId;
use crate::node::limits;
use crate::node::machine::Node;
use crate::node::peers::Ending;
use crate::node::rolling::Rolling;
use bitcoin::BlockHash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use std::collections::{BTreeMap, BTreeSet};

/// The conversation about blocks with one peer.
#[derive(Debug)]
pub(in crate::node) struct BlockTalk {
    /// What it was asked for.
    pub(in crate::node) asked: BTreeSet<BlockHash>,
    /// When it was asked after a pause, or last brought one.
    pub(in crate::node) since_ms: u64,
    /// What it said it has not.
    pub(in crate::node) lacked: Rolling<BlockHash>,
    /// A block whose header is unknown here was asked of it, since it serves no headers.
    pub(in crate::node) stray: Option<BlockHash>,
}

impl Default for BlockTalk {
    fn default() -> Self {
        Self {
            asked: BTreeSet::new(),
            since_ms: 0,
            lacked: Rolling::new(limits::LACKED_BLOCKS),
            stray: None,
        }
    }
}

/// Blocks that are on their way: who was asked, and when.
#[derive(Debug, Default)]
pub(in crate::node) struct Download {
    asked: BTreeMap<BlockHash, Vec<(PeerId, u64)>>,
}

impl Download {
    #[cfg(test)]
    pub(in crate::node) fn len(&self) -> usize {
        self.asked.len()
    }
}

impl<S: Store> Node<S> {
    /// Asks for missing blocks, of whoever has them and is asked for few.
    pub(in crate::node) fn fetch_blocks(&mut self) {
        self.fetch = false;
        let now = self.now.monotonic_ms;
        let missing = self.chain.missing_blocks(limits::BLOCKS_AHEAD);
        let mut asks: BTreeMap<PeerId, Vec<BlockHash>> = BTreeMap::new();
        for (place, hash) in missing.iter().enumerate() {
            let asked = self.download.asked.get(hash);
            let limit = match asked.and_then(|asked| asked.last()) {
                None => 1,
                Some((_, since)) if place == 0 && now >= since + limits::BLOCK_STALL_MS => {
                    limits::BLOCK_ASKED
                }
                Some(_) => continue,
            };
            if asked.is_some_and(|asked| asked.len() >= limit) {
                continue;
            }
            let Some(peer) = self.source_of(hash) else {
                continue;
            };
            self.note_asked(peer, *hash);
            asks.entry(peer).or_default().push(*hash);
        }
        for (peer, hashes) in asks {
            let items = hashes.into_iter().map(Inventory::WitnessBlock).collect();
            self.send(peer, NetworkMessage::GetData(items));
        }
    }

    /// The peer that has the block and is asked for least.
    fn source_of(&self, hash: &BlockHash) -> Option<PeerId> {
        let asked = self.download.asked.get(hash);
        self.peers
            .values()
            .filter_map(|peer| Some((peer.ready()?.blocks.asked.len(), peer.id)))
            .filter(|(count, _)| *count < limits::BLOCKS_PER_PEER)
            .filter(|(_, peer)| !asked.is_some_and(|asked| asked.iter().any(|(id, _)| id == peer)))
            .filter(|(_, peer)| self.has_block(*peer, hash))
            .min()
            .map(|(_, peer)| peer)
    }

    fn note_asked(&mut self, peer: PeerId, hash: BlockHash) {
        let now = self.now.monotonic_ms;
        self.download
            .asked
            .entry(hash)
            .or_default()
            .push((peer, now));
        if let Some(ready) = self.ready_mut(peer) {
            if ready.blocks.asked.is_empty() {
                ready.blocks.since_ms = now;
            }
            ready.blocks.asked.insert(hash);
        }
    }

    /// The peer brought it, or has it not. Whether it was asked for it.
    pub(in crate::node) fn no_longer_asked(&mut self, peer: PeerId, hash: &BlockHash) -> bool {
        if let Some(asked) = self.download.asked.get_mut(hash) {
            asked.retain(|(id, _)| *id != peer);
            if asked.is_empty() {
                self.download.asked.remove(hash);
            }
        }
        self.fetch = true;
        self.ready_mut(peer)
            .is_some_and(|ready| ready.blocks.asked.remove(hash))
    }

    /// A connection ended: others take over.
    pub(in crate::node) fn blocks_released(&mut self, peer: PeerId) {
        self.download.asked.retain(|_, asked| {
            asked.retain(|(id, _)| *id != peer);
            !asked.is_empty()
        });
        self.fetch = true;
    }

    /// The peer has not what it was asked for.
    pub(in crate::node) fn block_lacked(&mut self, peer: PeerId, hash: BlockHash) {
        if self.no_longer_asked(peer, &hash)
            && let Some(ready) = self.ready_mut(peer)
        {
            ready.blocks.lacked.insert(hash);
        }
    }

    /// Peers that promised and brought nothing.
    pub(in crate::node) fn blocks_due(&mut self) {
        let now = self.now.monotonic_ms;
        let late: Vec<_> = self
            .peers
            .values()
            .filter(|peer| {
                peer.ready().is_some_and(|ready| {
                    let blocks = &ready.blocks;
                    !blocks.asked.is_empty() && now >= blocks.since_ms + limits::BLOCK_SILENCE_MS
                })
            })
            .map(|peer| peer.id)
            .collect();
        for peer in late {
            let seconds = limits::BLOCK_SILENCE_MS / 1_000;
            let reason = format!("expected a block within {seconds} s, found nothing");
            self.close(peer, Ending::Left(reason));
        }
        // The block that all wait for may be asked of another now.
        self.fetch |= !self.download.asked.is_empty();
    }
}
