//! Headers beside the best chain, bounded: those with the least work go first.

use super::best::{BestChain, Slot};
use crate::headers::ancestry::{Ancestry, Past};
use crate::headers::error::RuleError;
use crate::primitives::{BlockHeight, U256};
use bitcoin::BlockHash;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// How many headers are kept beside the best chain. More than a branch needs that replaces all
/// that is kept in full, so that it is not lost on its way.
const MAX_BRANCH_HEADERS: usize = 16_384;

/// The same for a full node's tree: about 30 MiB, and 45 days of the 30 s that a network of our own
/// takes for a block.
pub(super) const FULL_BRANCH_HEADERS: usize = 131_072;

#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) slot: Slot,
    pub(super) height: BlockHeight,
    /// The height of the last header that it shares with the best chain.
    pub(super) fork: BlockHeight,
    children: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Branches {
    nodes: BTreeMap<BlockHash, Node>,
    /// Tips, least work first.
    tips: BTreeSet<(U256, BlockHash)>,
    /// How many headers are kept.
    pub(super) limit: usize,
    /// A header that is never dropped for want of room, nor those before it.
    pub(super) protected: Option<BlockHash>,
}

impl Default for Branches {
    fn default() -> Self {
        Self {
            nodes: BTreeMap::new(),
            tips: BTreeSet::new(),
            limit: MAX_BRANCH_HEADERS,
            protected: None,
        }
    }
}

impl Branches {
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn get(&self, hash: &BlockHash) -> Option<&Node> {
        self.nodes.get(hash)
    }

    /// The tips, most work first.
    pub(super) fn tips(&self) -> impl Iterator<Item = &Node> {
        self.tips
            .iter()
            .rev()
            .filter_map(|(_, hash)| self.nodes.get(hash))
    }

    /// Adds a header whose parent is here or on the best chain.
    pub(super) fn insert(&mut self, slot: Slot, height: BlockHeight, fork: BlockHeight) {
        if let Some(parent) = self.nodes.get_mut(&slot.header.prev_blockhash) {
            parent.children += 1;
            self.tips.remove(&(parent.slot.work, parent.slot.hash));
        }
        self.tips.insert((slot.work, slot.hash));
        self.nodes.insert(
            slot.hash,
            Node {
                slot,
                height,
                fork,
                children: 0,
            },
        );
    }

    /// Drops tips of least work until the bound holds. Whether `newest` was dropped.
    pub(super) fn bound(&mut self, newest: &BlockHash) -> bool {
        let mut dropped = false;
        while self.nodes.len() > self.limit {
            let mut least = self.tips.iter().copied();
            let Some(tip) = least.find(|(_, hash)| Some(*hash) != self.protected) else {
                break;
            };
            self.tips.remove(&tip);
            let hash = tip.1;
            dropped |= hash == *newest;
            if let Some(node) = self.nodes.remove(&hash) {
                self.forget_child(&node.slot.header.prev_blockhash);
            }
        }
        dropped
    }

    fn forget_child(&mut self, parent: &BlockHash) {
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children = parent.children.saturating_sub(1);
            if parent.children == 0 {
                self.tips.insert((parent.slot.work, parent.slot.hash));
            }
        }
    }

    /// Takes out the headers from a branch's beginning up to this one, oldest first.
    pub(super) fn take_path(&mut self, tip: &BlockHash) -> Vec<Slot> {
        let mut path = Vec::new();
        let mut at = *tip;
        while let Some(node) = self.nodes.remove(&at) {
            at = node.slot.header.prev_blockhash;
            path.push(node.slot);
        }
        path.reverse();
        path
    }

    /// After the best chain changed: finds anew where each branch begins, and what is a tip.
    pub(super) fn reattach(&mut self, best: &BestChain, disconnected: Vec<(BlockHeight, Slot)>) {
        let mut all: Vec<_> = std::mem::take(&mut self.nodes)
            .into_values()
            .map(|node| (node.height, node.slot))
            .chain(disconnected)
            .collect();
        all.sort_unstable_by_key(|(height, slot)| (*height, slot.hash));
        self.tips.clear();
        for (height, slot) in all {
            let parent = &slot.header.prev_blockhash;
            let fork = match self.nodes.get(parent) {
                Some(parent) => Some(parent.fork),
                None => best.height_in_window(parent),
            };
            // No fork: it began below what is kept, and goes.
            if let Some(fork) = fork {
                self.insert(slot, height, fork);
            }
        }
    }

    /// Takes out a header and all that follow it here.
    pub(super) fn remove_from(&mut self, hash: &BlockHash) {
        let Some(first) = self.nodes.get(hash).copied() else {
            return;
        };
        let mut later: Vec<_> = self
            .nodes
            .values()
            .filter(|node| node.height > first.height)
            .map(|node| (node.height, node.slot))
            .collect();
        later.sort_unstable_by_key(|(height, slot)| (*height, slot.hash));
        let mut gone = BTreeSet::from([*hash]);
        for (_, slot) in &later {
            if gone.contains(&slot.header.prev_blockhash) {
                gone.insert(slot.hash);
            }
        }
        self.nodes.retain(|hash, _| !gone.contains(hash));
        self.tips.retain(|(_, hash)| !gone.contains(hash));
        self.forget_child(&first.slot.header.prev_blockhash);
    }

    /// Drops the branches that begin above a height.
    pub(super) fn drop_above(&mut self, fork: BlockHeight) {
        self.nodes.retain(|_, node| node.fork <= fork);
        self.tips.retain(|(_, hash)| self.nodes.contains_key(hash));
    }

    /// Drops the branches that begin below a height.
    pub(super) fn drop_below(&mut self, fork: BlockHeight) {
        self.nodes.retain(|_, node| node.fork >= fork);
        self.tips.retain(|(_, hash)| self.nodes.contains_key(hash));
    }
}

/// The ancestors of a header on a branch: walked back along the branch as far as is asked, and no
/// further, then the best chain's.
pub(super) struct BranchAncestry<'a> {
    pub(super) best: &'a BestChain,
    pub(super) branches: &'a Branches,
    pub(super) parent: Node,
    walked: RefCell<Vec<Slot>>,
}

impl<'a> BranchAncestry<'a> {
    pub(super) fn new(best: &'a BestChain, branches: &'a Branches, parent: Node) -> Self {
        Self {
            best,
            branches,
            parent,
            walked: RefCell::new(vec![parent.slot]),
        }
    }
}

impl Ancestry for BranchAncestry<'_> {
    fn past(&self, height: BlockHeight) -> Result<Past, RuleError> {
        if height <= self.parent.fork {
            return self.best.past(height);
        }
        let missing = RuleError::MissingContext { height };
        let Some(back) = self.parent.height.checked_sub(height) else {
            return Err(missing);
        };
        let mut walked = self.walked.borrow_mut();
        while walked.len() <= back as usize {
            let next = walked
                .last()
                .and_then(|slot| self.branches.get(&slot.header.prev_blockhash));
            match next {
                Some(node) => walked.push(node.slot),
                None => return Err(missing),
            }
        }
        Ok(Past::from(&walked[back as usize].header))
    }
}
