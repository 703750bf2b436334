//! Every block that was found, and who has it.

use super::view::BlockSeen;
use farthing_core::bitcoin::BlockHash;
use std::collections::BTreeMap;

/// Heights that are shown.
const SHOWN: u32 = 24;

#[derive(Debug)]
struct Found {
    parent: Option<u32>,
    height: u32,
    by: u32,
    /// Milliseconds of the machines since the start.
    at: u64,
    /// Bit i: node i.
    holders: u32,
}

/// The blocks, by the order in which they were found.
#[derive(Debug, Default)]
pub(super) struct Tree {
    blocks: Vec<Found>,
    ids: BTreeMap<BlockHash, u32>,
    /// The first of the highest: what the most work is where every block costs the same.
    best: u32,
}

impl Tree {
    pub(super) fn add(
        &mut self,
        hash: BlockHash,
        parent: &BlockHash,
        height: u32,
        by: u32,
        at: u64,
    ) {
        let id = self.blocks.len() as u32;
        self.ids.insert(hash, id);
        self.blocks.push(Found {
            parent: self.id(parent),
            height,
            by,
            at,
            holders: 0,
        });
        if height > self.height() {
            self.best = id;
        }
    }

    pub(super) fn id(&self, hash: &BlockHash) -> Option<u32> {
        self.ids.get(hash).copied()
    }

    /// A node has it now.
    pub(super) fn held(&mut self, id: u32, node: u32) {
        if let Some(block) = self.blocks.get_mut(id as usize) {
            block.holders |= 1 << node;
        }
    }

    /// Who found it, and when.
    pub(super) fn origin(&self, id: u32) -> Option<(u32, u64)> {
        let block = self.blocks.get(id as usize)?;
        Some((block.by, block.at))
    }

    /// Blocks that were found since the first, which all began with.
    pub(super) fn found(&self) -> u32 {
        (self.blocks.len() as u32).saturating_sub(1)
    }

    fn height(&self) -> u32 {
        let best = self.blocks.get(self.best as usize);
        best.map_or(0, |best| best.height)
    }

    /// Blocks of the best chain since the first.
    pub(super) fn grown(&self) -> u32 {
        let first = self.blocks.first().map_or(0, |first| first.height);
        self.height() - first
    }

    /// The newest heights.
    pub(super) fn newest(&self, time: impl Fn(u64) -> f64) -> Vec<BlockSeen> {
        let least = self.height().saturating_sub(SHOWN);
        let mut best = Some(self.best);
        let mut on_best = Vec::new();
        while let Some(id) = best {
            let block = &self.blocks[id as usize];
            if block.height < least {
                break;
            }
            on_best.push(id);
            best = block.parent;
        }
        // Whatever is so high was found among the newest; a side that was cut off for long is not
        // searched for beyond some hundreds.
        let from = self.blocks.len().saturating_sub(40 * SHOWN as usize);
        let newest = self.blocks.iter().enumerate().skip(from);
        newest
            .filter(|(_, block)| block.height >= least)
            .map(|(id, block)| BlockSeen {
                id: id as u32,
                parent: block.parent.filter(|_| block.height > least),
                height: block.height,
                by: block.by,
                at: time(block.at),
                best: on_best.contains(&(id as u32)),
                holders: block.holders,
            })
            .collect()
    }
}
