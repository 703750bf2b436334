//! Random numbers from a seed that the driver gives: nonces and jitter. Never keys.

use bitcoin::hashes::{Hash, HashEngine, sha256};

/// SHA-256 over the seed and a counter.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    seed: [u8; 32],
    counter: u64,
}

impl Random {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }

    pub(crate) fn next_bytes(&mut self) -> [u8; 32] {
        let mut engine = sha256::Hash::engine();
        engine.input(&self.seed);
        engine.input(&self.counter.to_le_bytes());
        self.counter = self.counter.wrapping_add(1);
        sha256::Hash::from_engine(engine).to_byte_array()
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        let bytes = self.next_bytes();
        let mut word = [0; 8];
        word.copy_from_slice(&bytes[..8]);
        u64::from_le_bytes(word)
    }

    /// A number below `limit`; 0 for a limit of 0. The bias of the remainder does not matter here.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next_u64().checked_rem(limit).unwrap_or(0)
    }
}
