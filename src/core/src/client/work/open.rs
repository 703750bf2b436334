//! Work that is open, and the blocks that were found: both bounded.

use crate::client::limits;
use crate::mining::Candidate;
use bitcoin::{Block, BlockHash};
use std::collections::{BTreeMap, VecDeque};

/// All work.
#[derive(Debug, Default)]
pub(crate) struct Works {
    next: u32,
    /// By number. All of it builds on the tip.
    open: BTreeMap<u32, Candidate>,
    /// Makes the coinbases of this client differ from those of other tabs, where they pay the same
    /// address.
    salt: Option<u64>,
    /// Blocks that were found here, oldest first.
    found: VecDeque<(BlockHash, Block)>,
}

impl Works {
    /// The tip changed: what builds on another block is worth nothing.
    pub(crate) fn tip_changed(&mut self, tip: &BlockHash) {
        self.open
            .retain(|_, candidate| candidate.header().prev_blockhash == *tip);
    }

    /// A number for new work; the oldest makes room. Workers get theirs from one proposal one after the
    /// other: its transactions are kept once.
    pub(super) fn add(&mut self, mut candidate: Candidate) -> u32 {
        if let Some((_, newest)) = self.open.last_key_value() {
            candidate.share_transactions(newest);
        }
        self.next = self.next.wrapping_add(1);
        self.open.insert(self.next, candidate);
        while self.open.len() > limits::WORKS || self.lists() > limits::WORK_LISTS {
            self.open.pop_first();
        }
        self.next
    }

    /// Lists of transactions that are held: one that came again after another counts twice.
    pub(crate) fn lists(&self) -> usize {
        let mut changes = 0;
        let mut before: Option<&Candidate> = None;
        for candidate in self.open.values() {
            let same = before.is_some_and(|before| candidate.shares_transactions(before));
            changes += usize::from(!same);
            before = Some(candidate);
        }
        changes
    }

    pub(super) fn get(&self, id: u32) -> Option<&Candidate> {
        self.open.get(&id)
    }

    /// The upper half of every extra nonce of this client.
    pub(super) fn salt(&mut self, random: impl FnOnce() -> u64) -> u64 {
        *self.salt.get_or_insert_with(random) << 32
    }

    pub(super) fn keep_found(&mut self, hash: BlockHash, block: Block) {
        if self.found.len() >= limits::FOUND_BLOCKS {
            self.found.pop_front();
        }
        self.found.push_back((hash, block));
    }

    /// A block that was found here.
    pub(super) fn found(&self, hash: &BlockHash) -> Option<&Block> {
        let mut found = self.found.iter();
        found.find(|(own, _)| own == hash).map(|(_, block)| block)
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }
}
