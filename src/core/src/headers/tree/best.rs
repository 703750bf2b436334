//! The best chain: the newest headers in full, the hashes of all, and of old heights the full
//! first header of each period, from which retargets start.

use super::archive::{Archive, CHUNK, prefix};
use crate::headers::ancestry::{Ancestry, Past};
use crate::headers::error::RuleError;
use crate::primitives::{BlockHeight, U256};
use bitcoin::BlockHash;
use bitcoin::block::Header;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A verified header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) header: Header,
    pub(super) hash: BlockHash,
    /// Of the whole chain up to here.
    pub(super) work: U256,
}

#[derive(Debug, Clone)]
pub(super) struct BestChain {
    archive: Archive,
    /// First headers of the periods that are in the archive.
    firsts: BTreeMap<BlockHeight, Slot>,
    /// From the height where the archive ends; the tip is also in `tip`.
    window: VecDeque<Slot>,
    /// The window's heights, each with the first bytes of its hash: small, so that adding and
    /// removing is quick; the window itself tells two apart that begin alike.
    heights: BTreeSet<(u64, BlockHeight)>,
    tip: Slot,
}

impl BestChain {
    pub(super) fn new(genesis: Slot) -> Self {
        Self {
            archive: Archive::default(),
            firsts: BTreeMap::new(),
            window: VecDeque::from([genesis]),
            heights: BTreeSet::from([(prefix(&genesis.hash), 0)]),
            tip: genesis,
        }
    }

    pub(super) fn tip(&self) -> &Slot {
        &self.tip
    }

    /// The lowest height that is kept in full.
    pub(super) fn bottom(&self) -> BlockHeight {
        self.archive.len()
    }

    pub(super) fn tip_height(&self) -> BlockHeight {
        // The window holds the tip at least.
        self.bottom() + self.window.len() as BlockHeight - 1
    }

    pub(super) fn push(&mut self, slot: Slot) {
        self.window.push_back(slot);
        self.tip = slot;
        self.heights.insert((prefix(&slot.hash), self.tip_height()));
    }

    /// Takes away what is above a height that is kept in full, newest first.
    pub(super) fn cut(&mut self, height: BlockHeight) -> Vec<Slot> {
        let mut cut = Vec::new();
        while self.tip_height() > height && self.window.len() > 1 {
            let top = self.tip_height();
            let Some(slot) = self.window.pop_back() else {
                break;
            };
            self.heights.remove(&(prefix(&slot.hash), top));
            cut.push(slot);
        }
        if let Some(slot) = self.window.back() {
            self.tip = *slot;
        }
        cut
    }

    /// Moves the oldest headers into the archive while more than `keep` and a chunk are held.
    /// Whether any moved.
    pub(super) fn settle(&mut self, keep: usize) -> bool {
        let before = self.bottom();
        while self.window.len() >= keep + CHUNK {
            let first = self.bottom();
            let hashes = std::array::from_fn(|at| self.window[at].hash);
            self.firsts.insert(first, self.window[0]);
            self.window.drain(..CHUNK);
            for (height, hash) in (first..).zip(&hashes) {
                self.heights.remove(&(prefix(hash), height));
            }
            self.archive.append(&hashes);
        }
        self.bottom() > before
    }

    /// The header at a height, where it is kept in full.
    pub(super) fn get(&self, height: BlockHeight) -> Option<&Slot> {
        match height.checked_sub(self.bottom()) {
            Some(at) => self.window.get(at as usize),
            None => self.firsts.get(&height),
        }
    }

    pub(super) fn hash_at(&self, height: BlockHeight) -> Option<BlockHash> {
        self.get(height)
            .map(|slot| slot.hash)
            .or_else(|| self.archive.hash_at(height))
    }

    /// The height of a hash that is kept in full.
    pub(super) fn height_in_window(&self, hash: &BlockHash) -> Option<BlockHeight> {
        let begin = prefix(hash);
        let alike = self.heights.range((begin, 0)..=(begin, BlockHeight::MAX));
        alike
            .map(|(_, height)| *height)
            .find(|height| self.get(*height).is_some_and(|slot| slot.hash == *hash))
    }

    pub(super) fn height_of(&self, hash: &BlockHash) -> Option<BlockHeight> {
        self.height_in_window(hash)
            .or_else(|| self.archive.height_of(hash))
    }
}

impl Ancestry for BestChain {
    fn past(&self, height: BlockHeight) -> Result<Past, RuleError> {
        self.get(height)
            .map(|slot| Past::from(&slot.header))
            .ok_or(RuleError::MissingContext { height })
    }
}
