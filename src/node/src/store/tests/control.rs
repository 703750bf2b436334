//! A chain told to a node on a disk that fails, and the control that it is compared with: the same
//! chain over a store in memory, after each of its batches.

use super::faulty::FaultyDisk;
use super::made::{LATER, NETWORK, Stand, Story, Told};
use crate::store::{DataDirectory, DirectoryError, DiskError, DiskStore};
use farthing_core::bitcoin::block::Header;
use farthing_core::bitcoin::{Block, BlockHash, OutPoint};
use farthing_core::chain::{
    Batch, BlockRefusal, Chain, Coin, MemoryStore, OpenError, Store, StoreError, StoredFilter,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// All that a store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    headers: Vec<Header>,
    invalid: BTreeSet<BlockHash>,
    tip: Option<BlockHash>,
    coins: BTreeMap<OutPoint, Coin>,
    blocks: Vec<Option<Vec<u8>>>,
    undo: Vec<Option<Vec<u8>>>,
    filters: Vec<Option<StoredFilter>>,
}

impl Content {
    pub(super) fn of(store: &impl Store) -> Result<Self, StoreError> {
        let headers = store.headers()?;
        let hashes: Vec<_> = headers.iter().map(Header::block_hash).collect();
        let mut coins = BTreeMap::new();
        store.each_coin(&mut |at, coin| {
            coins.insert(*at, coin.clone());
        })?;
        let each = hashes.iter();
        Ok(Self {
            invalid: store.invalid()?.into_iter().collect(),
            tip: store.tip()?,
            coins,
            blocks: each
                .clone()
                .map(|hash| store.block(hash))
                .collect::<Result<_, _>>()?,
            undo: each
                .clone()
                .map(|hash| store.undo(hash))
                .collect::<Result<_, _>>()?,
            filters: each
                .map(|hash| store.filter(hash))
                .collect::<Result<_, _>>()?,
            headers,
        })
    }
}

/// A store, and what is done each time after it has kept a batch.
pub(super) struct Watched<S, F> {
    inner: S,
    kept: F,
}

impl<S: Store, F: FnMut(&S)> Watched<S, F> {
    pub(super) fn new(inner: S, kept: F) -> Self {
        Self { inner, kept }
    }
}

impl<S: Store, F: FnMut(&S)> Store for Watched<S, F> {
    fn headers(&self) -> Result<Vec<Header>, StoreError> {
        self.inner.headers()
    }

    fn invalid(&self) -> Result<Vec<BlockHash>, StoreError> {
        self.inner.invalid()
    }

    fn tip(&self) -> Result<Option<BlockHash>, StoreError> {
        self.inner.tip()
    }

    fn has_block(&self, hash: &BlockHash) -> Result<bool, StoreError> {
        self.inner.has_block(hash)
    }

    fn block(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.block(hash)
    }

    fn undo(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.undo(hash)
    }

    fn filter(&self, hash: &BlockHash) -> Result<Option<StoredFilter>, StoreError> {
        self.inner.filter(hash)
    }

    fn coin(&self, outpoint: &OutPoint) -> Result<Option<Coin>, StoreError> {
        self.inner.coin(outpoint)
    }

    fn each_coin(&self, each: &mut dyn FnMut(&OutPoint, &Coin)) -> Result<(), StoreError> {
        self.inner.each_coin(each)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.inner.commit(batch)?;
        (self.kept)(&self.inner);
        Ok(())
    }
}

/// The blocks that are told, and what the control holds after each batch.
#[derive(Debug)]
pub(super) struct Control {
    pub(super) told: Vec<Told>,
    /// The first is an empty store.
    contents: Vec<Content>,
}

impl Control {
    pub(super) fn new(seed: u64, blocks: usize) -> Self {
        let told = Story::of(seed, blocks);
        let mut contents = vec![Content::of(&MemoryStore::new()).unwrap()];
        let watched = Watched::new(MemoryStore::new(), |store: &MemoryStore| {
            contents.push(Content::of(store).unwrap());
        });
        let params = Story::new(seed).params;
        let mut chain = Chain::open(params, watched).unwrap();
        give(&mut chain, told.iter().map(|told| &told.block)).unwrap();
        drop(chain);
        Self { told, contents }
    }

