//! Compact filters (BIP157): which blocks a range means, and the limits of each question.
//!
//! A question that no honest peer asks, another type, a range that ends before it begins or is longer
//! than the BIP allows, ends the connection. A block that we have no filter of is no fault: a peer may
//! be ahead of us.

use super::data::Job;
use crate::chain::{Store, StoreError};
use crate::client::PeerId;
use crate::node::limits;
use crate::node::machine::{Done, Node};
use crate::primitives::BlockHeight;
use bitcoin::BlockHash;
use bitcoin::bip158::{FilterHash, FilterHeader};
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_filter::{CFCheckpt, CFHeaders, GetCFCheckpt, GetCFHeaders, GetCFilters};

/// BIP158's basic filter.
const BASIC: u8 = 0;

impl<S: Store> Node<S> {
    pub(in crate::node) fn on_get_filters(&mut self, peer: PeerId, ask: &GetCFilters) -> Done {
        let (kind, from) = (ask.filter_type, ask.start_height);
        if let Some(hashes) = self.range(peer, kind, from, ask.stop_hash, limits::FILTERS)?
            && let Some(connection) = self.peers.get_mut(&peer)
        {
            connection.jobs.extend(hashes.into_iter().map(Job::Filter));
        }
        self.serve(peer)
    }

    pub(in crate::node) fn on_get_filter_headers(
        &mut self,
        peer: PeerId,
        ask: &GetCFHeaders,
    ) -> Done {
        let (kind, from) = (ask.filter_type, ask.start_height);
        let Some(hashes) = self.range(peer, kind, from, ask.stop_hash, limits::FILTER_HEADERS)?
        else {
            return Ok(());
        };
        let tree = self.chain.headers();
        let first = hashes.first().filter(|_| from > 0);
        let before = first.and_then(|first| Some(tree.get(first)?.header.prev_blockhash));
        let before = match before {
            Some(parent) => self.chain.filter(&parent)?.map(|stored| stored.header),
            None => Some([0; 32]),
        };
        let Some(before) = before else {
            return Ok(());
        };
        let mut filter_hashes = Vec::with_capacity(hashes.len());
        for hash in hashes {
            let Some(filter_hash) = self.chain.filter_hash(&hash)? else {
                return Ok(());
            };
            filter_hashes.push(FilterHash::from_byte_array(filter_hash));
        }
        let message = CFHeaders {
            filter_type: BASIC,
            stop_hash: ask.stop_hash,
            previous_filter_header: FilterHeader::from_byte_array(before),
            filter_hashes,
        };
        self.send(peer, NetworkMessage::CFHeaders(message));
        Ok(())
    }

    pub(in crate::node) fn on_get_filter_checkpoints(
        &mut self,
        peer: PeerId,
        ask: &GetCFCheckpt,
    ) -> Done {
        if !self.is_basic(peer, ask.filter_type) {
            return Ok(());
        }
        let Some(stop) = self.validated_height(&ask.stop_hash)? else {
            return Ok(());
        };
        let mut filter_headers = Vec::new();
        let step = limits::FILTER_CHECKPOINTS;
        let Some(path) = self.path_to(&ask.stop_hash, stop, step) else {
            return Ok(());
        };
        for height in (step..=stop).step_by(step as usize) {
            let hash = path.hash_at(height, |height| self.chain.hash_at(height));
            let stored = match hash {
                Some(hash) => self.chain.filter(&hash)?,
                None => None,
            };
            let Some(stored) = stored else {
                return Ok(());
            };
            filter_headers.push(FilterHeader::from_byte_array(stored.header));
        }
        let message = CFCheckpt {
            filter_type: BASIC,
            stop_hash: ask.stop_hash,
            filter_headers,
        };
        self.send(peer, NetworkMessage::CFCheckpt(message));
        Ok(())
    }

