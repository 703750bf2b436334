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
    /// Its ancestor at [`skip_height`], wherever that is.
    skip: BlockHash,
    /// Those here that follow it.
    children: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Branches {
    nodes: BTreeMap<BlockHash, Node>,
    /// Tips, least work first.
    tips: BTreeSet<(U256, BlockHash)>,
    /// Headers of the best chain that branches begin after, and how many do.
    roots: BTreeMap<BlockHash, u32>,
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
            roots: BTreeMap::new(),
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

    /// The height of the last header that a header here shares with the best chain. It is found by a
    /// few jumps and kept nowhere: a reorganisation changes it for all that hangs on what left, and
    /// touches nothing but what left and what came.
    pub(super) fn fork(&self, best: &BestChain, node: &Node) -> BlockHeight {
        let mut at = node;
        loop {
            let is_off = best.hash_at(skip_height(at.height)) != Some(at.skip);
            if let Some(ancestor) = self.nodes.get(&at.skip).filter(|_| is_off) {
                at = ancestor;
                continue;
            }
            let below = at.height.saturating_sub(1);
            let parent = &at.slot.header.prev_blockhash;
            match self.nodes.get(parent) {
                Some(parent) => at = parent,
                None => return below,
            }
        }
    }

    /// The hash of an ancestor of a header here, or its own.
    fn ancestor(&self, best: &BestChain, node: &Node, height: BlockHeight) -> Option<BlockHash> {
        let mut at = node;
        loop {
            if height >= at.height {
                return (height == at.height).then_some(at.slot.hash);
            }
            let skip_height = skip_height(at.height);
            let (next, hash) = match skip_height >= height {
                true => (skip_height, &at.skip),
                false => (at.height - 1, &at.slot.header.prev_blockhash),
            };
            match self.nodes.get(hash) {
                Some(ancestor) => at = ancestor,
                None if best.hash_at(next) == Some(*hash) => return best.hash_at(height),
                None => return None,
            }
        }
    }

    /// Adds a header whose parent is here or on the best chain.
    pub(super) fn insert(&mut self, best: &BestChain, slot: Slot, height: BlockHeight) {
        let parent = &slot.header.prev_blockhash;
        let skip_height = skip_height(height);
        let skip = match self.nodes.get(parent) {
            Some(parent) => self.ancestor(best, parent, skip_height),
            None => best.hash_at(skip_height),
        };
        // One that is nowhere is never jumped to.
        let skip = skip.unwrap_or(*parent);
        self.put(slot, height, skip, 0);
    }

    fn put(&mut self, slot: Slot, height: BlockHeight, skip: BlockHash, children: u32) {
        let parent = &slot.header.prev_blockhash;
        match self.nodes.get_mut(parent) {
            Some(parent) => {
                parent.children += 1;
                self.tips.remove(&(parent.slot.work, parent.slot.hash));
            }
            None => *self.roots.entry(*parent).or_default() += 1,
        }
        if children == 0 {
            self.tips.insert((slot.work, slot.hash));
        }
        self.nodes.insert(
            slot.hash,
            Node {
                slot,
                height,
                skip,
                children,
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
        } else if let Some(children) = self.roots.get_mut(parent) {
            *children = children.saturating_sub(1);
            if *children == 0 {
                self.roots.remove(parent);
            }
        }
    }

    /// Takes out the headers from a branch's beginning up to this one, oldest first: they are on the
    /// best chain from now on, and what else follows them begins there.
    pub(super) fn take_path(&mut self, tip: &BlockHash) -> Vec<Slot> {
        let mut path = Vec::new();
        let mut at = *tip;
        while let Some(node) = self.nodes.remove(&at) {
            let on_path = u32::from(!path.is_empty());
            let others = node.children.saturating_sub(on_path);
            if others > 0 {
                self.roots.insert(at, others);
            }
            self.tips.remove(&(node.slot.work, at));
            at = node.slot.header.prev_blockhash;
            path.push(node.slot);
        }
        if !path.is_empty() {
            self.forget_child(&at);
        }
        path.reverse();
        path
    }

    /// Takes what left the best chain, oldest first: `best` still holds it.
    pub(super) fn take_in(&mut self, best: &BestChain, left: &[(BlockHeight, Slot)]) {
        for (height, slot) in left {
            let skip = best.hash_at(skip_height(*height));
            let skip = skip.unwrap_or(slot.header.prev_blockhash);
            // What begins after it; the next of those that left counts itself.
            let children = self.roots.remove(&slot.hash).unwrap_or(0);
            self.put(*slot, *height, skip, children);
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
    pub(super) fn drop_above(&mut self, best: &BestChain, height: BlockHeight) {
        self.retain(|fork| fork <= height, best);
    }

    /// Drops the branches that begin below a height.
    pub(super) fn drop_below(&mut self, best: &BestChain, height: BlockHeight) {
        self.retain(|fork| fork >= height, best);
    }

    /// A branch goes with all that follow it: they begin where it does.
    fn retain(&mut self, stays: impl Fn(BlockHeight) -> bool, best: &BestChain) {
        let nodes = self.nodes.values();
        let gone: BTreeSet<BlockHash> = nodes
            .filter(|node| !stays(self.fork(best, node)))
            .map(|node| node.slot.hash)
            .collect();
        self.nodes.retain(|hash, _| !gone.contains(hash));
        self.tips.retain(|(_, hash)| !gone.contains(hash));
        self.roots.clear();
        for node in self.nodes.values() {
            let parent = node.slot.header.prev_blockhash;
            if !self.nodes.contains_key(&parent) {
                *self.roots.entry(parent).or_default() += 1;
            }
        }
    }
}

/// How far back a header's jump leads: far from most heights and near from some, so that any ancestor
/// is reached in a number of steps that grows with the logarithm of the way.
fn skip_height(height: BlockHeight) -> BlockHeight {
    let without_last_bit = |height: BlockHeight| height & height.saturating_sub(1);
    match height {
        0 | 1 => 0,
        _ if height.is_multiple_of(2) => without_last_bit(height),
        _ => without_last_bit(without_last_bit(height - 1)) + 1,
    }
}

/// The ancestors of a header on a branch: walked back along the branch as far as is asked, and no
/// further, then the best chain's.
pub(super) struct BranchAncestry<'a> {
    pub(super) best: &'a BestChain,
    pub(super) branches: &'a Branches,
    pub(super) parent: Node,
    /// The last height that both have.
    fork: BlockHeight,
    walked: RefCell<Vec<Slot>>,
}

impl<'a> BranchAncestry<'a> {
    pub(super) fn new(best: &'a BestChain, branches: &'a Branches, parent: Node) -> Self {
        Self {
            fork: branches.fork(best, &parent),
            best,
            branches,
            parent,
            walked: RefCell::new(vec![parent.slot]),
        }
    }
}

impl Ancestry for BranchAncestry<'_> {
    fn past(&self, height: BlockHeight) -> Result<Past, RuleError> {
        if height <= self.fork {
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
