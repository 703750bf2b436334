//! The search for a nonce that is never found, by each kernel, and `sha2` beside them.

use farthing_work::{Job, Kernel, Search};
use sha2::{Digest, Sha256};
use std::hint::black_box;

/// BIP320's bits.
pub const ROLLING: u32 = 0x1fff_e000;

/// A header for which no nonce is found.
#[must_use]
pub fn job(version_mask: u32) -> Job {
    Job {
        header: [7; 80],
        target: [0; 32],
        version_mask,
    }
}

/// Tries at least so many hashes from a nonce on; gives how many.
#[must_use]
pub fn search(kernel: Kernel, version_mask: u32, from: u32, hashes: u32) -> u64 {
    let search = Search::with_kernel(&job(version_mask), kernel);
    let slice = search.run(0, from, hashes.div_ceil(search.group_size()));
    black_box(slice).hashes
}

/// Double SHA-256 of so many whole headers, one after the other, as `sha2` does it; gives how many.
pub fn plainly(from: u32, hashes: u32) -> u64 {
    let mut header = job(0).header;
    for nonce in (from..).take(hashes as usize) {
        header[76..].copy_from_slice(&nonce.to_le_bytes());
        black_box(Sha256::digest(Sha256::digest(header)));
    }
    hashes.into()
}
