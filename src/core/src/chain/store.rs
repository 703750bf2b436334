//! What a platform offers the full chain to keep things in. Three kinds of things are kept: headers
//! and blocks, which are never changed; what can be computed again from them (undo data, filters);
//! and the set of unspent coins, which moves with the tip.

use bitcoin::block::Header;
use bitcoin::{BlockHash, OutPoint};

/// An unspent output: with what the rules ask of it, so that a spend needs no look at old headers.
pub use crate::consensus::SpentCoin as Coin;

/// A block's compact filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFilter {
    /// BIP158's basic filter.
    pub filter: Vec<u8>,
    /// BIP157's header, which commits to this filter and all before it.
    pub header: [u8; 32],
}

/// Changes that become durable together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Headers that are new to the store, parents first. A header comes with the first block that is
    /// kept on it, so what the store holds has cost work and a block.
    pub headers: Vec<Header>,
    /// Blocks in Bitcoin's serialization.
    pub blocks: Vec<(BlockHash, Vec<u8>)>,
    /// Blocks that turned out to be invalid; what follows from them is invalid too.
    pub invalid: Vec<BlockHash>,
    /// What disconnecting a block brings back; opaque to the store.
    pub undo: Vec<(BlockHash, Vec<u8>)>,
    /// Filters of blocks that were connected.
    pub filters: Vec<(BlockHash, StoredFilter)>,
    /// Coins that came to be. Removals go first: an outpoint in both lists stays, with the new coin.
    pub coins_added: Vec<(OutPoint, Coin)>,
    /// Coins that are no more.
    pub coins_removed: Vec<OutPoint>,
    /// The block up to which the set of coins now stands; none: as before.
    pub tip: Option<BlockHash>,
}

/// The storage broke: nothing can be kept from here on, and the node halts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    /// A sentence that names the file and what went wrong.
    pub message: String,
}

/// Where a chain is kept. A store that says a batch is committed has it on disk, and reads see it.
pub trait Store {
    /// Every header ever committed, parents first.
    ///
    /// # Errors
    /// The storage broke.
    fn headers(&self) -> Result<Vec<Header>, StoreError>;
    /// The blocks that were found invalid.
    ///
    /// # Errors
    /// The storage broke.
    fn invalid(&self) -> Result<Vec<BlockHash>, StoreError>;
    /// The block up to which the set of coins stands; none at the very first start.
    ///
    /// # Errors
    /// The storage broke.
    fn tip(&self) -> Result<Option<BlockHash>, StoreError>;
    /// Whether this block is there.
    ///
    /// # Errors
    /// The storage broke.
    fn has_block(&self, hash: &BlockHash) -> Result<bool, StoreError>;
    /// A block.
    ///
    /// # Errors
    /// The storage broke.
    fn block(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError>;
    /// A block's undo data.
    ///
    /// # Errors
    /// The storage broke.
    fn undo(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError>;
    /// A block's filter.
    ///
    /// # Errors
    /// The storage broke.
    fn filter(&self, hash: &BlockHash) -> Result<Option<StoredFilter>, StoreError>;
    /// An unspent coin.
    ///
    /// # Errors
    /// The storage broke.
    fn coin(&self, outpoint: &OutPoint) -> Result<Option<Coin>, StoreError>;
    /// Every unspent coin, in the order of their outpoints.
    ///
    /// # Errors
    /// The storage broke, or `each` did.
    fn each_coin(&self, each: &mut dyn FnMut(&OutPoint, &Coin)) -> Result<(), StoreError>;
    /// Makes these changes durable, all of them or none.
    ///
    /// # Errors
    /// The storage broke, or is full.
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError>;
}