    /// Where the node stands at the end.
    pub(super) fn end(&self) -> Stand {
        self.told.last().unwrap().stand
    }

    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.told.iter().map(|told| &told.block)
    }

    /// How many batches the store holds: `kept` of them, or one more that was under way.
    #[track_caller]
    pub(super) fn holds(&self, store: &DiskStore, kept: usize, what: &str) -> usize {
        let found = Content::of(store).unwrap_or_else(|error| panic!("{what}: {error}"));
        let mut expected = kept..self.contents.len().min(kept + 2);
        expected
            .find(|number| self.contents[*number] == found)
            .unwrap_or_else(|| {
                let other = self.contents.iter().position(|content| *content == found);
                panic!("{what}: expected {kept} batches or one more, found those of {other:?}")
            })
    }

    /// After a fault it opens, with all that was kept and no part of a batch: the store, and how many
    /// batches it holds.
    #[track_caller]
    pub(super) fn opens(
        &self,
        disk: &FaultyDisk,
        folder: &Path,
        kept: usize,
        what: &str,
    ) -> (DiskStore, usize) {
        let store = open(disk, folder).unwrap_or_else(|error| panic!("{what}: {error}"));
        let found = self.holds(&store, kept, what);
        (store, found)
    }

    /// The same, and told all blocks again the node comes to where the control is. How many batches
    /// there were.
    #[track_caller]
    pub(super) fn recovers(
        &self,
        disk: &FaultyDisk,
        folder: &Path,
        kept: usize,
        what: &str,
    ) -> usize {
        let (store, found) = self.opens(disk, folder, kept, what);
        let chain = Chain::open(Story::new(0).params, store);
        let mut chain = chain.unwrap_or_else(|error| panic!("{what}: {error}"));
        give(&mut chain, self.blocks()).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(stand(&chain), self.end(), "{what}");
        found
    }
}

/// The store of the data directory on this disk.
pub(super) fn open(disk: &FaultyDisk, folder: &Path) -> Result<DiskStore, String> {
    let data = DataDirectory::open_on(disk.clone(), folder, Some(NETWORK));
    let data = data.map_err(|error: DirectoryError| error.to_string())?;
    data.open_store()
        .map_err(|error: DiskError| error.to_string())
}

/// The chain on this disk; `kept` is called after each batch.
pub(super) fn open_chain<F: FnMut(&DiskStore)>(
    disk: &FaultyDisk,
    folder: &Path,
    kept: F,
) -> Result<Chain<Watched<DiskStore, F>>, String> {
    let store = Watched::new(open(disk, folder)?, kept);
    Chain::open(Story::new(0).params, store).map_err(|error: OpenError| error.to_string())
}

/// Gives blocks until the storage breaks.
pub(super) fn give<'a, S: Store>(
    chain: &mut Chain<S>,
    blocks: impl Iterator<Item = &'a Block>,
) -> Result<(), StoreError> {
    for block in blocks {
        if let Err(BlockRefusal::Store(error)) = chain.accept_block(block.clone(), LATER) {
            return Err(error);
        }
        while chain.has_more() {
            chain.advance()?;
        }
    }
    Ok(())
}

pub(super) fn stand<S: Store>(chain: &Chain<S>) -> Stand {
    let tip = chain.tip();
    Stand {
        height: tip.height,
        tip: tip.hash,
        coins: chain.utxo_hash().unwrap(),
    }
}

/// A number that whoever runs the tests may raise.
pub(super) fn setting(name: &str, otherwise: u64) -> u64 {
    let told = std::env::var(name).ok();
    told.map_or(otherwise, |told| {
        told.parse()
            .unwrap_or_else(|_| panic!("{name}: expected a number, found {told:?}"))
    })
}

pub(super) fn seed() -> u64 {
    setting("FARTHING_FAULT_SEED", 2)
}

pub(super) fn blocks() -> usize {
    setting("FARTHING_FAULT_BLOCKS", 9) as usize
}

/// Of faults that take long each, one of so many is tried.
pub(super) fn step() -> usize {
    setting("FARTHING_FAULT_STEP", 7) as usize
}
