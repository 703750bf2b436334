//! What others may ask of the chain.

use super::codec;
use super::machine::Chain;
use super::store::{Coin, Store, StoreError, StoredFilter};
use crate::consensus::SpendContext;
use crate::filters;
use crate::headers::{Branch, Entry, HeaderTree};
use crate::params::NetworkParams;
use crate::primitives::BlockHeight;
use bitcoin::hashes::{Hash, HashEngine, sha256};
use bitcoin::{BlockHash, OutPoint, consensus};

/// How far past the validated chain blocks are asked for.
const DOWNLOAD_WINDOW: usize = 1_024;
/// Branches with more work than the validated chain whose blocks are asked for beside the best one's.
const OTHER_BRANCHES: usize = 3;

impl<S: Store> Chain<S> {
    /// The network.
    #[must_use]
    pub fn params(&self) -> &NetworkParams {
        &self.params
    }

    /// Every header that counts; the best of them may be ahead of the validated chain.
    #[must_use]
    pub fn headers(&self) -> &HeaderTree {
        &self.headers
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Gives the store away.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }

    /// The last block of the validated chain.
    #[must_use]
    pub fn tip(&self) -> Entry {
        Entry {
            best: self.headers.height_of(&self.tip.hash).is_some(),
            ..self.tip
        }
    }

    /// Where the next block's transactions are to stand.
    #[must_use]
    pub fn next_context(&self) -> SpendContext {
        self.next
    }

    /// The hash at a height of the validated chain.
    #[must_use]
    pub fn hash_at(&self, height: BlockHeight) -> Option<BlockHash> {
        self.connected.hash_at(height)
    }

    /// Whether a block is on the validated chain.
    #[must_use]
    pub fn is_connected(&self, hash: &BlockHash) -> bool {
        self.connected_height(hash).is_some()
    }

    fn connected_height(&self, hash: &BlockHash) -> Option<BlockHeight> {
        let height = self.headers.get(hash)?.height;
        (self.hash_at(height) == Some(*hash)).then_some(height)
    }

    /// Whether a block is stored; it need not be valid.
    ///
    /// # Errors
    /// The storage broke.
    pub fn has_block(&self, hash: &BlockHash) -> Result<bool, StoreError> {
        self.store.has_block(hash)
    }

    /// A block in Bitcoin's serialization.
    ///
    /// # Errors
    /// The storage broke.
    pub fn block(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.block(hash)
    }

    /// The filter of a block that is, or was, on the validated chain.
    ///
    /// # Errors
    /// The storage broke.
    pub fn filter(&self, hash: &BlockHash) -> Result<Option<StoredFilter>, StoreError> {
        self.store.filter(hash)
    }

    /// The hash of that filter, as `cfheaders` carries it. The filter of a block of the validated
    /// chain is read for it once.
    ///
    /// # Errors
    /// The storage broke.
    pub fn filter_hash(&mut self, hash: &BlockHash) -> Result<Option<[u8; 32]>, StoreError> {
        let height = self.connected_height(hash);
        let known = height.and_then(|height| self.connected.filter_hash_at(height));
        if known.is_some() {
            return Ok(known);
        }
        let Some(stored) = self.store.filter(hash)? else {
            return Ok(None);
        };
        let found = filters::hash(&stored.filter);
        if let Some(height) = height {
            self.connected.note_filter_hash(height, found);
        }
        Ok(Some(found))
    }

    /// An unspent coin.
    ///
    /// # Errors
    /// The storage broke.
    pub fn coin(&self, outpoint: &OutPoint) -> Result<Option<Coin>, StoreError> {
        self.store.coin(outpoint)
    }

    /// Blocks to ask peers for, in the order in which they can be connected: those of the best
    /// headers, and in turn with them those of other branches that have more work than the
    /// validated chain, so that a header whose block nobody has cannot hold up the rest.
    #[must_use]
    pub fn missing_blocks(&self, limit: usize) -> Vec<BlockHash> {
        let others = self
            .better_branches()
            .map(|branch| self.missing_on(&branch.tip, branch.fork_height, limit));
        let mut lists: Vec<_> = std::iter::once(self.missing_on_best(limit))
            .chain(others)
            .map(|list| list.into_iter().peekable())
            .collect();
        let mut wanted = Vec::new();
        while wanted.len() < limit && lists.iter_mut().any(|list| list.peek().is_some()) {
            for hash in lists.iter_mut().filter_map(Iterator::next) {
                if wanted.len() < limit && !wanted.contains(&hash) {
                    wanted.push(hash);
                }
            }
        }
        wanted
    }

    /// Whether a block is on the way to more work than the validated chain has: on the best headers,
    /// or on a branch whose blocks are asked for. While catching up it may be far below either tip.
    pub(super) fn leads_on(&self, entry: &Entry) -> bool {
        entry.best
            || self
                .better_branches()
                .any(|branch| self.is_below(&branch.tip, entry))
    }

    fn is_below(&self, tip: &BlockHash, entry: &Entry) -> bool {
        let mut at = self.headers.get(tip);
        while let Some(above) = at.filter(|above| above.height > entry.height) {
            at = self.headers.get(&above.header.prev_blockhash);
        }
        at.is_some_and(|at| at.hash == entry.hash)
    }

    /// Branches beside the best headers with more work than the validated chain.
    fn better_branches(&self) -> impl Iterator<Item = Branch> {
        self.headers
            .branches_by_work()
            .take_while(|branch| branch.work > self.tip.work)
            .take(OTHER_BRANCHES)
    }

    fn missing_on_best(&self, limit: usize) -> Vec<BlockHash> {
        let fork = self.headers.fork_of(&self.tip.hash);
        let from = fork.unwrap_or(self.tip.height);
        (from..self.headers.tip().height)
            .take(DOWNLOAD_WINDOW)
            .filter_map(|below| self.headers.hash_at(below + 1))
            .filter(|hash| !self.is_here(hash))
            .take(limit)
            .collect()
    }

    /// The same up to the tip of a branch: what is below the fork, and not here, first.
    fn missing_on(&self, tip: &BlockHash, fork: BlockHeight, limit: usize) -> Vec<BlockHash> {
        let mut missing = Vec::new();
        let mut at = self.headers.get(tip);
        while let Some(entry) = at.filter(|entry| entry.height > fork) {
            if !self.is_here(&entry.hash) {
                missing.push(entry.hash);
            }
            at = self.headers.get(&entry.header.prev_blockhash);
        }
        missing.reverse();
        missing.truncate(limit);
        missing
    }

    fn is_here(&self, hash: &BlockHash) -> bool {
        self.kept.contains(hash) || self.is_connected(hash)
    }

    /// The hash of the set of unspent coins: SHA-256 over each outpoint and its coin as it is
    /// stored, in the order of the outpoints. Two nodes at one tip have the same.
    ///
    /// # Errors
    /// The storage broke.
    pub fn utxo_hash(&self) -> Result<[u8; 32], StoreError> {
        let mut engine = sha256::Hash::engine();
        self.store.each_coin(&mut |outpoint, coin| {
            engine.input(&consensus::serialize(outpoint));
            engine.input(&codec::encode_coin(coin));
        })?;
        Ok(sha256::Hash::from_engine(engine).to_byte_array())
    }
}