    /// The blocks of a range; none: we have them not, or the peer is left for asking so.
    fn range(
        &mut self,
        peer: PeerId,
        filter_type: u8,
        from: BlockHeight,
        stop_hash: BlockHash,
        limit: u32,
    ) -> Result<Option<Vec<BlockHash>>, StoreError> {
        if !self.is_basic(peer, filter_type) {
            return Ok(None);
        }
        let Some(stop) = self.validated_height(&stop_hash)? else {
            return Ok(None);
        };
        let count = stop.checked_sub(from).map(|above| above + 1);
        if count.is_none_or(|count| count > limit) {
            let reason =
                format!("expected at most {limit} filters (BIP157), found {from} to {stop}");
            self.misbehaved(peer, reason);
            return Ok(None);
        }
        let Some(path) = self.path_to(&stop_hash, stop, from) else {
            return Ok(None);
        };
        let hashes: Option<Vec<_>> = (from..=stop)
            .map(|height| path.hash_at(height, |height| self.chain.hash_at(height)))
            .collect();
        Ok(hashes)
    }

    fn is_basic(&mut self, peer: PeerId, filter_type: u8) -> bool {
        if filter_type != BASIC {
            let reason = format!("expected the basic filter type 0 (BIP158), found {filter_type}");
            self.misbehaved(peer, reason);
        }
        filter_type == BASIC
    }

    /// The height of a block that was validated at some time: it has a filter.
    fn validated_height(&self, hash: &BlockHash) -> Result<Option<BlockHeight>, StoreError> {
        let tree = self.chain.headers();
        let beside = || tree.get(hash).map(|entry| entry.height);
        let height = tree.height_of(hash).or_else(beside);
        match height {
            Some(height) if self.chain.filter(hash)?.is_some() => Ok(Some(height)),
            _ => Ok(None),
        }
    }

    /// The way from a height up to a block, which may be on a branch.
    fn path_to(
        &self,
        stop: &BlockHash,
        stop_height: BlockHeight,
        from: BlockHeight,
    ) -> Option<Path> {
        let tree = self.chain.headers();
        Path::walk(
            (*stop, stop_height),
            from,
            |height| self.chain.hash_at(height),
            |hash| Some(tree.get(hash)?.header.prev_blockhash),
        )
    }
}

/// The chain up to a block. What of it is beside the validated chain was walked once: a branch of
/// thousands of blocks is not walked anew for each height of a range.
#[derive(Debug)]
struct Path {
    stop: BlockHeight,
    /// From the block down.
    beside: Vec<BlockHash>,
}

impl Path {
    /// Walks down from a block until the validated chain, and no further than `from`.
    fn walk(
        stop: (BlockHash, BlockHeight),
        from: BlockHeight,
        validated: impl Fn(BlockHeight) -> Option<BlockHash>,
        mut parent: impl FnMut(&BlockHash) -> Option<BlockHash>,
    ) -> Option<Self> {
        let (mut at, stop) = stop;
        let mut beside = Vec::new();
        for height in (from..=stop).rev() {
            if validated(height) == Some(at) {
                break;
            }
            beside.push(at);
            if height > from {
                at = parent(&at)?;
            }
        }
        Some(Self { stop, beside })
    }

    /// The hash at a height that the walk was to go down to.
    fn hash_at(
        &self,
        height: BlockHeight,
        validated: impl Fn(BlockHeight) -> Option<BlockHash>,
    ) -> Option<BlockHash> {
        let down = self.stop.checked_sub(height)?;
        let beside = self.beside.get(down as usize).copied();
        beside.or_else(|| validated(height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn hash(height: BlockHeight, branch: u8) -> BlockHash {
        let mut bytes = [branch; 32];
        bytes[..4].copy_from_slice(&height.to_le_bytes());
        BlockHash::from_byte_array(bytes)
    }

    #[test]
    fn a_branch_is_walked_once_for_all_heights_and_no_further_than_asked() {
        // A branch from height 10 on.
        let branch = |height| hash(height, u8::from(height > 10));
        for (stop, from, most) in [
            (2_000, 0, 1_990),
            (2_000, 1_501, 499),
            (10, 0, 0),
            (11, 11, 0),
        ] {
            let steps = Cell::new(0);
            let parent = |of: &BlockHash| {
                steps.set(steps.get() + 1);
                let height = BlockHeight::from_le_bytes(of.to_byte_array()[..4].try_into().ok()?);
                Some(branch(height - 1))
            };
            let validated = |height| Some(hash(height, 0));
            let path = Path::walk((branch(stop), stop), from, validated, parent).unwrap();
            for height in from..=stop {
                assert_eq!(path.hash_at(height, validated), Some(branch(height)));
            }
            assert_eq!(path.hash_at(stop + 1, validated), None);
            assert_eq!(steps.get(), most, "from {from} to {stop}");
        }
    }
}
