//! The tree of headers: the best chain and the branches beside it.
//!
//! Most work wins, not most blocks; of two chains with the same work the one seen first stays.
//! The newest headers are kept in full, at least [`REORGANISATION_DEPTH`] and what a retarget needs
//! below them, so a branch may begin anywhere among them; of older heights the hashes are kept, so
//! that a proof of an old block can be placed. A full node's tree keeps every header in full, for its
//! blocks, and more beside the best chain, so that it can follow after a long partition.
//!
//! Threat: everything here is sent by peers. Each header has shown its work before it takes room, and
//! the room is bounded.

mod archive;
mod best;
mod branches;
mod invalid;
mod next;
mod restore;
mod view;

use super::error::{HeaderError, RuleError};
use super::rules::{Targets, check_in_context};
use super::trail::{Trail, Walk, look_back};
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, U256, UnixTime, target_from_bits, work_of_target};
use best::{BestChain, Slot};
use bitcoin::BlockHash;
use bitcoin::block::Header;
use branches::{BranchAncestry, Branches, FULL_BRANCH_HEADERS, Node};
pub use restore::HeaderRestore;
use std::collections::BTreeSet;
pub use view::{Branch, Entry};

/// How many headers of the best chain a reorganisation can replace, at least: a month of bitcoin.
pub const REORGANISATION_DEPTH: u32 = 4_320;

/// What became of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// It was here already.
    Known,
    /// It is the new tip of the best chain.
    Extended,
    /// It is on a branch with no more work than the best chain.
    Branch,
    /// Its branch has more work than the best chain had, and is the best chain now.
    Reorganised(Reorganisation),
}

/// The best chain was replaced from some height.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reorganisation {
    /// The last header that both have.
    pub fork_height: BlockHeight,
    /// What left the best chain, the old tip first.
    pub disconnected: Vec<BlockHash>,
    /// What is on it instead, the new tip last.
    pub connected: Vec<BlockHash>,
}

/// All headers that count.
#[derive(Debug, Clone)]
pub struct HeaderTree {
    params: NetworkParams,
    targets: Targets,
    best: BestChain,
    branches: Branches,
    /// Headers that a retarget, or a median of times, looks back at.
    look_back: u32,
    /// Whether old headers are kept in full too.
    keeps_all: bool,
    /// Headers whose blocks are invalid.
    invalid: BTreeSet<BlockHash>,
}

/// Where a header's parent is.
enum Parent {
    Tip,
    Best(BlockHeight),
    Branch(Node),
}

impl HeaderTree {
    /// A tree of the network's first header alone.
    #[must_use]
    pub fn new(params: NetworkParams) -> Self {
        let header = params.genesis;
        let work = target_from_bits(header.bits.to_consensus()).map_or(U256::ZERO, work_of_target);
        Self {
            targets: Targets::new(&params),
            best: BestChain::new(Slot {
                header,
                hash: header.block_hash(),
                work,
            }),
            branches: Branches::default(),
            look_back: look_back(&params),
            keeps_all: false,
            invalid: BTreeSet::new(),
            params,
        }
    }

    /// A full node's tree: every header of the best chain is kept in full, about 200 bytes each, and
    /// a branch may begin anywhere.
    #[must_use]
    pub fn full(params: NetworkParams) -> Self {
        let mut tree = Self::new(params);
        tree.keeps_all = true;
        tree.bound_branches(FULL_BRANCH_HEADERS);
        tree
    }

    /// How many headers are kept beside the best chain.
    pub(super) fn bound_branches(&mut self, limit: usize) {
        self.branches.limit = limit;
    }

    /// A tree from stored headers, 80 bytes each from height 0: each is linked and verified anew.
    /// What follows the first bad one is left out, and the reason given; see [`HeaderRestore`].
    #[must_use]
    pub fn restore(params: NetworkParams, bytes: &[u8]) -> (Self, Option<HeaderError>) {
        let mut restore = HeaderRestore::new(params);
        restore.push(bytes);
        restore.finish()
    }

