//! The chain itself: what it holds, and what it takes.

use super::change::{Arrival, BlockOutcome, Change};
use super::connected::Connected;
use super::error::{BlockRefusal, BlockRuleError, BodyError, InvalidBlock};
use super::kept::Kept;
use super::store::{Batch, Store, StoreError};
use crate::consensus::{SpendContext, check_block};
use crate::headers::{Accepted, Entry, HeaderError, HeaderTree};
use crate::merkle::block::{BlockError, MAX_WEIGHT, VerifiedBlock};
use crate::params::NetworkParams;
use crate::primitives::UnixTime;
use bitcoin::block::Header;
use bitcoin::{Block, BlockHash, consensus};
use std::collections::BTreeSet;

/// Hashes that are remembered before those without a header are looked for and forgotten.
pub(super) const SLACK: usize = 4_096;

/// A full node's chain: every header, the blocks, and the set of unspent coins at its tip.
#[derive(Debug, Clone)]
pub struct Chain<S> {
    pub(super) params: NetworkParams,
    pub(super) store: S,
    pub(super) headers: HeaderTree,
    /// The last block of the validated chain.
    pub(super) tip: Entry,
    /// The validated chain up to it.
    pub(super) connected: Connected,
    /// What the next block's transactions are checked in.
    pub(super) next: SpendContext,
    /// Blocks beside the validated chain.
    pub(super) kept: Kept,
    /// Headers that the store does not have yet.
    pub(super) unsaved: BTreeSet<BlockHash>,
    /// How many are remembered when the next search for stale ones comes.
    pub(super) tidy_at: usize,
    /// Serialized bytes of blocks after which a step ends.
    pub(super) step_bytes: usize,
}

/// What is wrong with a block, whatever the coins are.
pub(super) enum Flaw {
    /// Another body under the same header may be right.
    Mutated(BodyError),
    /// The header commits to it.
    Committed(BlockRuleError),
}

/// A block that came in, before it is in the store.
pub(super) struct Arriving {
    pub(super) entry: Entry,
    pub(super) verified: VerifiedBlock,
}

impl<S: Store> Chain<S> {
    /// Verifies a header and takes it. It is stored with the first block that is kept on it.
    ///
    /// # Errors
    /// The rule that it breaks; see [`HeaderError::is_misbehaviour`].
    pub fn accept_header(
        &mut self,
        header: Header,
        now: UnixTime,
    ) -> Result<Accepted, HeaderError> {
        self.take_header(header, Some(now))
    }

    /// Takes a block: its header first, where it is not known; then the block is connected, or kept
    /// until its branch has most work and all its blocks.
    ///
    /// # Errors
    /// Its header is refused, its body is not the header's, or it breaks a rule. A block is marked
    /// invalid only for what its header commits to: after another body under the same header the
    /// true one is taken.
    pub fn accept_block(
        &mut self,
        block: Block,
        now: UnixTime,
    ) -> Result<BlockOutcome, BlockRefusal> {
        self.take_block(block, Some(now))
    }

    /// The same from bytes.
    ///
    /// # Errors
    /// The same; or the bytes are no block.
    pub fn accept_block_bytes(
        &mut self,
        bytes: &[u8],
        now: UnixTime,
    ) -> Result<BlockOutcome, BlockRefusal> {
        let block = consensus::deserialize(bytes).map_err(|error| BlockRefusal::Malformed {
            reason: error.to_string(),
        })?;
        self.accept_block(block, now)
    }

    pub(super) fn take_block(
        &mut self,
        block: Block,
        now: Option<UnixTime>,
    ) -> Result<BlockOutcome, BlockRefusal> {
        let hash = block.block_hash();
        let known = self.is_connected(&hash) || self.kept.contains(&hash);
        if known && self.headers.get(&hash).is_some() {
            return Ok(self.outcome(Arrival::Known));
        }
        self.take_header(block.header, now)?;
        let Some(entry) = self.headers.get(&hash) else {
            return Ok(self.outcome(Arrival::NotKept));
        };
        if entry.work < self.headers.work_threshold() && !self.leads_on(&entry) {
            return Ok(self.outcome(Arrival::NotKept));
        }
        let verified = self.check_body(&entry, block)?;
        self.keep(&entry);
        self.arrive(Arriving { entry, verified })
    }

    /// Stores the block, and moves on to it where it has most work.
    fn arrive(&mut self, arriving: Arriving) -> Result<BlockOutcome, BlockRefusal> {
        let hash = arriving.entry.hash;
        let headers = self.unsaved_up_to(&arriving.entry);
        let saved: Vec<_> = headers.iter().map(Header::block_hash).collect();
        let mut batch = Batch::default();
        // It may have been here before the tree let go of its header: nothing is stored twice.
        if !self.store.has_block(&hash)? {
            batch.headers = headers;
            batch.blocks = vec![(hash, consensus::serialize(arriving.verified.block()))];
        }
        let progress = self.step(Some(&arriving), &mut batch)?;
        let invalid = progress.invalid.iter().find(|found| found.hash == hash);
        if let Some(invalid) = invalid {
            return Err(invalid.clone().into());
        }
        if !batch.blocks.is_empty() {
            self.store.commit(batch)?;
        }
        for hash in &saved {
            self.unsaved.remove(hash);
        }
        let arrival = if self.is_connected(&hash) {
            Arrival::Connected
        } else if self.kept.is_whole(&hash) {
            Arrival::Branch
        } else {
            Arrival::Waiting
        };
        Ok(BlockOutcome {
            arrival,
            change: progress.change,
            invalid: progress.invalid,
            more: progress.more,
        })
    }

