//! The validated chain by its heights, and the hash of each block's filter where it was asked for.
//!
//! While the validated chain is beside the best headers, the tree finds a height of it only by
//! walking from the tip, and a filter's hash takes the whole filter from the disk. Threat: questions
//! of a hundred bytes ask for 2,000 of either, as fast as they can be sent.

use crate::primitives::BlockHeight;
use bitcoin::BlockHash;

#[derive(Debug, Clone, Copy)]
struct Place {
    hash: BlockHash,
    /// None: not computed since the chain was opened.
    filter_hash: Option<[u8; 32]>,
}

/// 65 bytes for each block.
#[derive(Debug, Clone, Default)]
pub(super) struct Connected {
    places: Vec<Place>,
}

impl Connected {
    pub(super) fn hash_at(&self, height: BlockHeight) -> Option<BlockHash> {
        Some(self.places.get(height as usize)?.hash)
    }

    pub(super) fn filter_hash_at(&self, height: BlockHeight) -> Option<[u8; 32]> {
        self.places.get(height as usize)?.filter_hash
    }

    /// Remembers what was computed from the stored filter.
    pub(super) fn note_filter_hash(&mut self, height: BlockHeight, filter_hash: [u8; 32]) {
        if let Some(place) = self.places.get_mut(height as usize) {
            place.filter_hash = Some(filter_hash);
        }
    }

    /// A block joined the chain.
    pub(super) fn push(&mut self, hash: BlockHash, filter_hash: Option<[u8; 32]>) {
        self.places.push(Place { hash, filter_hash });
    }

    /// The last block left the chain.
    pub(super) fn pop(&mut self) {
        self.places.pop();
    }
}
