//! The compact index of old heights: every hash of the best chain below the window, and the way
//! back from a hash to its height.
//!
//! A hash is stored without the zero bytes that its proof of work gave it, so a million headers of
//! bitcoin take about 24 bytes each, and 4 more for the way back: lists of heights in the order of
//! their hashes, of which eight of one length become one, so that a million headers are sorted three
//! times over and a search looks into two dozen lists at most.

use crate::primitives::BlockHeight;
use bitcoin::BlockHash;
use bitcoin::hashes::Hash;

/// Heights that are moved here together: a retarget period of bitcoin.
pub(super) const CHUNK: usize = 2016;
/// Lists of one length that become one.
const FAN: usize = 8;

#[derive(Debug, Clone, Default)]
pub(super) struct Archive {
    chunks: Vec<Chunk>,
    /// Heights by their hash, in lists of falling length, fewer than `FAN` of each.
    sorted: Vec<Vec<BlockHeight>>,
}

#[derive(Debug, Clone)]
struct Chunk {
    /// Bytes kept of each hash; those above are zero.
    width: usize,
    bytes: Box<[u8]>,
}

impl Archive {
    /// How many heights are here: 0 to this, without it.
    pub(super) fn len(&self) -> BlockHeight {
        (self.chunks.len() * CHUNK) as BlockHeight
    }

    /// Takes the hashes of the next `CHUNK` heights.
    pub(super) fn append(&mut self, hashes: &[BlockHash; CHUNK]) {
        let first = self.len();
        let width = hashes
            .iter()
            .map(|hash| 32 - leading_zeros(hash))
            .max()
            .unwrap_or(32);
        let bytes = hashes
            .iter()
            .flat_map(|hash| hash.to_byte_array().into_iter().take(width))
            .collect();
        self.chunks.push(Chunk { width, bytes });
        self.sorted.push(self.sort(first..self.len()));
        while let Some(at) = self.sorted.len().checked_sub(FAN)
            && self.sorted[at].len() == self.sorted[at + FAN - 1].len()
        {
            let lists = self.sorted.split_off(at);
            self.sorted.push(self.sort(lists.into_iter().flatten()));
        }
    }

    /// These heights in the order of their hashes. The first eight bytes nearly always decide, and are
    /// fetched once: the hashes lie all over the memory.
    fn sort(&self, heights: impl IntoIterator<Item = BlockHeight>) -> Vec<BlockHeight> {
        let begin = |height| self.hash_at(height).map_or(0, |hash| prefix(&hash));
        let mut keyed: Vec<_> = heights.into_iter().map(|at| (begin(at), at)).collect();
        keyed.sort_unstable_by(|(left, a), (right, b)| {
            left.cmp(right)
                .then_with(|| self.hash_at(*a).cmp(&self.hash_at(*b)))
        });
        keyed.into_iter().map(|(_, height)| height).collect()
    }

    /// The hash at a height.
    pub(super) fn hash_at(&self, height: BlockHeight) -> Option<BlockHash> {
        let height = height as usize;
        let chunk = self.chunks.get(height / CHUNK)?;
        let at = height % CHUNK * chunk.width;
        let mut hash = [0; 32];
        hash[..chunk.width].copy_from_slice(chunk.bytes.get(at..at + chunk.width)?);
        Some(BlockHash::from_byte_array(hash))
    }

    /// The height of a hash.
    pub(super) fn height_of(&self, hash: &BlockHash) -> Option<BlockHeight> {
        self.sorted.iter().find_map(|heights| {
            heights
                .binary_search_by_key(&Some(*hash), |height| self.hash_at(*height))
                .ok()
                .map(|at| heights[at])
        })
    }

    /// Bytes that are held.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        let chunks = self.chunks.capacity() * size_of::<Chunk>();
        let hashes: usize = self.chunks.iter().map(|chunk| chunk.bytes.len()).sum();
        let heights: usize = self.sorted.iter().map(|list| list.capacity() * 4).sum();
        chunks + hashes + heights
    }
}

/// The first eight bytes of a hash, which sort as it does.
pub(super) fn prefix(hash: &BlockHash) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = hash.to_byte_array();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The zero bytes that a hash begins with as people write it; they are the last as hashed.
fn leading_zeros(hash: &BlockHash) -> usize {
    hash.to_byte_array()
        .iter()
        .rev()
        .take_while(|byte| **byte == 0)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashes like bitcoin's: eight zero bytes at the end, the rest spread.
    fn hash(height: u32) -> BlockHash {
        let mut bytes = bitcoin::hashes::sha256::Hash::hash(&height.to_le_bytes()).to_byte_array();
        bytes[24..].fill(0);
        BlockHash::from_byte_array(bytes)
    }

    fn filled(chunks: u32) -> Archive {
        let mut archive = Archive::default();
        for chunk in 0..chunks {
            let first = chunk * CHUNK as u32;
            archive.append(&std::array::from_fn(|i| hash(first + i as u32)));
        }
        archive
    }

    #[test]
    fn every_height_is_found_by_its_hash_and_back() {
        // Past the first list of lists of lists: 64 chunks.
        for chunks in (0..18).chain([63, 64, 65, 73]) {
            let archive = filled(chunks);
            assert_eq!(archive.len(), chunks * CHUNK as u32);
            for height in (0..archive.len()).step_by(97) {
                assert_eq!(archive.hash_at(height), Some(hash(height)));
                assert_eq!(archive.height_of(&hash(height)), Some(height));
            }
            assert_eq!(archive.hash_at(archive.len()), None);
            assert_eq!(archive.height_of(&hash(archive.len())), None);
        }
    }

    #[test]
    fn a_hash_with_one_bit_changed_is_not_found() {
        let archive = filled(2);
        let mut bytes = hash(7).to_byte_array();
        bytes[31] = 1;
        assert_eq!(archive.height_of(&BlockHash::from_byte_array(bytes)), None);
    }

    #[test]
    fn a_million_headers_take_less_than_32_mib() {
        let archive = filled(497);
        assert!(archive.len() > 1_000_000);
        assert!(archive.bytes() < 32 << 20, "{} bytes", archive.bytes());
        assert_eq!(archive.height_of(&hash(876_543)), Some(876_543));
    }
}
