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

#[cfg(test)]
mod tests {
    use super::*;

    const HASHES: f64 = 4_294_967_296.0;

    fn block() -> U256 {
        Difficulty::new(1_000.0).unwrap().target()
    }

    /// A miner of so many hashes a second for half an hour, with a job each thirty seconds: its
    /// difficulty at the end, and the seconds between its shares in the last ten minutes. The shares
    /// come by the clock: luck is not what is looked at.
    fn mine(hashes: f64, block: U256) -> (f64, f64) {
        let mut pace = Pace::new(0.001, 5);
        let (mut work, mut late) = (0.0, 0);
        let mut in_job = 0.0;
        for tick in 0..18_000_u64 {
            let now = tick * 100;
            if tick % 300 == 0 {
                in_job = pace.difficulty(block).number();
                pace.job_sent(now);
            }
            work += hashes / 10.0;
            // It goes on with the difficulty of its job.
            while work >= in_job * HASHES {
                work -= in_job * HASHES;
                if in_job == pace.difficulty(block).number() {
                    pace.share();
                    pace.retarget(block, now);
                }
                late += u32::from(tick >= 12_000);
            }
            if pace.due_ms().is_some_and(|due| now >= due) {
                pace.retarget(block, now);
                assert!(
                    pace.due_ms().is_none_or(|due| due > now),
                    "it would be due for ever"
                );
            }
        }
        (pace.difficulty(block).number(), 600.0 / f64::from(late))
    }

    #[test]
    fn a_phone_and_a_server_both_send_a_share_every_few_seconds() {
        for hashes in [1e5, 1e6, 2e7, 1e9, 1e11] {
            let (difficulty, seconds) = mine(hashes, block());
            let good = (2.5..=10.0).contains(&seconds);
            assert!(good, "{hashes:e}: difficulty {difficulty}, {seconds} s");
        }
    }

    #[test]
    fn shares_are_never_harder_than_a_block() {
        let block = Difficulty::new(0.01).unwrap().target();
        let (difficulty, _) = mine(1e9, block);
        assert!((0.0099..=0.01).contains(&difficulty), "{difficulty}");
        assert!(Difficulty::new(difficulty).unwrap().target() >= block);
    }

    #[test]
    fn a_miner_that_left_off_is_given_easier_and_easier_shares() {
        let mut pace = Pace::new(1.0, 5);
        let mut before = 1.0;
        for minute in 1..60 {
            pace.job_sent(minute * 60_000);
            pace.retarget(block(), minute * 60_000 + 60_000);
            let difficulty = pace.difficulty(block()).number();
            assert!(difficulty < before || difficulty == LEAST, "{difficulty}");
            before = difficulty;
        }
        assert_eq!(before, LEAST);
    }

    #[test]
    fn numbers_that_are_none_change_nothing() {
        let mut pace = Pace::new(f64::NAN, 0);
        assert_eq!(pace.difficulty(block()).number(), LEAST);
        pace.suggest(0.5);
        for number in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            pace.suggest(number);
            pace.at_least(number);
            assert_eq!(pace.difficulty(block()).number(), 0.5);
        }
        pace.at_least(2.0);
        pace.suggest(0.5);
        assert_eq!(pace.difficulty(block()).number(), 2.0);
    }
}
