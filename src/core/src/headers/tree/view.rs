//! What others may ask of the tree.

use super::HeaderTree;
use super::best::Slot;
use crate::params::NetworkParams;
use crate::primitives::{BlockHeight, U256, target_from_bits, work_of_target};
use bitcoin::BlockHash;
use bitcoin::block::Header;

/// Blocks of the best chain that a new chain may be behind before its headers count as spam.
const WORK_BUFFER: u64 = 144;

/// A verified header in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The header.
    pub header: Header,
    /// Its hash.
    pub hash: BlockHash,
    /// Its height.
    pub height: BlockHeight,
    /// The hashes that the chain up to here took, expected.
    pub work: U256,
    /// Whether it is on the best chain.
    pub best: bool,
}

/// A chain of headers that is not the best one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// The height of the last header that it shares with the best chain.
    pub fork_height: BlockHeight,
    /// Its last header.
    pub tip: BlockHash,
    /// That header's height.
    pub height: BlockHeight,
    /// The hashes that the chain up to there took, expected.
    pub work: U256,
}

fn entry(slot: &Slot, height: BlockHeight, best: bool) -> Entry {
    Entry {
        header: slot.header,
        hash: slot.hash,
        height,
        work: slot.work,
        best,
    }
}

impl HeaderTree {
    /// The network's parameters.
    #[must_use]
    pub fn params(&self) -> &NetworkParams {
        &self.params
    }

    /// The last header of the best chain.
    #[must_use]
    pub fn tip(&self) -> Entry {
        entry(self.best.tip(), self.best.tip_height(), true)
    }

    /// A header that is kept in full, on the best chain or on a branch.
    #[must_use]
    pub fn get(&self, hash: &BlockHash) -> Option<Entry> {
        if let Some(node) = self.branches.get(hash) {
            return Some(entry(&node.slot, node.height, false));
        }
        let height = self.best.height_of(hash)?;
        Some(entry(self.best.get(height)?, height, true))
    }

    /// The height of the last header that a branch's header and the best chain share; none where it
    /// is on no branch.
    #[must_use]
    pub fn fork_of(&self, hash: &BlockHash) -> Option<BlockHeight> {
        let node = self.branches.get(hash)?;
        Some(self.branches.fork(&self.best, node))
    }

    /// The height of a header of the best chain, however old.
    #[must_use]
    pub fn height_of(&self, hash: &BlockHash) -> Option<BlockHeight> {
        self.best.height_of(hash)
    }

    /// The hash at a height of the best chain, however old.
    #[must_use]
    pub fn hash_at(&self, height: BlockHeight) -> Option<BlockHash> {
        self.best.hash_at(height)
    }

    /// The header at a height of the best chain, where it is kept in full: at least the newest
    /// [`REORGANISATION_DEPTH`](super::REORGANISATION_DEPTH).
    #[must_use]
    pub fn header_at(&self, height: BlockHeight) -> Option<Header> {
        self.best.get(height).map(|slot| slot.header)
    }

    /// Hashes of the best chain for a `getheaders`: the last ten, then in doubling steps to the
    /// first. About 30 for a million headers; a node disconnects at 102.
    #[must_use]
    pub fn locator(&self) -> Vec<BlockHash> {
        self.locator_from(self.best.tip_height())
    }

    /// The same from a height of the best chain.
    pub(in crate::headers) fn locator_from(&self, height: BlockHeight) -> Vec<BlockHash> {
        let mut hashes = Vec::new();
        let mut height = height;
        let mut step = 1;
        loop {
            hashes.extend(self.best.hash_at(height));
            if height == 0 {
                return hashes;
            }
            if hashes.len() >= 10 {
                step *= 2;
            }
            height = height.saturating_sub(step);
        }
    }

    /// The tips beside the best chain, most work first.
    #[must_use]
    pub fn branches(&self) -> Vec<Branch> {
        self.branches_by_work().collect()
    }

    /// The same one after the other, for who looks at the first few of thousands.
    pub fn branches_by_work(&self) -> impl Iterator<Item = Branch> {
        self.branches.tips().map(|node| Branch {
            fork_height: self.branches.fork(&self.best, node),
            tip: node.slot.hash,
            height: node.height,
            work: node.slot.work,
        })
    }

    /// The work that a chain must show before its headers are stored: the network's minimum, and
    /// no less than the best chain's of 144 blocks ago.
    #[must_use]
    pub fn work_threshold(&self) -> U256 {
        let tip = self.best.tip();
        let own = work_of(&tip.header);
        let near = tip
            .work
            .saturating_sub(own.saturating_mul(U256::from(WORK_BUFFER)));
        near.max(self.params.minimum_work)
    }

    /// Whether headers in sequence, with all that is before them, show enough work by their own
    /// account to be given to [`accept`](Self::accept) at once. If not, they are for
    /// [`Presync`](crate::headers::Presync). True also where their parent is unknown or they are no
    /// targets, which `accept` then says.
    #[must_use]
    pub fn shows_enough_work(&self, headers: &[Header]) -> bool {
        let Some(first) = headers.first() else {
            return true;
        };
        let Some(parent) = self.get(&first.prev_blockhash) else {
            return true;
        };
        let threshold = self.work_threshold();
        let mut work = parent.work;
        let mut last = (first.bits, work_of(first));
        for header in headers {
            if header.bits != last.0 {
                last = (header.bits, work_of(header));
            }
            work = work.saturating_add(last.1);
            if work >= threshold {
                return true;
            }
        }
        false
    }
}

fn work_of(header: &Header) -> U256 {
    target_from_bits(header.bits.to_consensus()).map_or(U256::ZERO, work_of_target)
}