    /// Verifies a header and puts it in its place.
    ///
    /// # Errors
    /// The rule that it breaks; see [`HeaderError::is_misbehaviour`] for what that says of the
    /// peer. The tree is then as it was.
    pub fn accept(&mut self, header: Header, now: UnixTime) -> Result<Accepted, HeaderError> {
        self.add(header, header.block_hash(), Some(now))
    }

    /// The same for a header that was accepted before and stored: the clock is not asked.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn accept_stored(&mut self, header: Header) -> Result<Accepted, HeaderError> {
        self.accept_stored_as(header, header.block_hash())
    }

    /// The same for a header that has this hash.
    pub(crate) fn accept_stored_as(
        &mut self,
        header: Header,
        hash: BlockHash,
    ) -> Result<Accepted, HeaderError> {
        self.add(header, hash, None)
    }

    fn add(
        &mut self,
        header: Header,
        hash: BlockHash,
        now: Option<UnixTime>,
    ) -> Result<Accepted, HeaderError> {
        let fail = |height| move |rule| HeaderError { height, hash, rule };
        let parent = &header.prev_blockhash;
        self.check_valid(&hash, parent).map_err(fail(None))?;
        let place = if *parent == self.best.tip().hash {
            // A child of the tip that is known would itself be the tip.
            Parent::Tip
        } else if self.branches.get(&hash).is_some() || self.best.height_in_window(&hash).is_some()
        {
            return Ok(Accepted::Known);
        } else if let Some(height) = self.best.height_in_window(parent) {
            Parent::Best(height)
        } else if let Some(node) = self.branches.get(parent) {
            Parent::Branch(*node)
        } else {
            return self.add_to_unkept(&header, hash);
        };
        let height = 1 + match &place {
            Parent::Tip => self.best.tip_height(),
            Parent::Best(height) => *height,
            Parent::Branch(node) => node.height,
        };
        let fail = fail(Some(height));
        let own_work = self.targets.check_proof(&header, &hash).map_err(fail)?;
        let (fork, parent_work) = match &place {
            Parent::Tip => (self.best.tip_height(), self.best.tip().work),
            Parent::Best(fork) => (*fork, self.best.get(*fork).map_or(U256::ZERO, |s| s.work)),
            Parent::Branch(node) => (self.branches.fork(&self.best, node), node.slot.work),
        };
        self.check_fork(fork).map_err(fail)?;
        match &place {
            Parent::Tip | Parent::Best(_) => {
                check_in_context(&self.params, &self.best, height, &header, &hash, now)
            }
            Parent::Branch(node) => {
                let ancestors = BranchAncestry::new(&self.best, &self.branches, *node);
                check_in_context(&self.params, &ancestors, height, &header, &hash, now)
            }
        }
        .map_err(fail)?;
        let slot = Slot {
            header,
            hash,
            work: parent_work.saturating_add(own_work),
        };
        if matches!(place, Parent::Tip) {
            self.best.push(slot);
            self.settle();
            return Ok(Accepted::Extended);
        }
        self.branches.insert(&self.best, slot, height);
        if slot.work > self.best.tip().work {
            return Ok(Accepted::Reorganised(self.reorganise(&hash, fork)));
        }
        if self.branches.bound(&hash) {
            return Err(fail(RuleError::TooManyBranches {
                limit: self.branches.limit,
            }));
        }
        Ok(Accepted::Branch)
    }

    /// A header whose parent is not kept in full: known itself, on an old height, or of nowhere.
    fn add_to_unkept(&mut self, header: &Header, hash: BlockHash) -> Result<Accepted, HeaderError> {
        if self.best.height_of(&hash).is_some() {
            return Ok(Accepted::Known);
        }
        let fork = self.best.height_of(&header.prev_blockhash);
        let fail = |rule| HeaderError {
            height: fork.map(|fork| fork + 1),
            hash,
            rule,
        };
        self.targets.check_proof(header, &hash).map_err(fail)?;
        match fork {
            Some(fork) => self.check_fork(fork).map_err(fail)?,
            None => {
                return Err(fail(RuleError::UnknownParent {
                    parent: header.prev_blockhash,
                }));
            }
        }
        // An old height is below the lowest that a branch may begin at.
        Err(fail(RuleError::TooDeep {
            lowest: self.lowest_fork(),
            fork: fork.unwrap_or(0),
        }))
    }

    /// Whether a branch may begin after this height of the best chain.
    fn check_fork(&self, fork: BlockHeight) -> Result<(), RuleError> {
        let tip = self.best.tip_height();
        let passed = self
            .params
            .checkpoints
            .partition_point(|(height, _)| *height <= tip);
        if let Some((checkpoint, _)) = passed.checked_sub(1).map(|at| self.params.checkpoints[at])
            && fork < checkpoint
        {
            return Err(RuleError::BelowCheckpoint { checkpoint, fork });
        }
        let lowest = self.lowest_fork();
        if fork < lowest {
            return Err(RuleError::TooDeep { lowest, fork });
        }
        Ok(())
    }

    /// The lowest height after which a branch may begin: the rules look back further.
    fn lowest_fork(&self) -> BlockHeight {
        match self.best.bottom() {
            0 => 0,
            bottom => bottom + self.look_back,
        }
    }

    /// A walk from a header of the tree on.
    pub(super) fn walk_from(&self, parent: &BlockHash) -> Result<Walk, HeaderError> {
        let fail = |height, rule| HeaderError {
            height,
            hash: *parent,
            rule,
        };
        let (slot, height, fork, trail) = if let Some(node) = self.branches.get(parent) {
            let ancestors = BranchAncestry::new(&self.best, &self.branches, *node);
            let trail = Trail::behind(&self.params, &ancestors, node.height + 1);
            (
                node.slot,
                node.height,
                self.branches.fork(&self.best, node),
                trail,
            )
        } else {
            let unknown = RuleError::UnknownParent { parent: *parent };
            let height = self.best.height_of(parent).ok_or(fail(None, unknown))?;
            let deep = RuleError::TooDeep {
                lowest: self.lowest_fork(),
                fork: height,
            };
            let slot = self.best.get(height).ok_or(fail(Some(height), deep))?;
            let trail = Trail::behind(&self.params, &self.best, height + 1);
            (*slot, height, height, trail)
        };
        self.check_fork(fork)
            .map_err(|rule| fail(Some(height), rule))?;
        Ok(Walk {
            trail,
            targets: self.targets.clone(),
            hash: slot.hash,
            work: slot.work,
        })
    }

    /// Hashes for a `getheaders` from a header of the tree on, where the best chain may not lead.
    pub(super) fn locator_behind(&self, parent: &BlockHash) -> Vec<BlockHash> {
        let fork = match self.branches.get(parent) {
            Some(node) => Some(self.branches.fork(&self.best, node)),
            None => self.best.height_of(parent),
        };
        let mut hashes = vec![*parent];
        let behind = self.locator_from(fork.unwrap_or(0));
        hashes.extend(behind.into_iter().filter(|hash| hash != parent));
        hashes
    }

    /// Makes the branch of this tip the best chain.
    fn reorganise(&mut self, tip: &BlockHash, fork: BlockHeight) -> Reorganisation {
        let path = self.branches.take_path(tip);
        let left: Vec<_> = (fork + 1..=self.best.tip_height())
            .filter_map(|height| Some((height, *self.best.get(height)?)))
            .collect();
        self.branches.take_in(&self.best, &left);
        let cut = self.best.cut(fork);
        let disconnected = cut.iter().map(|slot| slot.hash).collect();
        let connected = path.iter().map(|slot| slot.hash).collect();
        for slot in path {
            self.best.push(slot);
        }
        // The new tip is on the best chain: the bound cannot drop it.
        self.branches.bound(tip);
        self.settle();
        Reorganisation {
            fork_height: fork,
            disconnected,
            connected,
        }
    }

    /// Moves what is old enough out of the window, and drops the branches that began there.
    fn settle(&mut self) {
        if self.keeps_all {
            return;
        }
        if self
            .best
            .settle((REORGANISATION_DEPTH + self.look_back) as usize + 1)
        {
            let lowest = self.lowest_fork();
            self.branches.drop_below(&self.best, lowest);
        }
    }
}
