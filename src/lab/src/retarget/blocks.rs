//! The blocks of a run: a tree, of which each miner follows the branch with the most work that it
//! may see.

use farthing_core::headers::{Ancestry, Past, RuleError};
use farthing_core::primitives::{BlockHeight, U256, UnixTime, target_from_bits, work_of_target};

/// True time since the run's first second, in millionths of a second.
pub type Micros = u64;

/// A second.
pub const SECOND: Micros = 1_000_000;
/// A minute.
pub const MINUTE: Micros = 60 * SECOND;
/// An hour.
pub const HOUR: Micros = 60 * MINUTE;
/// A day.
pub const DAY: Micros = 24 * HOUR;

/// What a header's clock says at the run's first second.
pub const START: UnixTime = 1_800_000_000;

/// Headers that a rule may look back at.
const KEEP: BlockHeight = 96;

/// Heights begin here, so that no rule finds itself at the start of a chain.
const FIRST_HEIGHT: BlockHeight = 1_000;

/// A block, without what no rule looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The place of its parent among the blocks of the run; its own, for the first.
    pub(super) parent: usize,
    /// Its height.
    pub height: BlockHeight,
    /// What its header says.
    pub header: Past,
    /// The work of the chain up to it.
    pub chainwork: U256,
    /// The true time at which it was found.
    pub found: Micros,
    /// The true time from which on others follow it: a header too far ahead of the clock is held.
    pub shown: Micros,
    /// Which miner found it; none for those from before the run.
    pub miner: Option<usize>,
}

/// All blocks of a run, in the order in which they were found.
#[derive(Debug, Clone)]
pub(super) struct Blocks(Vec<Block>);

impl Blocks {
    /// A past in which each block took exactly the spacing.
    pub(super) fn steady(bits: u32, spacing: u32) -> Self {
        let blocks = (0..KEEP).map(|at| Block {
            parent: at.saturating_sub(1) as usize,
            height: FIRST_HEIGHT + at,
            header: Past {
                time: START - (KEEP - 1 - at) * spacing,
                bits,
            },
            chainwork: U256::ZERO,
            found: 0,
            shown: 0,
            miner: None,
        });
        Self(blocks.collect())
    }

    /// Adds a block after the one at `parent` and gives its place.
    pub(super) fn add(
        &mut self,
        parent: usize,
        header: Past,
        found: Micros,
        shown: Micros,
        miner: usize,
    ) -> usize {
        let before = &self.0[parent];
        let target = target_from_bits(header.bits).expect("a rule gives targets that exist");
        self.0.push(Block {
            parent,
            height: before.height + 1,
            header,
            chainwork: before.chainwork + work_of_target(target),
            found,
            shown,
            miner: Some(miner),
        });
        self.0.len() - 1
    }

    /// The block at this place.
    pub(super) fn at(&self, place: usize) -> &Block {
        &self.0[place]
    }

    /// The place of the newest block from before the run.
    pub(super) fn first_tip(&self) -> usize {
        KEEP as usize - 1
    }

    /// What a rule sees of the chain that ends at this place.
    pub(super) fn window(&self, tip: usize) -> Window {
        let mut recent = Vec::with_capacity(KEEP as usize);
        let mut at = tip;
        for _ in 0..KEEP {
            recent.push(self.0[at].header);
            at = self.0[at].parent;
        }
        recent.reverse();
        Window {
            next: self.0[tip].height + 1,
            recent,
        }
    }

    /// The chain that ends at this place, from the first block of the run on.
    pub(super) fn chain(&self, tip: usize) -> Vec<&Block> {
        let mut chain = Vec::new();
        let mut at = tip;
        while self.0[at].miner.is_some() {
            chain.push(&self.0[at]);
            at = self.0[at].parent;
        }
        chain.reverse();
        chain
    }
}

/// The last headers of a chain.
#[derive(Debug, Clone)]
pub(super) struct Window {
    next: BlockHeight,
    recent: Vec<Past>,
}

impl Window {
    /// The height of the next header.
    pub(super) fn next(&self) -> BlockHeight {
        self.next
    }

    /// The last `count` headers, oldest first.
    pub(super) fn newest(&self, count: usize) -> &[Past] {
        &self.recent[self.recent.len().saturating_sub(count)..]
    }

    /// The last header.
    pub(super) fn last(&self) -> Past {
        self.recent[self.recent.len() - 1]
    }

    /// Goes one header on.
    pub(super) fn push(&mut self, header: Past) {
        self.recent.remove(0);
        self.recent.push(header);
        self.next += 1;
    }
}

impl Ancestry for Window {
    fn past(&self, height: BlockHeight) -> Result<Past, RuleError> {
        self.next
            .checked_sub(height)
            .and_then(|back| self.recent.len().checked_sub(back as usize))
            .and_then(|at| self.recent.get(at))
            .copied()
            .ok_or(RuleError::MissingContext { height })
    }
}
