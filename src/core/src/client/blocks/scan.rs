//! How far the payments know the best chain: block after block, back on a reorganisation, and
//! from where they stopped after a restart.

use crate::client::{Client, limits};
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::BlockHash;
use serde::{Deserialize, Serialize};

/// A miner's clock may be wrong by this: blocks this long before the first invoice are looked at.
const CLOCK_MARGIN: UnixTime = 2 * 60 * 60;
/// So many blocks are fetched even when no invoice is open.
const SHORT_WAY: BlockHeight = limits::BLOCKS_AHEAD as BlockHeight;

/// How far the payments know the chain.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// The last block that they know, on the best chain; none before the first sync.
    pub(crate) tip: Option<BlockHeight>,
}

/// The same as stored: some hashes downwards from the tip, so that a reorganisation that fell
/// between two writes is seen.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ScanRecord {
    pub(crate) trail: Vec<(BlockHeight, BlockHash)>,
}

impl Client {
    /// The blocks that come next: as many as may be on their way.
    pub(super) fn scan_wants(&self) -> Vec<BlockHash> {
        let Some(tip) = self.scan.tip.filter(|_| !self.has_strangers()) else {
            return Vec::new();
        };
        let first = tip.saturating_add(1);
        (first..first.saturating_add(SHORT_WAY))
            .map_while(|height| self.tree.hash_at(height))
            .collect()
    }

    /// Begins at the tip of the first sync; and goes over blocks that no invoice is about: those
    /// mined before the first open one was made, or all where none is open.
    pub(super) fn scan_catches_up(&mut self) {
        if !self.sync.caught_up || self.sync.long.is_some() {
            return;
        }
        let tip = self.tree.tip().height;
        let start = match (self.scan.tip, self.till.first_waiting(self.now.unix())) {
            (None, None) => tip,
            (None, Some(created)) => match self.height_before(created.saturating_sub(CLOCK_MARGIN))
            {
                Ok(height) | Err(height) => height,
            },
            (Some(at), Some(created)) if tip > at.saturating_add(SHORT_WAY) => {
                // It may have begun while the first peer had nothing to show.
                let next = self.tree.header_at(at.saturating_add(1));
                let early = created.saturating_sub(CLOCK_MARGIN);
                if next.is_some_and(|header| header.time >= early) {
                    return;
                }
                match self.height_before(early) {
                    Ok(height) if height > at => height,
                    _ => return,
                }
            }
            (Some(at), None) if tip > at.saturating_add(SHORT_WAY) => tip,
            (Some(_), _) => return,
        };
        self.scan.tip = Some(start);
        self.forget_told_blocks();
        self.storage.scan_changed();
        self.till.scan_begins(start.saturating_add(1));
        self.views.chain_changed();
    }

    /// The first invoice is made while the chain is far ahead of what was scanned: blocks from
    /// before it are not fetched for it.
    pub(crate) fn scan_renewed(&mut self) {
        let behind = |at: BlockHeight| self.tree.tip().height > at.saturating_add(SHORT_WAY);
        if !self.sync.caught_up || self.scan.tip.is_none_or(behind) {
            self.scan.tip = None;
        }
    }

    /// The last height before which no header has this time or a later one. Headers' times are not
    /// in order, but their medians over 11 are. An error where such headers are too old to be at
    /// hand: from there on all are later.
    fn height_before(&self, time: UnixTime) -> Result<BlockHeight, BlockHeight> {
        let mut height = self.tree.tip().height;
        let mut early = 0;
        while height > 0 && early < 11 {
            match self.tree.header_at(height) {
                Some(header) if header.time < time => early += 1,
                Some(_) => early = 0,
                None => return Err(height),
            }
            height -= 1;
        }
        Ok(height.saturating_add(early))
    }

    /// Tells the payments of every block whose turn has come.
    pub(super) fn scan_advances(&mut self) {
        let now = self.now.unix();
        while let Some(at) = self.scan.tip {
            let next = at.saturating_add(1);
            let Some(hash) = self.tree.hash_at(next) else {
                return;
            };
            let Some(block) = self.blocks.early.get(&hash) else {
                return;
            };
            let count = block.txids().len();
            self.till
                .looked_at(u32::try_from(count).unwrap_or(u32::MAX), now);
            self.till.scanned(next);
            if self.ledger.connect_block(block.block(), next, hash, now) {
                self.payments_changed();
            }
            self.scan.tip = Some(next);
            self.storage.scan_changed();
            self.till.invoices_changed();
            self.views.chain_changed();
        }
    }

    /// The best chain left these blocks, from the old tip down.
    pub(crate) fn scan_reorganised(&mut self, fork: BlockHeight, disconnected: &[BlockHash]) {
        let now = self.now.unix();
        let changed = self.ledger.disconnect_blocks(disconnected, now);
        self.wallet_reorganised(fork, disconnected);
        if self.scan.tip.is_some_and(|at| at > fork) {
            self.scan.tip = Some(fork);
            self.till.scan_falls_back(fork);
            self.storage.scan_changed();
        }
        let tree = &self.tree;
        self.blocks
            .early
            .retain(|hash, _| tree.height_of(hash).is_some());
        if changed {
            self.rebroadcast = true;
            self.payments_changed();
        }
    }

    /// How far the payments know the chain, to be stored.
    pub(crate) fn scan_record(&self) -> Option<ScanRecord> {
        self.scan.tip.map(|tip| self.trail_from(tip))
    }

    /// The trail to store: ten hashes in a row, then wider and wider.
    pub(crate) fn trail_from(&self, tip: BlockHeight) -> ScanRecord {
        let mut height = tip;
        let mut trail = Vec::new();
        let mut step = 1;
        loop {
            if let Some(hash) = self.tree.hash_at(height) {
                trail.push((height, hash));
            }
            if trail.len() >= 10 {
                step *= 2;
            }
            if height == 0 || trail.len() > 40 {
                break;
            }
            height = height.saturating_sub(step);
        }
        ScanRecord { trail }
    }

    /// After a restart: the highest block of a trail that is still on the best chain.
    pub(crate) fn trail_end(&self, record: &ScanRecord) -> Option<BlockHeight> {
        let mut trail = record.trail.iter();
        trail.find_map(|(_, hash)| self.tree.height_of(hash))
    }

    pub(crate) fn scan_restored(&mut self, record: &ScanRecord) {
        self.scan.tip = self.trail_end(record);
    }
}
