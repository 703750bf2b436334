//! Which block is asked of whom, and for how long we wait.

use super::question::Question;
use crate::client::{Client, Ending, PeerId, limits};
use crate::merkle::block::VerifiedBlock;
use bitcoin::BlockHash;
use bitcoin::p2p::ServiceFlags;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The requests to one peer.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// On their way, since when.
    pub(crate) coming: BTreeMap<BlockHash, u64>,
    /// It said that it has not these; when to try again.
    pub(crate) lacks: BTreeMap<BlockHash, u64>,
}

/// Blocks on their way or waiting for their turn.
#[derive(Debug, Default)]
pub(crate) struct Fetch {
    /// Verified, and a block before them is not there yet.
    pub(crate) early: BTreeMap<BlockHash, VerifiedBlock>,
    /// What the page waits for.
    pub(super) questions: Vec<Question>,
    /// The last ones that were verified, to be looked at.
    pub(crate) recent: VecDeque<VerifiedBlock>,
}

impl Client {
    /// Asks for every block that is wanted and on its way from nobody.
    pub(crate) fn blocks_next(&mut self) {
        self.scan_catches_up();
        self.wallet_begins();
        // Invoices first: the wallet may have a long way before it.
        for hash in self.scan_wants().into_iter().chain(self.wallet_wants()) {
            self.ask_block(hash);
        }
        let questions: Vec<BlockHash> = self
            .blocks
            .questions
            .iter()
            .map(|question| question.hash)
            .collect();
        for hash in questions {
            self.ask_block(hash);
        }
    }

    /// Whether the payments or the wallet wait for this block.
    pub(super) fn is_wanted(&self, hash: &BlockHash) -> bool {
        self.scan_wants().contains(hash) || self.wallet_wants().contains(hash)
    }

    /// Lets go of the blocks that both know.
    pub(super) fn forget_told_blocks(&mut self) {
        let wanted: BTreeSet<BlockHash> = self
            .scan_wants()
            .into_iter()
            .chain(self.wallet_wants())
            .collect();
        self.blocks.early.retain(|hash, _| wanted.contains(hash));
    }

    fn ask_block(&mut self, hash: BlockHash) {
        if self.is_coming(&hash) {
            return;
        }
        let Some(peer) = self.block_peer(&hash) else {
            return;
        };
        let now = self.now.monotonic_ms;
        if let Some(ready) = self.ready_mut(peer) {
            ready.blocks.coming.insert(hash, now);
            let item = Inventory::WitnessBlock(hash);
            self.send(peer, NetworkMessage::GetData(vec![item]));
        }
    }

    fn is_coming(&self, hash: &BlockHash) -> bool {
        self.blocks.early.contains_key(hash)
            || self
                .nodes
                .iter()
                .filter_map(|node| node.connection()?.ready())
                .any(|ready| ready.blocks.coming.contains_key(hash))
    }

    /// The peer to ask: it serves blocks, has shown this one, and made us wait least.
    fn block_peer(&self, hash: &BlockHash) -> Option<PeerId> {
        let now = self.now.monotonic_ms;
        let height = self.height_of_any(hash)?;
        let depth = self.tree.tip().height.saturating_sub(height);
        self.nodes
            .iter()
            .filter_map(|node| {
                let connection = node.connection()?;
                let ready = connection.ready()?;
                let serves = ready.facts.services.has(ServiceFlags::NETWORK)
                    || (ready.facts.services.has(ServiceFlags::NETWORK_LIMITED)
                        && depth < limits::PRUNED_DEPTH);
                let lacks = ready
                    .blocks
                    .lacks
                    .get(hash)
                    .is_some_and(|again| *again > now);
                let busy = ready.blocks.coming.len();
                (serves
                    && !lacks
                    && busy < limits::BLOCKS_PER_PEER
                    && self.has_shown(ready.headers.shown, hash))
                .then_some((node.stalls, busy, connection.id))
            })
            .min()
            .map(|(_, _, peer)| peer)
    }

    /// Whether a peer that has shown this header is known to have that block.
    fn has_shown(&self, shown: Option<BlockHash>, wanted: &BlockHash) -> bool {
        let Some(shown) = shown else {
            return false;
        };
        if shown == *wanted {
            return true;
        }
        let (Some(top), Some(height)) = (self.height_of_any(&shown), self.height_of_any(wanted))
        else {
            return false;
        };
        // Of the best chain, a branch has what is below its fork. A branch's own block may be gone:
        // anybody is asked.
        match self.tree.height_of(wanted) {
            Some(height) => self.tree.fork_of(&shown).unwrap_or(top) >= height,
            None => top >= height,
        }
    }

    /// A peer says that it has not got this block.
    pub(crate) fn block_not_found(&mut self, peer: PeerId, hash: BlockHash) {
        let again = self.now.monotonic_ms + limits::LACKED_AGAIN_MS;
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        if ready.blocks.coming.remove(&hash).is_none() {
            return;
        }
        if ready.blocks.lacks.len() >= limits::LACKED_BLOCKS {
            ready.blocks.lacks.pop_first();
        }
        ready.blocks.lacks.insert(hash, again);
    }

    /// Blocks that did not come: another peer is asked, and this one is left, for it has shown
    /// their headers.
    pub(crate) fn blocks_due(&mut self) {
        let now = self.now.monotonic_ms;
        let late: Vec<PeerId> = self
            .nodes
            .iter()
            .filter_map(|node| node.connection())
            .filter(|connection| {
                connection
                    .ready()
                    .and_then(|ready| block_deadline(&ready.blocks, connection.heard_ms))
                    .is_some_and(|deadline| deadline <= now)
            })
            .map(|connection| connection.id)
            .collect();
        for peer in late {
            let reason = "expected the block that it had shown, found nothing in time".to_owned();
            self.close(peer, Ending::Stalled(reason));
        }
    }

    pub(crate) fn blocks_deadline(&self) -> Option<u64> {
        let now = self.now.monotonic_ms;
        self.nodes
            .iter()
            .filter_map(|node| {
                let connection = node.connection()?;
                let blocks = &connection.ready()?.blocks;
                let again = blocks.lacks.values().filter(|again| **again > now).min();
                block_deadline(blocks, connection.heard_ms)
                    .into_iter()
                    .chain(again.copied())
                    .min()
            })
            .min()
    }
}

/// Silence is noticed soon; a peer that drips bytes is given longer, and not for ever.
fn block_deadline(asked: &Asked, heard_ms: u64) -> Option<u64> {
    let since = asked.coming.values().min()?;
    let silent = heard_ms.max(*since) + limits::BLOCK_SILENCE_MS;
    Some(silent.min(since + limits::BLOCK_ANSWER_MS))
}
