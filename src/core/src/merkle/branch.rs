//! One leaf's way up to the root.
//!
//! A branch says nothing of how many leaves there are, so two lies are possible: a leaf that stands
//! left of itself (the mutation of CVE-2012-2459: the same leaf at two places), and a leaf that is
//! really a node, or below a transaction of 64 bytes (CVE-2017-12842). The first is refused here,
//! and so is a node that is a transaction; for the rest see [`proof`](super::proof).

use super::root::{MAX_DEPTH, is_transaction, node};
use bitcoin::hashes::sha256d;

/// The hashes beside the way from a leaf to the root, and the leaf's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerkleBranch {
    /// The leaf's place among all leaves, from 0.
    pub position: u32,
    /// The sibling at each level, from the leaves up.
    pub siblings: Vec<sha256d::Hash>,
}

/// A branch that proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BranchError {
    /// No block is that large.
    #[error("expected a branch of at most {MAX_DEPTH} hashes, found {found}")]
    TooDeep {
        /// Its length.
        found: usize,
    },
    /// The place is outside the tree.
    #[error("expected a position under {leaves}, found {found}")]
    Position {
        /// The most leaves of such a tree.
        leaves: u32,
        /// The position.
        found: u32,
    },
    /// A hash stands to the left of itself.
    #[error("expected two different hashes at level {level}, found a left sibling repeated")]
    RepeatedLeft {
        /// Levels above the leaves.
        level: usize,
    },
    /// A node is a transaction.
    #[error("expected a node at level {level}, found a 64-byte transaction")]
    TransactionAsNode {
        /// Levels above the leaves.
        level: usize,
    },
    /// It leads elsewhere.
    #[error("expected the merkle root {expected}, found {found}")]
    Root {
        /// The root wanted.
        expected: sha256d::Hash,
        /// The root found.
        found: sha256d::Hash,
    },
}

impl MerkleBranch {
    /// The branch of one of these leaves; none where there is no such leaf.
    #[must_use]
    pub fn of(leaves: &[sha256d::Hash], position: u32) -> Option<MerkleBranch> {
        let mut place = usize::try_from(position).ok()?;
        leaves.get(place)?;
        let mut level = leaves.to_vec();
        let mut siblings = Vec::new();
        while level.len() > 1 {
            let sibling = level.get(place ^ 1).or_else(|| level.get(place))?;
            siblings.push(*sibling);
            place /= 2;
            level = level
                .chunks(2)
                .filter_map(|pair| Some(node(*pair.first()?, *pair.last()?)))
                .collect();
        }
        Some(MerkleBranch { position, siblings })
    }

    /// Levels between the leaf and the root.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.siblings.len()
    }

    /// The root that the branch leads to.
    ///
    /// # Errors
    /// When no honest tree has such a branch.
    pub fn root(&self, leaf: sha256d::Hash) -> Result<sha256d::Hash, BranchError> {
        if self.siblings.len() > MAX_DEPTH as usize {
            return Err(BranchError::TooDeep {
                found: self.siblings.len(),
            });
        }
        let leaves = 1_u32 << self.siblings.len();
        if self.position >= leaves {
            return Err(BranchError::Position {
                leaves,
                found: self.position,
            });
        }
        let mut hash = leaf;
        for (below, &sibling) in self.siblings.iter().enumerate() {
            let level = below + 1;
            let is_right = (self.position >> below) & 1 == 1;
            // A right sibling may repeat the hash: that is how a level of odd length ends.
            if is_right && sibling == hash {
                return Err(BranchError::RepeatedLeft { level });
            }
            let (left, right) = if is_right {
                (sibling, hash)
            } else {
                (hash, sibling)
            };
            if is_transaction(left, right) {
                return Err(BranchError::TransactionAsNode { level });
            }
            hash = node(left, right);
        }
        Ok(hash)
    }

    /// Whether the branch leads from this leaf to this root.
    ///
    /// # Errors
    /// When it does not.
    pub fn verify(&self, leaf: sha256d::Hash, root: sha256d::Hash) -> Result<(), BranchError> {
        let found = self.root(leaf)?;
        if found == root {
            Ok(())
        } else {
            Err(BranchError::Root {
                expected: root,
                found,
            })
        }
    }
}
