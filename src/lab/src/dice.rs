//! Randomness from a seed, the same on every platform: `ChaCha8`, and logarithms of `libm`.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// One part in a million is this; a probability is so many of them.
pub(crate) const MILLION: u32 = 1_000_000;

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `limit`; 0 for a limit of 0. The bias of the product is below 2^-32 for the
    /// limits of a simulation.
    pub fn below(&mut self, limit: u64) -> u64 {
        let product = u128::from(self.0.next_u64()) * u128::from(limit);
        (product >> 64) as u64
    }

    /// Whether something happens that does so in `ppm` of a million times.
    pub fn happens(&mut self, ppm: u32) -> bool {
        ppm > 0 && self.below(u64::from(MILLION)) < u64::from(ppm)
    }

    /// A time until the next event of a Poisson process, with this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        // 53 bits, above 0 and at most 1.
        let unit = ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
        -libm::log(unit) * mean
    }

    /// A machine's seed.
    pub fn seed(&mut self) -> [u8; 32] {
        let mut seed = [0; 32];
        self.0.fill_bytes(&mut seed);
        seed
    }
}
