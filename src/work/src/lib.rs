//! Proof of work: the search for a nonce with which a header's hash meets its target.
//!
//! One loop, without allocation, in slices: whoever calls decides how long a slice is, so that a
//! worker hears of new work soon. It knows nothing of transactions or of a network.
//!
//! The first 64 bytes of the header do not change with the nonce, so their part of the first SHA-256
//! (FIPS 180-4) is computed once: the midstate. A nonce then costs two blocks instead of three.

use sha2::block_api::compress256;

#[cfg(test)]
mod tests;

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The header as it is hashed; its last four bytes are the nonce.
    pub header: [u8; 80],
    /// The target as a big-endian number: a hash, read as people write it, may be at most this.
    pub target: [u8; 32],
}

/// SHA-256's first state.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Where the nonce is in the header's second block.
const NONCE: usize = 12;

/// A job, prepared for a search.
#[derive(Debug, Clone)]
pub struct Search {
    header: [u8; 80],
    midstate: [u32; 8],
    /// The header's last 16 bytes and SHA-256's padding of 80 bytes.
    tail: [u8; 64],
    /// The target's words, the most significant first.
    target: [u32; 8],
}

impl Search {
    /// Prepares a job.
    #[must_use]
    pub fn new(job: &Job) -> Self {
        let (first, last) = job.header.split_at(64);
        let mut block = [0; 64];
        block.copy_from_slice(first);
        let mut midstate = INITIAL;
        compress256(&mut midstate, &[block]);
        let mut tail = [0; 64];
        tail[..16].copy_from_slice(last);
        tail[16] = 0x80;
        tail[56..].copy_from_slice(&(80_u64 * 8).to_be_bytes());
        let mut target = [0; 8];
        for (word, bytes) in target.iter_mut().zip(job.target.as_chunks::<4>().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        Self {
            header: job.header,
            midstate,
            tail,
            target,
        }
    }

    /// Tries `count` nonces from `from` on, and no further than the last of the 2^32; the first one
    /// that meets the target.
    #[must_use]
    pub fn run(&self, from: u32, count: u32) -> Option<u32> {
        let count = count.min((u32::MAX - from).saturating_add(1));
        let (mut tail, mut second) = (self.tail, second_block());
        for step in 0..count {
            let nonce = from + step;
            if self.meets_target(&self.state(nonce, &mut tail, &mut second)) {
                return Some(nonce);
            }
        }
        None
    }

    /// The header with this nonce.
    #[must_use]
    pub fn header(&self, nonce: u32) -> [u8; 80] {
        let mut header = self.header;
        header[64 + NONCE..].copy_from_slice(&nonce.to_le_bytes());
        header
    }

    /// The header's double SHA-256 with this nonce, in the order of the algorithm's bytes: people
    /// write it reversed.
    #[must_use]
    pub fn hash(&self, nonce: u32) -> [u8; 32] {
        let state = self.state(nonce, &mut self.tail.clone(), &mut second_block());
        let mut hash = [0; 32];
        for (bytes, word) in hash.as_chunks_mut::<4>().0.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
        hash
    }

    #[inline]
    fn state(&self, nonce: u32, tail: &mut [u8; 64], second: &mut [u8; 64]) -> [u32; 8] {
        tail[NONCE..NONCE + 4].copy_from_slice(&nonce.to_le_bytes());
        let mut state = self.midstate;
        compress256(&mut state, std::slice::from_ref(tail));
        for (bytes, word) in second.as_chunks_mut::<4>().0.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
        let mut state = INITIAL;
        compress256(&mut state, std::slice::from_ref(second));
        state
    }

    /// The hash as a number is little-endian, its last word the most significant. All of it is
    /// compared: "the last word is zero" would miss what easy targets allow.
    #[inline]
    fn meets_target(&self, state: &[u32; 8]) -> bool {
        for (word, target) in state.iter().rev().zip(&self.target) {
            let word = word.swap_bytes();
            if word != *target {
                return word < *target;
            }
        }
        true
    }
}

/// The block that the second SHA-256 hashes: 32 bytes to be filled in, and the padding.
fn second_block() -> [u8; 64] {
    let mut block = [0; 64];
    block[32] = 0x80;
    block[56..].copy_from_slice(&(32_u64 * 8).to_be_bytes());
    block
}
