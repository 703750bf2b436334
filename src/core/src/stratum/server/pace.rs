//! The difficulty that gives a share every few seconds, for a phone and for a server.
//!
//! As common pools do: shares are counted, the rate of hashes is estimated from them, and the
//! difficulty moves where the estimate is far from it. Counted are only shares of jobs that were sent
//! with the difficulty in force, so that none is counted twice or for too little.

use crate::primitives::U256;
use crate::stratum::Difficulty;

/// Shares from which an estimate is good to about a fifth.
const ENOUGH: u32 = 24;
/// After so many times the wanted spacing there is an estimate in any case.
const PATIENCE: u64 = 12;
/// The difficulty moves where the estimate is that many times higher or lower.
const FAR: f64 = 1.5;
/// At most so many times up or down in one step.
const STEP: f64 = 64.0;
/// The easiest difficulty: four hashes of five will do.
const LEAST: f64 = 1.0 / 4_294_967_296.0;

/// The pace of one connection.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    difficulty: f64,
    /// The least that the miner asked for (BIP310's `minimum-difficulty`).
    least: f64,
    spacing_ms: u64,
    /// Since when, and how many shares.
    since_ms: Option<u64>,
    shares: u32,
}

impl Pace {
    pub(super) fn new(start: f64, share_seconds: u32) -> Self {
        Self {
            difficulty: within(start, LEAST),
            least: LEAST,
            spacing_ms: u64::from(share_seconds.max(1)) * 1_000,
            since_ms: None,
            shares: 0,
        }
    }

    /// The difficulty in force: never harder than a block.
    pub(super) fn difficulty(&self, block: U256) -> Difficulty {
        let wanted = Difficulty::new(self.difficulty);
        let block = Difficulty::of_target(block);
        match (wanted, block) {
            (Ok(wanted), Ok(block)) if wanted > block => block,
            (Ok(wanted), _) => wanted,
            (Err(_), block) => block.unwrap_or_else(|_| easiest()),
        }
    }

    /// The miner asks for this difficulty. What is no difficulty changes nothing.
    pub(super) fn suggest(&mut self, difficulty: f64) {
        if Difficulty::new(difficulty).is_ok() {
            self.change(within(difficulty, self.least));
        }
    }

    /// The miner asks for at least this difficulty.
    pub(super) fn at_least(&mut self, difficulty: f64) {
        if Difficulty::new(difficulty).is_ok() {
            self.least = difficulty.max(LEAST);
            if self.difficulty < self.least {
                self.change(self.least);
            }
        }
    }

    /// A job was sent with the difficulty in force.
    pub(super) fn job_sent(&mut self, now_ms: u64) {
        self.since_ms.get_or_insert(now_ms);
    }

    /// A share of a job that had the difficulty in force.
    pub(super) fn share(&mut self) {
        self.shares = self.shares.saturating_add(1);
    }

    /// Moves the difficulty, if it is time. `block` bounds it: where a block is easier, all that is
    /// known is that it is not too easy.
    pub(super) fn retarget(&mut self, block: U256, now_ms: u64) {
        let Some(since_ms) = self.since_ms else {
            return;
        };
        let passed = now_ms.saturating_sub(since_ms).max(1);
        let due = self.shares >= ENOUGH || passed >= PATIENCE.saturating_mul(self.spacing_ms);
        if !due {
            return;
        }
        let in_force = self.difficulty(block).number();
        // Without a share: as if half of one had come.
        let shares = f64::from(self.shares).max(0.5);
        let factor = shares * self.spacing_ms as f64 / passed as f64;
        let factor = factor.clamp(1.0 / STEP, STEP);
        let wanted = within(in_force * factor, self.least);
        let near = (1.0 / FAR..=FAR).contains(&factor);
        if near || wanted == self.difficulty {
            self.anew(Some(now_ms));
        } else {
            self.change(wanted);
        }
    }

    /// When there is an estimate in any case.
    pub(super) fn due_ms(&self) -> Option<u64> {
        let patience = PATIENCE.saturating_mul(self.spacing_ms);
        self.since_ms.map(|since| since.saturating_add(patience))
    }

    /// Counted again from the next job on.
    fn change(&mut self, difficulty: f64) {
        self.difficulty = difficulty;
        self.anew(None);
    }

    fn anew(&mut self, since_ms: Option<u64>) {
        self.since_ms = since_ms;
        self.shares = 0;
    }
}

fn within(difficulty: f64, least: f64) -> f64 {
    /// Harder than any network's blocks will be.
    const MOST: f64 = 1e30;
    if difficulty.is_nan() {
        return least;
    }
    difficulty.clamp(least, MOST)
}

fn easiest() -> Difficulty {
    Difficulty::of_target(U256::MAX).expect("it is not zero")
}