    /// Checks all of a block that needs no coins.
    fn check_body(&mut self, entry: &Entry, block: Block) -> Result<VerifiedBlock, BlockRefusal> {
        let hash = entry.hash;
        let context = SpendContext {
            height: entry.height,
            median_time_past: self
                .headers
                .median_time_past(&entry.header.prev_blockhash)?,
        };
        match look_through(&self.params, block, context) {
            Ok(verified) => Ok(verified),
            Err(Flaw::Mutated(error)) => Err(BlockRefusal::Mutated { hash, error }),
            Err(Flaw::Committed(error)) => Err(self.refuse(hash, error)?.into()),
        }
    }

    /// Marks a block invalid, durably, and gives up what follows it.
    pub(super) fn refuse(
        &mut self,
        hash: BlockHash,
        error: BlockRuleError,
    ) -> Result<InvalidBlock, StoreError> {
        self.headers.invalidate(&hash);
        self.headers.stand_on(self.tip.hash);
        if self.headers.is_invalid(&hash) {
            self.store.commit(Batch {
                invalid: vec![hash],
                ..Batch::default()
            })?;
        }
        let headers = &self.headers;
        self.kept.retain(|hash| headers.get(hash).is_some());
        self.unsaved.retain(|hash| headers.get(hash).is_some());
        Ok(InvalidBlock { hash, error })
    }

    pub(super) fn take_header(
        &mut self,
        header: Header,
        now: Option<UnixTime>,
    ) -> Result<Accepted, HeaderError> {
        let accepted = match now {
            Some(now) => self.headers.accept(header, now)?,
            None => self.headers.accept_stored(header)?,
        };
        if accepted != Accepted::Known {
            self.unsaved.insert(header.block_hash());
            self.recall(&header.block_hash());
            self.tidy();
        }
        Ok(accepted)
    }

    /// A header came back that the tree had let go of: its block may be in the store. One that could
    /// make the chain move is not taken from there, since nobody expects a header to do that: it is
    /// asked for, and stored once all the same.
    fn recall(&mut self, hash: &BlockHash) {
        let entry = self.headers.get(hash);
        let moves = |entry: &Entry| entry.work > self.tip.work || self.kept.is_awaited(hash);
        let Some(entry) = entry.filter(|entry| !moves(entry)) else {
            return;
        };
        // Where the storage broke, the next write says so.
        if self.store.has_block(hash).unwrap_or(false) {
            self.unsaved.remove(hash);
            self.keep(&entry);
        }
    }

    /// Forgets what belongs to headers that the tree had no room for.
    fn tidy(&mut self) {
        if self.unsaved.len() + self.kept.len() < self.tidy_at {
            return;
        }
        let headers = &self.headers;
        self.unsaved.retain(|hash| headers.get(hash).is_some());
        self.kept.retain(|hash| headers.get(hash).is_some());
        self.tidy_at = 2 * (self.unsaved.len() + self.kept.len()) + SLACK;
    }

    /// Headers up to this one that the store does not have, oldest first.
    fn unsaved_up_to(&self, entry: &Entry) -> Vec<Header> {
        let mut path = Vec::new();
        let mut at = Some(*entry);
        while let Some(entry) = at.filter(|entry| self.unsaved.contains(&entry.hash)) {
            path.push(entry.header);
            at = self.headers.get(&entry.header.prev_blockhash);
        }
        path.reverse();
        path
    }

    /// Notes that a block is here.
    pub(super) fn keep(&mut self, entry: &Entry) {
        let parent = entry.header.prev_blockhash;
        let joined = self.is_connected(&parent) || self.kept.is_whole(&parent);
        self.kept.add(entry.hash, parent, entry.work, joined);
    }

    fn outcome(&self, arrival: Arrival) -> BlockOutcome {
        BlockOutcome {
            arrival,
            change: Change::default(),
            invalid: Vec::new(),
            more: self.has_more(),
        }
    }
}

/// Checks all of a block that needs no coins.
pub(super) fn look_through(
    params: &NetworkParams,
    block: Block,
    context: SpendContext,
) -> Result<VerifiedBlock, Flaw> {
    // The network's own limit of weight is asked once the body is known to be the header's.
    let verified = match VerifiedBlock::check_limited(block, MAX_WEIGHT) {
        Ok(verified) => verified,
        Err(error) if is_committed(&error) => return Err(Flaw::Committed(error.into())),
        Err(error) => return Err(Flaw::Mutated(error.into())),
    };
    match check_block(params, &verified, context.height, context.median_time_past) {
        Ok(()) => Ok(verified),
        Err(rule) if rule.is_mutation() => Err(Flaw::Mutated(rule.into())),
        Err(rule) => Err(Flaw::Committed(rule.into())),
    }
}

/// What follows a block: its height, and the median time past.
pub(super) fn next_context(
    headers: &HeaderTree,
    tip: &BlockHash,
) -> Result<SpendContext, HeaderError> {
    let height = headers.get(tip).map_or(0, |entry| entry.height);
    Ok(SpendContext {
        height: height.saturating_add(1),
        median_time_past: headers.median_time_past(tip)?,
    })
}

/// Whether the header commits to what is wrong: the list of transactions was the header's, and what
/// the coinbase lacks no other witness mends.
fn is_committed(error: &BlockError) -> bool {
    match error {
        BlockError::NoCoinbase { .. }
        | BlockError::SecondCoinbase { .. }
        // Every block of these networks commits to its witnesses.
        | BlockError::UnexpectedWitness { .. } => true,
        BlockError::Parse(_)
        | BlockError::Empty
        | BlockError::Weight { .. }
        | BlockError::Root { .. }
        | BlockError::Mutated
        | BlockError::Nodes { .. }
        | BlockError::ReservedValue { .. }
        | BlockError::WitnessCommitment { .. } => false,
    }
}
