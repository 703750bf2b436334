//! Blocks: which are missing, whom to ask, how long to wait.
//!
//! Each peer is asked for a few at a time, the lowest first. The one of a branch that all others wait
//! for is asked of one more peer every few seconds, until one brings it. Every block has its deadline
//! with every peer that was asked for it, and only blocks that were asked for count as brought, so
//! nobody can hold the chain up by promising, nor by sending something else.

use crate::chain::Store;
use crate::client::PeerId;
use crate::node::machine::Node;
use crate::node::peers::{Ending, Peer, Ready};
use crate::node::rolling::Rolling;
use crate::node::{Direction, limits};
use bitcoin::BlockHash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The conversation about blocks with one peer.
#[derive(Debug)]
pub(in crate::node) struct BlockTalk {
    /// What it was asked for, and until when each must be here.
    asked: BTreeMap<BlockHash, u64>,
    /// When it was asked after a pause, or last brought one of these.
    since_ms: u64,
    /// What it said it has not.
    pub(in crate::node) lacked: Rolling<BlockHash>,
    /// A block whose header is unknown here was asked of it, since it serves no headers.
    pub(in crate::node) stray: Option<BlockHash>,
}

impl Default for BlockTalk {
    fn default() -> Self {
        Self {
            asked: BTreeMap::new(),
            since_ms: 0,
            lacked: Rolling::new(limits::LACKED_BLOCKS),
            stray: None,
        }
    }
}

impl BlockTalk {
    /// When a block that is asked for now must be here: those before it have their time first.
    fn deadline(&self, now: u64) -> u64 {
        now + limits::BLOCK_SILENCE_MS * (self.asked.len() as u64 + 1)
    }

    fn is_late(&self, now: u64) -> bool {
        let silent = now >= self.since_ms + limits::BLOCK_SILENCE_MS;
        let late = |until: &u64| *until <= now;
        !self.asked.is_empty() && (silent || self.asked.values().any(late))
    }

    pub(in crate::node) fn patience_anew(&mut self, now: u64) {
        self.since_ms = now;
        let until = self.deadline(now);
        for deadline in self.asked.values_mut() {
            *deadline = until;
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
        for hash in &missing {
            let asked = self.download.asked.get(hash);
            let source = match asked.and_then(|asked| asked.last()) {
                None => self.source_of(hash),
                Some((_, since)) if now < since + limits::BLOCK_STALL_MS => None,
                Some(_) if self.is_lowest(hash, &missing) => self.better_source_of(hash),
                Some(_) => None,
            };
            let Some(peer) = source else {
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

    /// Whether all others of its branch wait for it: what is before it is here.
    fn is_lowest(&self, hash: &BlockHash, missing: &[BlockHash]) -> bool {
        let entry = self.chain.headers().get(hash);
        entry.is_some_and(|entry| !missing.contains(&entry.header.prev_blockhash))
    }

    /// The peer that has the block and is asked for least.
    fn source_of(&self, hash: &BlockHash) -> Option<PeerId> {
        let sources = self.sources_of(hash);
        let least = sources.min_by_key(|(peer, ready)| (ready.blocks.asked.len(), peer.id));
        least.map(|(peer, _)| peer.id)
    }

    /// Somebody holds it back: next is whom we chose ourselves, then who brought a good block last,
    /// so that a crowd of strangers cannot make all wait for each of them in turn.
    fn better_source_of(&self, hash: &BlockHash) -> Option<PeerId> {
        let sources = self.sources_of(hash);
        let best = sources.min_by_key(|(peer, ready)| {
            let inbound = peer.direction == Direction::Inbound;
            let brought = Reverse(ready.brought_block_ms);
            (inbound, brought, ready.blocks.asked.len(), peer.id)
        });
        best.map(|(peer, _)| peer.id)
    }

    /// Who has the block, was not asked for it, and may be asked for one more.
    fn sources_of(&self, hash: &BlockHash) -> impl Iterator<Item = (&Peer, &Ready)> {
        let asked = self.download.asked.get(hash);
        let was_asked = move |peer: PeerId| {
            asked.is_some_and(|asked| asked.iter().any(|(other, _)| *other == peer))
        };
        self.peers
            .values()
            .filter_map(|peer| Some((peer, peer.ready()?)))
            .filter(|(_, ready)| ready.blocks.asked.len() < limits::BLOCKS_PER_PEER)
            .filter(move |(peer, _)| !was_asked(peer.id) && self.has_block(peer.id, hash))
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
            let until = ready.blocks.deadline(now);
            ready.blocks.asked.insert(hash, until);
        }
    }

    /// The peer brought it. Whether it was asked for it: only then it did what it promised.
    pub(in crate::node) fn block_brought(&mut self, peer: PeerId, hash: &BlockHash) -> bool {
        let now = self.now.monotonic_ms;
        let asked = self.no_longer_asked(peer, hash);
        if asked && let Some(ready) = self.ready_mut(peer) {
            ready.blocks.since_ms = now;
        }
        asked
    }

    /// The peer brought it, or has it not. Whether it was asked for it.
    fn no_longer_asked(&mut self, peer: PeerId, hash: &BlockHash) -> bool {
        if let Some(asked) = self.download.asked.get_mut(hash) {
            asked.retain(|(id, _)| *id != peer);
            if asked.is_empty() {
                self.download.asked.remove(hash);
            }
        }
        self.fetch = true;
        self.ready_mut(peer)
            .is_some_and(|ready| ready.blocks.asked.remove(hash).is_some())
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
                let ready = peer.ready();
                ready.is_some_and(|ready| ready.blocks.is_late(now))
            })
            .map(|peer| peer.id)
            .collect();
        for peer in late {
            let seconds = limits::BLOCK_SILENCE_MS / 1_000;
            let reason =
                format!("expected each block that was asked for within {seconds} s, found none");
            self.close(peer, Ending::Left(reason));
        }
        // The block that all wait for may be asked of another now.
        self.fetch |= !self.download.asked.is_empty();
    }
}
