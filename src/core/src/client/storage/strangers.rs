//! Blocks that stored payments rest on and that the stored headers do not have. A crash may have
//! fallen between the headers' write and the payments': then such a block left the best chain. Or
//! headers were lost: then it comes back with them, and nothing happened to the payments.

use crate::client::Client;
use crate::primitives::BlockHeight;
use bitcoin::BlockHash;
use std::cmp::Reverse;

impl Client {
    /// After all is read. What headers on the best chain stand in the place of leaves at once; the
    /// others must wait for the headers.
    pub(super) fn find_strangers(&mut self) {
        let tip = self.tree.tip().height;
        let (gone, unsure) = self
            .strangers(self.ledger.blocks())
            .into_iter()
            .partition(|(_, height)| height.is_some_and(|height| height <= tip));
        self.storage.strangers = unsure;
        self.disconnect_strangers(gone);
    }

    /// Whether it is not known yet what became of blocks that payments rest on: until then no
    /// block is scanned and no invoice changes.
    pub(crate) fn has_strangers(&self) -> bool {
        !self.storage.strangers.is_empty()
    }

    /// Once the headers are all there, what is not on the best chain is gone.
    pub(crate) fn strangers_due(&mut self) {
        if !self.has_strangers() || !self.sync.caught_up || self.sync.long.is_some() {
            return;
        }
        let waited = std::mem::take(&mut self.storage.strangers);
        let gone = self.strangers(waited);
        self.disconnect_strangers(gone);
        self.till.invoices_changed();
    }

    fn strangers(
        &self,
        blocks: impl IntoIterator<Item = (BlockHash, Option<BlockHeight>)>,
    ) -> Vec<(BlockHash, Option<BlockHeight>)> {
        blocks
            .into_iter()
            .filter(|(block, _)| self.tree.height_of(block).is_none())
            .collect()
    }

    /// From the tip down, as in a reorganisation.
    fn disconnect_strangers(&mut self, mut gone: Vec<(BlockHash, Option<BlockHeight>)>) {
        gone.sort_by_key(|(_, height)| Reverse(*height));
        for (block, _) in gone {
            if self.ledger.disconnect_block(&block, self.now.unix()) {
                self.rebroadcast = true;
                self.payments_changed();
            }
        }
    }
}
