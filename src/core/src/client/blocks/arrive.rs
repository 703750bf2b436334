//! A block came: refused or believed, as a whole.

use crate::client::{Client, Ending, PeerId, limits};
use crate::merkle::block::VerifiedBlock;
use bitcoin::Block;

impl Client {
    /// A verified block is told to whoever waits for it.
    pub(crate) fn block_verified(&mut self, block: VerifiedBlock) {
        let hash = block.hash();
        if self.is_wanted(&hash) {
            self.blocks.early.insert(hash, block);
            self.scan_advances();
            self.wallet_advances();
            self.forget_told_blocks();
        }
    }

    /// A `block`. One that was not asked for is let pass: nothing is to be learned from it that
    /// its header would not tell.
    pub(crate) fn on_block(&mut self, peer: PeerId, block: Block) {
        let hash = block.block_hash();
        let Some(ready) = self.ready_mut(peer) else {
            return;
        };
        let Some(since) = ready.blocks.coming.remove(&hash) else {
            return;
        };
        // The rest of what it was asked for waits behind this one.
        let now = self.now.monotonic_ms;
        let ready = self.ready_mut(peer);
        for since in ready.into_iter().flat_map(|r| r.blocks.coming.values_mut()) {
            *since = now;
        }
        // Who drips bytes is never silent: the others are asked before it from now on.
        if now.saturating_sub(since) > limits::BLOCK_SILENCE_MS
            && let Some(node) = self.node_mut(peer)
        {
            node.stalls = node.stalls.saturating_add(1);
        }
        // Its header may be older than what is kept in full.
        let Some(height) = self.height_of_any(&hash) else {
            return;
        };
        match VerifiedBlock::check_limited(block, self.params.max_block_weight) {
            Ok(verified) => self.block_came(verified),
            Err(error) => {
                // The header is good: another peer may have the block that belongs to it.
                let reason = format!("bad block at height {height}: {error}");
                self.close(peer, Ending::Misbehaved(reason));
            }
        }
    }
}
