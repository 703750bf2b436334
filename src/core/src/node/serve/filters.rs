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
use bitcoin::hashes::{Hash, sha256d};
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
        let before = match hashes.first() {
            Some(first) if from > 0 => self.parent_of(first),
            _ => None,
        };
        let before = match before {
            Some(parent) => self.chain.filter(&parent)?.map(|stored| stored.header),
            None => Some([0; 32]),
        };
        let Some(before) = before else {
            return Ok(());
        };
        let mut filter_hashes = Vec::with_capacity(hashes.len());
        for hash in hashes {
            let Some(stored) = self.chain.filter(&hash)? else {
                return Ok(());
            };
            filter_hashes.push(FilterHash::from_raw_hash(sha256d::Hash::hash(
                &stored.filter,
            )));
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
        for height in (step..=stop).step_by(step as usize) {
            let hash = self.hash_below(&ask.stop_hash, stop, height);
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
        let hashes: Option<Vec<_>> = (from..=stop)
            .map(|height| self.hash_below(&stop_hash, stop, height))
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

    /// The block at a height below a block, which may be on a branch.
    fn hash_below(
        &self,
        stop: &BlockHash,
        stop_height: BlockHeight,
        height: BlockHeight,
    ) -> Option<BlockHash> {
        if height == stop_height {
            return Some(*stop);
        }
        let tree = self.chain.headers();
        if tree.fork_of(stop).is_none_or(|fork| height <= fork) {
            return tree.hash_at(height);
        }
        let mut at = tree.get(stop)?;
        while at.height > height {
            at = tree.get(&at.header.prev_blockhash)?;
        }
        Some(at.hash)
    }

    fn parent_of(&self, hash: &BlockHash) -> Option<BlockHash> {
        let tree = self.chain.headers();
        match tree.height_of(hash) {
            Some(height) => tree.hash_at(height.checked_sub(1)?),
            None => tree.get(hash).map(|entry| entry.header.prev_blockhash),
        }
    }
}
