//! Moving the validated chain to the branch of most work, one durable step after the other.
//!
//! Each step is one batch: blocks are disconnected and connected in memory, and what has changed is
//! committed with the new tip. So a crash anywhere leaves the tip and the set of coins in agreement,
//! and the next start goes on. A step is bounded, so a deep reorganisation needs no more memory than
//! a shallow one; in the middle of it the chain is shorter for a moment.

use super::change::{Change, Progress};
use super::codec;
use super::error::BlockRuleError;
use super::machine::{Arriving, Chain, next_context};
use super::store::{Batch, Store, StoreError, StoredFilter};
use super::view::{ConnectError, View};
use crate::consensus::{SpendContext, check_block};
use crate::filters;
use crate::headers::{Entry, HeaderError};
use crate::merkle::block::{MAX_WEIGHT, VerifiedBlock};
use bitcoin::{Block, BlockHash, ScriptBuf, consensus};

/// Serialized bytes of blocks after which a step ends.
pub(super) const STEP_BYTES: usize = 16 << 20;

/// Where a step led.
struct Moved {
    change: Change,
    batch: Batch,
    /// The blocks that left and joined, as entries.
    left: Vec<Entry>,
    joined: Vec<Entry>,
}

impl<S: Store> Chain<S> {
    /// Whether a branch with more work than the validated chain is here, whole.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.kept.best_above(self.tip.work).is_some()
    }

    /// Goes a step towards the branch of most work; to be called until there is no more to do.
    ///
    /// # Errors
    /// The storage broke.
    pub fn advance(&mut self) -> Result<Progress, StoreError> {
        self.step(None, &mut Batch::default())
    }

    /// A step, with a block that is not in the store yet; its batch is taken when the step is
    /// committed. Ends where that block is invalid.
    pub(super) fn step(
        &mut self,
        arriving: Option<&Arriving>,
        batch: &mut Batch,
    ) -> Result<Progress, StoreError> {
        let mut progress = Progress::default();
        while let Some(target) = self.kept.best_above(self.tip.work) {
            let Some((down, up)) = self.path_to(&target) else {
                // The tree had no room for it.
                self.kept.remove(&target);
                continue;
            };
            match self.try_move(&down, &up, arriving) {
                Ok(moved) => {
                    progress.change = self.commit(moved, batch)?;
                    break;
                }
                Err(Stop::Store(error)) => return Err(error),
                Err(Stop::Invalid(hash, error)) => {
                    progress.invalid.push(self.refuse(hash, error)?);
                    if arriving.is_some_and(|arriving| arriving.entry.hash == hash) {
                        break;
                    }
                }
            }
        }
        progress.more = self.has_more();
        Ok(progress)
    }

    /// The blocks to disconnect, the tip first, and to connect, the target last.
    fn path_to(&self, target: &BlockHash) -> Option<(Vec<Entry>, Vec<Entry>)> {
        let (mut down, mut up) = (Vec::new(), Vec::new());
        let mut from = self.tip;
        let mut to = self.headers.get(target)?;
        while from.hash != to.hash {
            if from.height >= to.height {
                down.push(from);
                from = self.headers.get(&from.header.prev_blockhash)?;
            } else {
                up.push(to);
                to = self.headers.get(&to.header.prev_blockhash)?;
            }
        }
        up.reverse();
        Some((down, up))
    }

    /// Disconnects and connects as much as a step may, in memory.
    fn try_move(
        &self,
        down: &[Entry],
        up: &[Entry],
        arriving: Option<&Arriving>,
    ) -> Result<Moved, Stop> {
        let mut view = View::new(&self.store);
        let mut moved = Moved {
            change: Change::default(),
            batch: Batch::default(),
            left: Vec::new(),
            joined: Vec::new(),
        };
        let mut bytes = 0;
        for entry in down {
            if bytes > self.step_bytes {
                break;
            }
            let (block, size) = self.load(&entry.hash)?;
            let undo = self.store.undo(&entry.hash)?;
            let undo = undo.ok_or_else(|| missing("undo data", &entry.hash))?;
            view.disconnect(&block, &undo)?;
            bytes += size;
            moved.batch.tip = Some(entry.header.prev_blockhash);
            moved.change.disconnected.push(block);
            moved.left.push(*entry);
        }
        let mut filter_header = None;
        for entry in up {
            if bytes > self.step_bytes {
                break;
            }
            let parent = &entry.header.prev_blockhash;
            let context = SpendContext {
                height: entry.height,
                median_time_past: self.headers.median_time_past(parent).map_err(broken)?,
            };
            let loaded;
            let block = match arriving.filter(|arriving| arriving.entry.hash == entry.hash) {
                Some(arriving) => &arriving.verified,
                None => {
                    loaded = self.load_verified(entry, context)?;
                    &loaded
                }
            };
            let spent =
                view.connect(&self.params, block, context)
                    .map_err(|error| match error {
                        ConnectError::Invalid(error) => Stop::Invalid(entry.hash, error),
                        ConnectError::Store(error) => Stop::Store(error),
                    })?;
            let before = match filter_header {
                Some(header) => header,
                None => {
                    let before = self.store.filter(parent)?;
                    before.ok_or_else(|| missing("filter", parent))?.header
                }
            };
            let scripts = spent.iter().map(|coin| &coin.script_pubkey);
            let filter = filters::build(block.block(), scripts.map(ScriptBuf::as_script));
            let header = filters::header(&filter, &before);
            filter_header = Some(header);
            bytes += block.block().total_size();
            let batch = &mut moved.batch;
            batch
                .filters
                .push((entry.hash, StoredFilter { filter, header }));
            batch.undo.push((entry.hash, codec::encode_undo(&spent)));
            batch.tip = Some(entry.hash);
            moved.change.connected.push(block.block().clone());
            moved.joined.push(*entry);
        }
        view.finish(&mut moved.batch);
        Ok(moved)
    }

    /// Makes a step durable, and then true here.
    fn commit(&mut self, mut moved: Moved, arrived: &mut Batch) -> Result<Change, StoreError> {
        let arrived = std::mem::take(arrived);
        moved.batch.headers = arrived.headers;
        moved.batch.blocks = arrived.blocks;
        let Some(tip) = moved.batch.tip.and_then(|tip| self.headers.get(&tip)) else {
            return Err(missing("header of the tip", &self.tip.hash));
        };
        let next = next_context(&self.headers, &tip.hash).map_err(broken)?;
        let filters = moved.batch.filters.iter();
        let filter_hashes: Vec<_> = filters
            .map(|(_, stored)| filters::hash(&stored.filter))
            .collect();
        self.store.commit(moved.batch)?;
        for entry in moved.left {
            self.connected.pop();
            self.kept.add_disconnected(entry.hash, entry.work);
        }
        for (entry, filter_hash) in moved.joined.iter().zip(filter_hashes) {
            self.connected.push(entry.hash, Some(filter_hash));
            self.kept.remove(&entry.hash);
        }
        self.tip = tip;
        self.next = next;
        self.headers.stand_on(tip.hash);
        Ok(moved.change)
    }

    /// A block of the store, and its size.
    fn load(&self, hash: &BlockHash) -> Result<(Block, usize), StoreError> {
        let bytes = self.store.block(hash)?;
        let bytes = bytes.ok_or_else(|| missing("block", hash))?;
        let block: Block = consensus::deserialize(&bytes).map_err(|error| StoreError {
            message: format!("the stored block {hash}: {error}"),
        })?;
        let found = block.block_hash();
        if found != *hash {
            return Err(StoreError {
                message: format!("the stored block {hash}: expected that block, found {found}"),
            });
        }
        Ok((block, bytes.len()))
    }

    /// A block of the store, checked as if it came in now: the disk may have changed it, or an older
    /// version of this program may have taken it.
    fn load_verified(&self, entry: &Entry, context: SpendContext) -> Result<VerifiedBlock, Stop> {
        let hash = entry.hash;
        let (block, _) = self.load(&hash)?;
        let block =
            VerifiedBlock::check_limited(block, MAX_WEIGHT).map_err(|error| StoreError {
                message: format!("the stored block {hash}: {error}"),
            })?;
        let (height, median_time_past) = (context.height, context.median_time_past);
        check_block(&self.params, &block, height, median_time_past)
            .map_err(|rule| Stop::Invalid(hash, rule.into()))?;
        Ok(block)
    }
}

/// Why a step was not taken.
enum Stop {
    Invalid(BlockHash, BlockRuleError),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Store(error)
    }
}

fn missing(what: &str, hash: &BlockHash) -> StoreError {
    StoreError {
        message: format!("the store: expected the {what} of block {hash}, found none"),
    }
}

/// The tree holds whatever a kept block follows; that it does not is the storage's fault or ours.
fn broken(error: HeaderError) -> StoreError {
    StoreError {
        message: format!("the stored headers: {error}"),
    }
}
