//! The same by the `sha2` crate, which asks the processor for its SHA instructions itself: what every hit
//! is checked with, and a kernel.

use crate::lanes::{Passed, Work};
use crate::sha256::{HASH_BITS, HEADER_BITS, INITIAL, PADDING};
use sha2::block_api::compress256;

/// A header's double SHA-256.
pub(crate) fn hash(header: &[u8; 80]) -> [u8; 32] {
    let mut state = midstate(header);
    let mut block = [0; 64];
    block[..16].copy_from_slice(&header[64..]);
    block[16..20].copy_from_slice(&PADDING.to_be_bytes());
    block[60..].copy_from_slice(&HEADER_BITS.to_be_bytes());
    compress256(&mut state, &[block]);
    bytes(&hash_again(&state))
}

/// Headers one after the other.
pub(crate) fn hash_each(headers: &[[u8; 80]], hashes: &mut [[u8; 32]]) {
    for (header, into) in headers.iter().zip(hashes) {
        *into = hash(header);
    }
}

/// The state after a header's first 64 bytes.
pub(crate) fn midstate(header: &[u8; 80]) -> [u32; 8] {
    let mut state = INITIAL;
    let (blocks, _) = header.as_chunks();
    compress256(&mut state, blocks);
    state
}

/// SHA-256 of a hash.
fn hash_again(first: &[u32; 8]) -> [u32; 8] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(&bytes(first));
    block[32..36].copy_from_slice(&PADDING.to_be_bytes());
    block[60..].copy_from_slice(&HASH_BITS.to_be_bytes());
    let mut state = INITIAL;
    compress256(&mut state, &[block]);
    state
}

/// Nonces one after the other, as the [lanes](crate::lanes) do it.
pub(crate) fn scan(work: &Work, from: u32, nonces: u64) -> Option<Passed> {
    let mut block = [0; 64];
    for (bytes, word) in block.as_chunks_mut().0.iter_mut().zip(work.tail) {
        *bytes = word.to_be_bytes();
    }
    block[16..20].copy_from_slice(&PADDING.to_be_bytes());
    block[60..].copy_from_slice(&HEADER_BITS.to_be_bytes());
    for tried in 0..nonces {
        let nonce = from.wrapping_add(tried as u32);
        block[12..16].copy_from_slice(&nonce.to_le_bytes());
        let mut passed = Passed::none(tried);
        for (version, lanes) in work.versions.iter().zip(&mut passed.lanes) {
            let mut state = version.midstate;
            compress256(&mut state, &[block]);
            let [.., last] = hash_again(&state);
            *lanes = (last.swap_bytes() <= work.top).into();
        }
        if passed.any() {
            return Some(passed);
        }
    }
    None
}

fn bytes(state: &[u32; 8]) -> [u8; 32] {
    let mut all = [0; 32];
    for (bytes, word) in all.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    all
}
