//! Opening a chain: what is stored, checked so far that the next block can be connected to it.

use super::advance::STEP_BYTES;
use super::connected::Connected;
use super::error::OpenError;
use super::kept::Kept;
use super::machine::{Chain, SLACK, next_context};
use super::store::{Batch, Store, StoredFilter};
use crate::filters;
use crate::headers::{Entry, HeaderTree, hashes_of};
use crate::params::{NetworkParams, SpendRule};
use bitcoin::{Block, BlockHash, consensus};
use std::collections::BTreeSet;

impl<S: Store> Chain<S> {
    /// Opens what a store holds; a store that holds nothing gets the network's first block. A
    /// reorganisation that was cut off goes on.
    ///
    /// # Errors
    /// The network's spends are not ours to judge; the store is another network's; what it holds
    /// does not fit together, or it broke.
    pub fn open(params: NetworkParams, mut store: S) -> Result<Self, OpenError> {
        let Some(genesis) = params
            .genesis_block()
            .filter(|_| params.spend_rule == SpendRule::Ed25519)
        else {
            return Err(OpenError::OtherRules {
                network: params.name,
            });
        };
        let stored = store.headers()?;
        let expected = genesis.block_hash();
        let hashes: Vec<_> = hashes_of(&stored).collect();
        match hashes.first().copied() {
            None => store.commit(first_batch(&genesis))?,
            Some(found) if found != expected => {
                return Err(OpenError::OtherNetwork {
                    network: params.name,
                    expected,
                    found,
                });
            }
            Some(_) => {}
        }
        let mut headers = HeaderTree::full(params.clone());
        for hash in store.invalid()? {
            headers.refuse(hash);
        }
        let tip = store.tip()?.ok_or_else(|| OpenError::Corrupt {
            expected: "the block up to which the set of coins stands".to_owned(),
            found: "none".to_owned(),
        })?;
        for (header, hash) in stored.iter().zip(&hashes).skip(1) {
            // One that follows an invalid block, or for which there is no room, is left out. If the
            // tip's chain lacks one, that is noticed below.
            let _ = headers.accept_stored_as(*header, *hash);
        }
        headers.stand_on(tip);
        let connected = connected_up_to(&headers, &tip);
        let mut chain = Self {
            tip: require_tip(&store, &headers, &tip)?,
            next: next_context(&headers, &tip).map_err(|error| OpenError::Corrupt {
                expected: "the headers of the validated chain".to_owned(),
                found: error.to_string(),
            })?,
            params,
            store,
            headers,
            connected,
            kept: Kept::default(),
            unsaved: BTreeSet::new(),
            tidy_at: SLACK,
            step_bytes: STEP_BYTES,
        };
        for hash in &hashes {
            if let Some(entry) = chain.headers.get(hash)
                && !chain.is_connected(hash)
                && chain.store.has_block(hash)?
            {
                chain.keep(&entry);
            }
        }
        while chain.advance()?.more {}
        Ok(chain)
    }
}

/// The headers up to the tip, which are all in the tree where the tip is.
fn connected_up_to(headers: &HeaderTree, tip: &BlockHash) -> Connected {
    let mut path = Vec::new();
    let mut at = headers.get(tip);
    while let Some(entry) = at {
        path.push(entry.hash);
        at = headers.get(&entry.header.prev_blockhash);
    }
    let mut connected = Connected::default();
    for hash in path.into_iter().rev() {
        connected.push(hash, None);
    }
    connected
}

/// The first block has no coins and no undo data that anybody could need: its output is an
/// `OP_RETURN`.
fn first_batch(genesis: &Block) -> Batch {
    let hash = genesis.block_hash();
    let filter = filters::build(genesis, []);
    let header = filters::header(&filter, &filters::NO_HEADER);
    Batch {
        headers: vec![genesis.header],
        blocks: vec![(hash, consensus::serialize(genesis))],
        filters: vec![(hash, StoredFilter { filter, header })],
        tip: Some(hash),
        ..Batch::default()
    }
}

/// The tip has its header, its block, and its filter, from which the next one's follows.
fn require_tip<S: Store>(
    store: &S,
    headers: &HeaderTree,
    tip: &BlockHash,
) -> Result<Entry, OpenError> {
    let lacks = |what: &str| OpenError::Corrupt {
        expected: format!("the {what} of the tip {tip}"),
        found: "none".to_owned(),
    };
    let entry = headers.get(tip).ok_or_else(|| lacks("headers"))?;
    if !store.has_block(tip)? {
        return Err(lacks("block"));
    }
    store.filter(tip)?.ok_or_else(|| lacks("filter"))?;
    if entry.height > 0 {
        store.undo(tip)?.ok_or_else(|| lacks("undo data"))?;
    }
    Ok(entry)
}
