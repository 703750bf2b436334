//! Headers in sequence from the network's first, verified in bulk.

use crate::Failure;
use bitcoin::block::Header;
use bitcoin::consensus::deserialize;
use bitcoin::hashes::Hash;
use bitcoin::{BlockHash, CompactTarget, Target};
use farthing_core::headers::{HEADER_SIZE, HeaderTree};
use farthing_core::params::NetworkParams;
use farthing_work::hash_headers;

/// As the light client verifies what it stored: every rule, and each header in its place in the tree.
///
/// # Errors
/// A header is refused: the figure would be of something else.
pub fn verify(params: &NetworkParams, bytes: &[u8]) -> Result<HeaderTree, Failure> {
    let (tree, problem) = HeaderTree::restore(params.clone(), bytes);
    match problem {
        None => Ok(tree),
        Some(problem) => Err(problem.into()),
    }
}

/// Headers that are hashed at once.
const BATCH: usize = 64;

/// The same as [`check_plainly`], with the hashes of many headers at once.
///
/// # Errors
/// A header is refused.
pub fn check_in_lanes(bytes: &[u8]) -> Result<usize, Failure> {
    let mut parent = None;
    // Few headers change the target.
    let (mut bits, mut target) = (CompactTarget::default(), Target::ZERO);
    let (chunks, _) = bytes.as_chunks::<HEADER_SIZE>();
    for batch in chunks.chunks(BATCH) {
        for (chunk, hash) in batch.iter().zip(hash_headers(batch)) {
            let header: Header = deserialize(chunk)?;
            let hash = BlockHash::from_byte_array(hash);
            if header.bits != bits {
                (bits, target) = (header.bits, header.target());
            }
            if let Some(parent) = parent
                && (parent != header.prev_blockhash || !target.is_met_by(hash))
            {
                return Err("expected each header to follow the one before, with its work".into());
            }
            parent = Some(hash);
        }
    }
    Ok(chunks.len())
}

/// The plainest check with rust-bitcoin alone, which keeps nothing: the link, the hash against the
/// header's own target. No retarget, no time, no tree. Gives the number of headers.
///
/// # Errors
/// A header is refused.
pub fn check_plainly(bytes: &[u8]) -> Result<usize, Failure> {
    let mut parent = None;
    let (chunks, _) = bytes.as_chunks::<HEADER_SIZE>();
    for chunk in chunks {
        let header: Header = deserialize(chunk)?;
        let hash = match parent {
            None => header.block_hash(),
            Some(parent) if parent == header.prev_blockhash => {
                header.validate_pow(header.target())?
            }
            Some(_) => return Err("expected each header to follow the one before".into()),
        };
        parent = Some(hash);
    }
    Ok(chunks.len())
}
