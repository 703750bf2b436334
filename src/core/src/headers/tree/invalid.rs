//! What a full node tells the tree: which blocks are invalid, and which chain it stands on.

use super::{HeaderTree, Reorganisation};
use crate::headers::error::RuleError;
use bitcoin::BlockHash;

/// How many invalid blocks are remembered. Each has cost its work; past this number one may be
/// asked for, and found invalid, again.
const MAX_INVALID: usize = 65_536;

impl HeaderTree {
    /// Takes out a header whose block is invalid, and all that follow it; from then on they are
    /// refused. The best chain is then the one with most work of those that are left: how it came
    /// to that, where the best chain changed.
    pub fn invalidate(&mut self, hash: &BlockHash) -> Option<Reorganisation> {
        self.refuse(*hash);
        if self.branches.get(hash).is_some() {
            self.branches.remove_from(hash);
            return None;
        }
        // The first header is valid by definition.
        let fork = self.best.height_in_window(hash)?.checked_sub(1)?;
        self.branches.drop_above(&self.best, fork);
        let cut = self.best.cut(fork);
        let disconnected: Vec<_> = cut.iter().map(|slot| slot.hash).collect();
        let mut reorganisation = Reorganisation {
            fork_height: fork,
            disconnected,
            connected: Vec::new(),
        };
        let work = self.best.tip().work;
        let best = self.branches.tips().next();
        let best = best.filter(|node| node.slot.work > work);
        if let Some((tip, fork)) =
            best.map(|node| (node.slot.hash, self.branches.fork(&self.best, node)))
        {
            let then = self.reorganise(&tip, fork);
            reorganisation.fork_height = then.fork_height;
            reorganisation.disconnected.extend(then.disconnected);
            reorganisation.connected = then.connected;
        }
        Some(reorganisation)
    }

    /// Refuses a header whose block was found invalid before. Whether there was room to remember
    /// it.
    pub fn refuse(&mut self, hash: BlockHash) -> bool {
        let room = self.invalid.len() < MAX_INVALID;
        if room {
            self.invalid.insert(hash);
        }
        room
    }

    /// Whether this header's block is known to be invalid.
    #[must_use]
    pub fn is_invalid(&self, hash: &BlockHash) -> bool {
        self.invalid.contains(hash)
    }

    /// A full node stands on this header: the chain up to it is never dropped for want of room, and
    /// of the chains with most work it is the best.
    pub fn stand_on(&mut self, tip: BlockHash) {
        self.branches.protected = Some(tip);
        let work = self.best.tip().work;
        let node = self.branches.get(&tip).filter(|n| n.slot.work >= work);
        if let Some(fork) = node.map(|node| self.branches.fork(&self.best, node)) {
            self.reorganise(&tip, fork);
        }
    }

    /// How many headers are beside the best chain.
    #[must_use]
    pub fn branch_headers(&self) -> usize {
        self.branches.len()
    }

    pub(super) fn check_valid(
        &self,
        hash: &BlockHash,
        parent: &BlockHash,
    ) -> Result<(), RuleError> {
        if self.invalid.contains(hash) {
            return Err(RuleError::Invalid);
        }
        if self.invalid.contains(parent) {
            return Err(RuleError::InvalidParent { parent: *parent });
        }
        Ok(())
    }
}
