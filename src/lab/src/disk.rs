//! What outlasts a crash.
//!
//! A node commits batches, each whole or not at all, to a store that says when it is done. A client
//! asks its driver for writes, which become durable in order and some time later: a crash loses those
//! that are on their way, from some write on, and may tear the first of them.

use farthing_core::bitcoin::block::Header;
use farthing_core::bitcoin::{BlockHash, OutPoint};
use farthing_core::chain::{Batch, Coin, MemoryStore, Store, StoreError, StoredFilter};
use farthing_core::client::{Record, StoreId, StoreRequest};
use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};

/// Bytes of a header in the client's file.
const HEADER: usize = 80;

/// A node's store in memory that breaks when it is told to.
#[derive(Debug, Clone, Default)]
pub struct NodeDisk {
    store: MemoryStore,
    commits_left: Cell<Option<u32>>,
}

impl NodeDisk {
    /// After so many more commits nothing is taken: the power went in the middle of a write.
    pub(crate) fn break_after(&self, commits: u32) {
        self.commits_left.set(Some(commits));
    }

    pub(crate) fn mended(self) -> Self {
        self.commits_left.set(None);
        self
    }
}

impl Store for NodeDisk {
    fn headers(&self) -> Result<Vec<Header>, StoreError> {
        self.store.headers()
    }

    fn invalid(&self) -> Result<Vec<BlockHash>, StoreError> {
        self.store.invalid()
    }

    fn tip(&self) -> Result<Option<BlockHash>, StoreError> {
        self.store.tip()
    }

    fn has_block(&self, hash: &BlockHash) -> Result<bool, StoreError> {
        self.store.has_block(hash)
    }

    fn block(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.block(hash)
    }

    fn undo(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.undo(hash)
    }

    fn filter(&self, hash: &BlockHash) -> Result<Option<StoredFilter>, StoreError> {
        self.store.filter(hash)
    }

    fn coin(&self, outpoint: &OutPoint) -> Result<Option<Coin>, StoreError> {
        self.store.coin(outpoint)
    }

    fn each_coin(&self, each: &mut dyn FnMut(&OutPoint, &Coin)) -> Result<(), StoreError> {
        self.store.each_coin(each)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        match self.commits_left.get() {
            Some(0) => {
                return Err(StoreError {
                    message: "expected a batch to be written, found the power gone".to_owned(),
                });
            }
            Some(left) => self.commits_left.set(Some(left - 1)),
            None => {}
        }
        self.store.commit(batch)
    }
}

/// A client's storage, as its driver keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientDisk {
    headers: Vec<u8>,
    records: BTreeMap<String, Vec<u8>>,
    /// Asked for and not durable yet, in order.
    pending: VecDeque<(StoreId, StoreRequest)>,
}

impl ClientDisk {
    /// The headers that are durable.
    #[must_use]
    pub fn headers(&self) -> &[u8] {
        &self.headers
    }

    /// The records that are durable.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        self.records.iter().map(|(key, value)| Record {
            key: key.clone(),
            value: value.clone(),
        })
    }

    /// Writes that are on their way.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn ask(&mut self, id: StoreId, request: StoreRequest) {
        self.pending.push_back((id, request));
    }

    /// The first write that is on its way is done.
    pub(crate) fn settle(&mut self) -> Option<StoreId> {
        let (id, request) = self.pending.pop_front()?;
        self.write(request);
        Some(id)
    }

    /// The power goes: of what is on its way the first `kept` writes are done, the next is torn where
    /// that is asked for, and the others never were.
    pub(crate) fn crash(&mut self, kept: usize, torn: bool) {
        for _ in 0..kept {
            self.settle();
        }
        if torn
            && let Some((_, StoreRequest::Headers { from_height, bytes })) =
                self.pending.pop_front()
        {
            // Records are written in a transaction; the file of headers is not.
            let bytes = bytes[..bytes.len() / 2].to_vec();
            self.write(StoreRequest::Headers { from_height, bytes });
        }
        self.pending.clear();
    }

    fn write(&mut self, request: StoreRequest) {
        match request {
            StoreRequest::Headers { from_height, bytes } => {
                self.headers.truncate(from_height as usize * HEADER);
                self.headers.extend(bytes);
            }
            StoreRequest::Put(record) => {
                self.records.insert(record.key, record.value);
            }
            StoreRequest::Delete { key } => {
                self.records.remove(&key);
            }
        }
    }
}
