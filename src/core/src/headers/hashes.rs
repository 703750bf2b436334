//! Headers hashed many at a time, several in the lanes of one vector: a chain that was stored, a message
//! full of them.

use super::HEADER_SIZE;
use bitcoin::BlockHash;
use bitcoin::block::Header;
use bitcoin::hashes::Hash;

/// Headers that are hashed at once: enough for any number of lanes, and few enough for a processor's cache.
pub(super) const BATCH: usize = 64;

/// The hashes of headers as they are written.
pub(super) fn hashes_of_bytes(
    headers: &[[u8; HEADER_SIZE]],
) -> impl Iterator<Item = BlockHash> + use<> {
    let hashes = farthing_work::hash_headers(headers);
    hashes.into_iter().map(BlockHash::from_byte_array)
}

/// The hash of each header.
pub(crate) fn hashes_of(headers: &[Header]) -> impl Iterator<Item = BlockHash> {
    headers.chunks(BATCH).flat_map(|batch| {
        let written: Vec<_> = batch.iter().map(write).collect();
        hashes_of_bytes(&written)
    })
}

/// The number of the first header that the next one does not follow.
pub(crate) fn first_gap(headers: &[Header]) -> Option<usize> {
    let next = headers.iter().skip(1);
    hashes_of(headers)
        .zip(next)
        .position(|(hash, next)| next.prev_blockhash != hash)
}

/// A header's bytes, without a vector for each.
fn write(header: &Header) -> [u8; HEADER_SIZE] {
    let mut bytes = [0; HEADER_SIZE];
    bytes[..4].copy_from_slice(&header.version.to_consensus().to_le_bytes());
    bytes[4..36].copy_from_slice(header.prev_blockhash.as_byte_array());
    bytes[36..68].copy_from_slice(header.merkle_root.as_byte_array());
    bytes[68..72].copy_from_slice(&header.time.to_le_bytes());
    bytes[72..76].copy_from_slice(&header.bits.to_consensus().to_le_bytes());
    bytes[76..].copy_from_slice(&header.nonce.to_le_bytes());
    bytes
}
