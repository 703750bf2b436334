//! A store that lasts as long as the program: for tests and the lab.

use super::store::{Batch, Coin, Store, StoreError, StoredFilter};
use bitcoin::block::Header;
use bitcoin::{BlockHash, OutPoint};
use std::collections::{BTreeMap, BTreeSet};

/// A [`Store`] in memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemoryStore {
    headers: Vec<Header>,
    blocks: BTreeMap<BlockHash, Vec<u8>>,
    invalid: BTreeSet<BlockHash>,
    undo: BTreeMap<BlockHash, Vec<u8>>,
    filters: BTreeMap<BlockHash, StoredFilter>,
    coins: BTreeMap<OutPoint, Coin>,
    tip: Option<BlockHash>,
}

impl MemoryStore {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    fn headers(&self) -> Result<Vec<Header>, StoreError> {
        Ok(self.headers.clone())
    }

    fn invalid(&self) -> Result<Vec<BlockHash>, StoreError> {
        Ok(self.invalid.iter().copied().collect())
    }

    fn tip(&self) -> Result<Option<BlockHash>, StoreError> {
        Ok(self.tip)
    }

    fn has_block(&self, hash: &BlockHash) -> Result<bool, StoreError> {
        Ok(self.blocks.contains_key(hash))
    }

    fn block(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.blocks.get(hash).cloned())
    }

    fn undo(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.undo.get(hash).cloned())
    }

    fn filter(&self, hash: &BlockHash) -> Result<Option<StoredFilter>, StoreError> {
        Ok(self.filters.get(hash).cloned())
    }

    fn coin(&self, outpoint: &OutPoint) -> Result<Option<Coin>, StoreError> {
        Ok(self.coins.get(outpoint).cloned())
    }

    fn each_coin(&self, each: &mut dyn FnMut(&OutPoint, &Coin)) -> Result<(), StoreError> {
        for (outpoint, coin) in &self.coins {
            each(outpoint, coin);
        }
        Ok(())
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.headers.extend(batch.headers);
        self.blocks.extend(batch.blocks);
        self.invalid.extend(batch.invalid);
        self.undo.extend(batch.undo);
        self.filters.extend(batch.filters);
        for outpoint in &batch.coins_removed {
            self.coins.remove(outpoint);
        }
        self.coins.extend(batch.coins_added);
        self.tip = batch.tip.or(self.tip);
        Ok(())
    }
}
