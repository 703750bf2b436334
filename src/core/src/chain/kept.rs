//! Blocks that are kept beside the validated chain: on branches, or before the blocks that they
//! follow.
//!
//! A block is whole when every block before it is here. The branch to move to is the whole block of
//! most work; of equal work, the one that was whole first.

use crate::primitives::U256;
use bitcoin::BlockHash;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy)]
enum Place {
    Whole { work: U256, seen: u64 },
    Waiting { work: U256, parent: BlockHash },
}

#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    blocks: BTreeMap<BlockHash, Place>,
    /// Whole blocks, the best last.
    whole: BTreeSet<(U256, Reverse<u64>, BlockHash)>,
    /// Blocks that wait, by the block that they follow.
    waiting: BTreeMap<BlockHash, BTreeSet<BlockHash>>,
    seen: u64,
}

impl Kept {
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    pub(super) fn contains(&self, hash: &BlockHash) -> bool {
        self.blocks.contains_key(hash)
    }

    pub(super) fn is_whole(&self, hash: &BlockHash) -> bool {
        matches!(self.blocks.get(hash), Some(Place::Whole { .. }))
    }

    /// Whether blocks wait for this one.
    pub(super) fn is_awaited(&self, hash: &BlockHash) -> bool {
        self.waiting.contains_key(hash)
    }

    /// The whole block of most work, where it is more than this.
    pub(super) fn best_above(&self, work: U256) -> Option<BlockHash> {
        let (most, _, hash) = self.whole.last()?;
        (*most > work).then_some(*hash)
    }

    /// Takes a block; `joined` says that the block before it is whole or on the validated chain.
    pub(super) fn add(&mut self, hash: BlockHash, parent: BlockHash, work: U256, joined: bool) {
        if self.blocks.contains_key(&hash) {
            return;
        }
        if !joined {
            self.blocks.insert(hash, Place::Waiting { work, parent });
            self.waiting.entry(parent).or_default().insert(hash);
            return;
        }
        self.seen += 1;
        let mut next = vec![(hash, work)];
        while let Some((hash, work)) = next.pop() {
            self.insert_whole(hash, work, self.seen);
            for child in self.waiting.remove(&hash).unwrap_or_default() {
                if let Some(Place::Waiting { work, .. }) = self.blocks.get(&child) {
                    next.push((child, *work));
                }
            }
        }
    }

    /// Takes a block that left the validated chain: it was there first.
    pub(super) fn add_disconnected(&mut self, hash: BlockHash, work: U256) {
        self.insert_whole(hash, work, 0);
    }

    /// Gives up a block that joined the validated chain.
    pub(super) fn remove(&mut self, hash: &BlockHash) {
        match self.blocks.remove(hash) {
            Some(Place::Whole { work, seen }) => {
                self.whole.remove(&(work, Reverse(seen), *hash));
            }
            Some(Place::Waiting { parent, .. }) => {
                if let Some(siblings) = self.waiting.get_mut(&parent) {
                    siblings.remove(hash);
                    if siblings.is_empty() {
                        self.waiting.remove(&parent);
                    }
                }
            }
            None => {}
        }
    }

    /// Gives up the blocks whose headers are gone.
    pub(super) fn retain(&mut self, known: impl Fn(&BlockHash) -> bool) {
        let gone: Vec<_> = self.blocks.keys().copied().filter(|h| !known(h)).collect();
        for hash in &gone {
            self.remove(hash);
        }
    }

    fn insert_whole(&mut self, hash: BlockHash, work: U256, seen: u64) {
        self.blocks.insert(hash, Place::Whole { work, seen });
        self.whole.insert((work, Reverse(seen), hash));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bitcoin::hashes::Hash;

    fn hash(number: u8) -> BlockHash {
        BlockHash::from_byte_array([number; 32])
    }

    fn work(number: u64) -> U256 {
        U256::from(number)
    }

    #[test]
    fn blocks_wait_for_the_ones_before_them() {
        let mut kept = Kept::default();
        kept.add(hash(3), hash(2), work(3), false);
        kept.add(hash(4), hash(3), work(4), false);
        kept.add(hash(5), hash(3), work(5), false);
        assert_eq!(kept.best_above(work(0)), None);
        assert!(kept.contains(&hash(4)) && !kept.is_whole(&hash(4)));
        kept.add(hash(2), hash(1), work(2), true);
        assert_eq!(kept.best_above(work(0)), Some(hash(5)));
        assert_eq!(kept.best_above(work(5)), None);
        assert!((2..=5).all(|number| kept.is_whole(&hash(number))));
        kept.remove(&hash(5));
        assert_eq!(kept.best_above(work(0)), Some(hash(4)));
        assert_eq!(kept.len(), 3);
    }

    #[test]
    fn of_equal_work_the_first_is_best_and_what_was_connected_comes_before() {
        let mut kept = Kept::default();
        kept.add(hash(9), hash(1), work(2), true);
        kept.add(hash(8), hash(1), work(2), true);
        assert_eq!(kept.best_above(work(1)), Some(hash(9)));
        kept.add_disconnected(hash(7), work(2));
        assert_eq!(kept.best_above(work(1)), Some(hash(7)));
    }

    #[test]
    fn what_is_gone_leaves_nothing_behind() {
        let mut kept = Kept::default();
        kept.add(hash(2), hash(1), work(2), true);
        kept.add(hash(4), hash(3), work(4), false);
        kept.add(hash(5), hash(3), work(5), false);
        kept.retain(|known| *known == hash(5));
        kept.add(hash(3), hash(2), work(3), true);
        assert!(kept.is_whole(&hash(5)) && !kept.contains(&hash(4)));
        kept.retain(|_| false);
        assert_eq!(kept.len(), 0);
        assert!(kept.whole.is_empty() && kept.waiting.is_empty());
    }
}
