//! What this room's tests share.

use super::builder::{Builder, Coins, LATER};
use crate::chain::{
    Arrival, Batch, BlockOutcome, Chain, Change, Coin, MemoryStore, Store, StoreError, StoredFilter,
};
use bitcoin::block::Header;
use bitcoin::{Block, BlockHash, OutPoint};
use std::cell::Cell;

/// The coins of a store.
pub(super) fn coins_of<S: Store>(chain: &Chain<S>) -> Coins {
    let mut coins = Coins::new();
    chain
        .store()
        .each_coin(&mut |outpoint, coin| {
            coins.insert(*outpoint, coin.clone());
        })
        .unwrap();
    coins
}

/// Gives a block to the chain; all steps that follow from it, together.
pub(super) fn give<S: Store>(
    chain: &mut Chain<S>,
    builder: &Builder,
    number: usize,
) -> BlockOutcome {
    let mut outcome = chain.accept_block(builder.block(number), LATER).unwrap();
    while chain.has_more() {
        let progress = chain.advance().unwrap();
        let then = progress.change;
        outcome.change.disconnected.extend(then.disconnected);
        outcome.change.connected.extend(then.connected);
        outcome.invalid.extend(progress.invalid);
    }
    outcome.more = false;
    outcome
}

pub(super) fn give_all<S: Store>(chain: &mut Chain<S>, builder: &Builder, numbers: &[usize]) {
    for number in numbers {
        give(chain, builder, *number);
    }
}

pub(super) fn hashes(change: &Change) -> (Vec<BlockHash>, Vec<BlockHash>) {
    let hashes =
        |blocks: &[bitcoin::Block]| blocks.iter().map(bitcoin::Block::block_hash).collect();
    (hashes(&change.disconnected), hashes(&change.connected))
}

/// The chain stands on this block, and its set of coins is what the builder says, and what a chain
/// that never saw another branch says.
#[track_caller]
pub(super) fn stands_on<S: Store>(chain: &Chain<S>, builder: &Builder, number: usize) {
    assert_eq!(chain.tip().hash, builder.hash(number));
    assert_eq!(coins_of(chain), builder.made[number].coins);
    let mut path = vec![number];
    while let Some(last) = path.last().copied().filter(|last| *last != 0) {
        path.push(builder.made[last].parent);
    }
    let mut straight = builder.chain();
    for number in path.iter().rev().skip(1) {
        let outcome = straight
            .accept_block(builder.block(*number), LATER)
            .unwrap();
        assert_eq!(outcome.arrival, Arrival::Connected);
    }
    assert_eq!(chain.utxo_hash(), straight.utxo_hash());
    for number in path {
        let hash = builder.hash(number);
        assert_eq!(chain.hash_at(builder.made[number].height), Some(hash));
        assert_eq!(chain.filter(&hash), straight.filter(&hash));
    }
    assert_eq!(chain.next_context(), straight.next_context());
}

/// BIP22's word for this block as a proposal, which has no proof of work; nothing is changed by it.
#[track_caller]
pub(super) fn proposed<S: Store + Clone>(chain: &Chain<S>, block: &Block) -> &'static str {
    let mut block = block.clone();
    let target = block.header.target();
    while target.is_met_by(block.header.block_hash()) {
        block.header.nonce = block.header.nonce.wrapping_add(1);
    }
    let hash = block.block_hash();
    let before = (chain.tip(), chain.headers().tip(), chain.utxo_hash());
    let headers = chain.headers().branch_headers();
    let answer = chain.check_proposal(block, LATER);
    assert_eq!(
        (chain.tip(), chain.headers().tip(), chain.utxo_hash()),
        before
    );
    assert_eq!(chain.headers().branch_headers(), headers);
    assert!(!chain.headers().is_invalid(&hash) && chain.has_block(&hash) == Ok(false));
    answer.map_or_else(|refusal| refusal.code(), |()| "accepted")
}

/// A store whose batches are lost from some commit on, as when the power fails.
#[derive(Debug, Clone, Default)]
pub(super) struct Failing {
    pub(super) inner: MemoryStore,
    pub(super) commits_left: usize,
    /// What was asked of it, and given to it.
    pub(super) filters_read: Cell<usize>,
    pub(super) headers_stored: usize,
    pub(super) blocks_stored: usize,
}

impl Store for Failing {
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
        self.filters_read.set(self.filters_read.get() + 1);
        self.inner.filter(hash)
    }
    fn coin(&self, outpoint: &OutPoint) -> Result<Option<Coin>, StoreError> {
        self.inner.coin(outpoint)
    }
    fn each_coin(&self, each: &mut dyn FnMut(&OutPoint, &Coin)) -> Result<(), StoreError> {
        self.inner.each_coin(each)
    }
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        match self.commits_left.checked_sub(1) {
            Some(left) => self.commits_left = left,
            None => {
                return Err(StoreError {
                    message: "the power failed".to_owned(),
                });
            }
        }
        self.headers_stored += batch.headers.len();
        self.blocks_stored += batch.blocks.len();
        self.inner.commit(batch)
    }
}
