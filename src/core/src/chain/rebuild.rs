//! A chain from its blocks alone: after the rest of a store was lost or damaged.

use super::error::{BlockRefusal, OpenError};
use super::machine::Chain;
use super::store::Store;
use crate::params::NetworkParams;
use bitcoin::block::Header;
use bitcoin::{Block, BlockHash, consensus};
use std::collections::{BTreeMap, VecDeque};

/// What came of rebuilding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rebuilt {
    /// Headers that were accepted.
    pub headers: u64,
    /// Blocks that were taken.
    pub blocks: u64,
    /// Blocks of these headers that could not be read, or are not what their header commits to:
    /// peers are asked for them.
    pub damaged: u64,
    /// Blocks that break a rule.
    pub invalid: u64,
}

impl<S: Store> Chain<S> {
    /// Rebuilds a chain in an empty store: from the headers of whatever blocks were found, in any
    /// order, and the blocks themselves, which are asked for one at a time.
    ///
    /// # Errors
    /// The network's spends are not ours to judge, the store is not empty, or it broke.
    pub fn rebuild(
        params: NetworkParams,
        store: S,
        headers: impl IntoIterator<Item = Header>,
        mut block: impl FnMut(&BlockHash) -> Option<Vec<u8>>,
    ) -> Result<(Self, Rebuilt), OpenError> {
        if !store.headers()?.is_empty() {
            return Err(OpenError::Corrupt {
                expected: "nothing, to rebuild into,".to_owned(),
                found: "a chain".to_owned(),
            });
        }
        let mut chain = Self::open(params, store)?;
        let mut rebuilt = Rebuilt::default();
        let order = chain.take_headers(headers, &mut rebuilt);
        for hash in order {
            let bytes = block(&hash);
            let read = bytes.and_then(|bytes| consensus::deserialize::<Block>(&bytes).ok());
            let Some(block) = read.filter(|block| block.block_hash() == hash) else {
                rebuilt.damaged += 1;
                continue;
            };
            chain.take_stored(block, &mut rebuilt)?;
        }
        Ok((chain, rebuilt))
    }

    /// Takes a block that was stored before, and does all that follows from it.
    fn take_stored(&mut self, block: Block, rebuilt: &mut Rebuilt) -> Result<(), OpenError> {
        match self.take_block(block, None) {
            Ok(outcome) => {
                rebuilt.blocks += 1;
                rebuilt.invalid += outcome.invalid.len() as u64;
            }
            Err(BlockRefusal::Store(error)) => return Err(error.into()),
            Err(BlockRefusal::Invalid(_) | BlockRefusal::Header(_)) => rebuilt.invalid += 1,
            Err(BlockRefusal::Mutated { .. } | BlockRefusal::Malformed { .. }) => {
                rebuilt.damaged += 1;
            }
        }
        while self.has_more() {
            rebuilt.invalid += self.advance()?.invalid.len() as u64;
        }
        Ok(())
    }

    /// Takes headers in any order. Gives their hashes in the order in which their blocks are best
    /// connected: the best chain's, then the others, parents first.
    fn take_headers(
        &mut self,
        headers: impl IntoIterator<Item = Header>,
        rebuilt: &mut Rebuilt,
    ) -> Vec<BlockHash> {
        let mut children: BTreeMap<BlockHash, BTreeMap<BlockHash, Header>> = BTreeMap::new();
        for header in headers {
            let siblings = children.entry(header.prev_blockhash).or_default();
            siblings.insert(header.block_hash(), header);
        }
        let mut all = Vec::new();
        let mut parents = VecDeque::from([self.tip.hash]);
        while let Some(parent) = parents.pop_front() {
            for (hash, header) in children.remove(&parent).unwrap_or_default() {
                if self.take_header(header, None).is_ok() {
                    rebuilt.headers += 1;
                    all.push(hash);
                    parents.push_back(hash);
                }
            }
        }
        let (mut order, others): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|hash| self.headers.height_of(hash).is_some());
        order.extend(others);
        order
    }
}
