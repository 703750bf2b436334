//! How far the wallet knows the best chain. Its own way from its birth on, beside the invoices': a
//! wallet that is restored looks at all blocks, while the till goes on at the tip.

use crate::client::{Client, limits};
use crate::primitives::BlockHeight;
use bitcoin::BlockHash;

impl Client {
    /// The blocks that come next for the wallet: as many as may be on their way.
    pub(crate) fn wallet_wants(&self) -> Vec<BlockHash> {
        let next = self.purse.watched.as_ref().and_then(|w| w.next());
        let Some(next) = next else {
            return Vec::new();
        };
        let ahead = limits::BLOCKS_AHEAD as BlockHeight;
        // The first block of a network pays nobody, and no node is asked for it.
        (next.max(1)..next.max(1).saturating_add(ahead))
            .map_while(|height| self.tree.hash_at(height))
            .collect()
    }

    /// A wallet that was just made begins at the tip of the first sync.
    pub(crate) fn wallet_begins(&mut self) {
        if !self.sync.caught_up || self.sync.long.is_some() {
            return;
        }
        let tip = self.tree.tip().height;
        if let Some(watched) = &mut self.purse.watched
            && watched.from.is_none()
        {
            watched.from = Some(tip.saturating_add(1));
            watched.scan_changed = true;
            self.views.wallet_changed();
        }
    }

    /// Tells the wallet of every block whose turn has come.
    pub(crate) fn wallet_advances(&mut self) {
        while let Some(watched) = &mut self.purse.watched {
            let Some(next) = watched.next().map(|next| next.max(1)) else {
                return;
            };
            let Some(hash) = self.tree.hash_at(next) else {
                return;
            };
            let Some(block) = self.blocks.early.get(&hash) else {
                return;
            };
            watched.wallet.connect_block(block, next);
            watched.to = Some(next);
            watched.scan_changed = true;
            self.views.wallet_changed();
            self.views.chain_changed();
        }
    }

    /// The best chain left these blocks.
    pub(crate) fn wallet_reorganised(&mut self, fork: BlockHeight, disconnected: &[BlockHash]) {
        let now = self.now.unix();
        let Some(watched) = &mut self.purse.watched else {
            return;
        };
        watched.wallet.disconnect_blocks(disconnected, now);
        let first = fork.saturating_add(1);
        // What was mined above the birth may come again below it.
        watched.from = watched.from.map(|from| from.min(first));
        watched.to = watched.to.map(|to| to.min(fork));
        watched.scan_changed = true;
        self.purse.next_send_ms = 0;
        self.views.wallet_changed();
    }

    /// How far the wallet is behind, where it is looking at blocks.
    pub(crate) fn wallet_scanned(&self) -> Option<BlockHeight> {
        let next = self.purse.watched.as_ref()?.next()?;
        Some(next.saturating_sub(1))
    }
}
