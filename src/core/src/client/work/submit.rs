//! `SubmitWork`: a nonce was found.

use crate::client::{Client, CommandError, Reply, limits};
use crate::merkle::block::VerifiedBlock;
use bitcoin::block::Header;

impl Client {
    /// Assembles the block, takes it into our own tree, and tells the nodes.
    pub(crate) fn submit_work(&mut self, id: u32, header: &str) -> Result<Reply, CommandError> {
        let refused = |error: &dyn std::fmt::Display| CommandError::new(error.to_string());
        let found = read_header(header)?;
        let tip = self.tree.tip().hash;
        self.works.tip_changed(&tip);
        let candidate = self.works.get(id).ok_or_else(|| {
            CommandError::new(format!(
                "expected work on the newest block, found number {id}: a newer block has come, or too \
                 much other work was asked for since"
            ))
        })?;
        let block = candidate.block_with(found).map_err(|e| refused(&e))?;
        let limit = self.params.max_block_weight;
        let verified =
            VerifiedBlock::check_limited(block.clone(), limit).map_err(|e| refused(&e))?;
        let hash = verified.hash();
        match self.accept_header(found) {
            Ok(true) => {}
            Ok(false) => {
                return Err(CommandError::new(format!(
                    "the block {hash} was found before"
                )));
            }
            Err(error) => return Err(refused(&error)),
        }
        self.works.keep_found(hash, block);
        for peer in self.ready_peers() {
            self.announce_found(peer);
        }
        self.block_came(verified);
        Ok(Reply::Done)
    }

    /// The tip changed.
    pub(crate) fn works_stale(&mut self) {
        let tip = self.tree.tip().hash;
        self.works.tip_changed(&tip);
    }

    /// A block that was verified: kept to be looked at, and told to whoever waits for it.
    pub(crate) fn block_came(&mut self, block: VerifiedBlock) {
        if self.blocks.recent.len() >= limits::RECENT_BLOCKS {
            self.blocks.recent.pop_front();
        }
        self.blocks.recent.push_back(block.clone());
        self.answer_block(&block);
        self.block_verified(block);
    }
}

fn read_header(text: &str) -> Result<Header, CommandError> {
    if text.len() != 160 {
        return Err(CommandError::new(format!(
            "expected a header of 160 hex digits, found {}",
            text.len()
        )));
    }
    bitcoin::consensus::encode::deserialize_hex(text)
        .map_err(|error| CommandError::new(format!("expected a header in hex: {error}")))
}
