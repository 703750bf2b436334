//! The questions that are asked of a rule, each a function of a seed.

use super::blocks::{Block, DAY, HOUR, MINUTE, Micros, SECOND};
use super::miner::{Clock, Miner, Presence};
use super::rule::Rule;
use super::run::Run;
use farthing_core::params::NetworkParams;

/// Hashes a second of the miners who stay: a class of some 25 tabs.
pub const POWER: f64 = 100_000_000.0;
/// Hashes of a block of theirs, 30 s apart.
pub const WORK: u64 = 3_000_000_000;

/// When whatever happens does so: until then the chain finds its own rhythm.
pub const CALM: Micros = 2 * HOUR;

/// How long a guest with much hash power stays.
pub const VISIT: Micros = 10 * MINUTE;

/// What a run of the class begins with.
fn class(network: &NetworkParams, rule: Rule, miners: Vec<Miner>, seed: u64) -> Run {
    Run::new(network, rule, WORK, miners, seed)
}

/// The hash power becomes `factor` times as much and stays so.
#[must_use]
pub fn change(network: &NetworkParams, rule: Rule, factor: f64, seed: u64) -> Run {
    let power = vec![(0, POWER), (CALM, POWER * factor)];
    class(network, rule, vec![Miner::with_power(power)], seed)
}

/// Seconds that the next block takes on average, each minute from [`CALM`] on.
pub fn spacings(run: &mut Run, minutes: u64) -> Vec<f64> {
    (0..=minutes)
        .map(|minute| {
            // Just after the change, and after whatever happens in that second.
            run.until(CALM + minute * MINUTE + SECOND);
            run.expected()
        })
        .collect()
}

/// Blocks of the best chain that were found in this time.
#[must_use]
pub fn found(run: &Run, from: Micros, to: Micros) -> usize {
    let within = |block: &&&Block| (from..to).contains(&block.found);
    run.chain().iter().filter(within).count()
}

/// What a guest leaves behind, who had `factor` times the hash power for [`VISIT`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stall {
    /// Seconds from when the guest left to the first block.
    pub first: f64,
    /// Seconds from then to the first block after which the next is expected within two spacings.
    pub recovery: f64,
    /// Blocks of the first hour.
    pub first_hour: usize,
}

/// See [`Stall`]. What does not come within `patience` never came.
#[must_use]
pub fn stall(
    network: &NetworkParams,
    rule: Rule,
    factor: f64,
    patience: Micros,
    seed: u64,
) -> Stall {
    let left = CALM + VISIT;
    let power = vec![(0, POWER), (CALM, POWER * factor), (left, POWER)];
    let mut run = class(network, rule, vec![Miner::with_power(power)], seed);
    run.until(left);
    let end = left + patience;
    let since = |at: Micros| (at - left) as f64 / SECOND as f64;
    let recovery = match run.until_calm(2.0 * f64::from(network.spacing), end) {
        true => since(run.now()),
        false => f64::INFINITY,
    };
    run.until(left + HOUR);
    let chain = run.chain();
    let first = chain.iter().find(|block| block.found >= left);
    Stall {
        first: first.map_or(f64::INFINITY, |block| since(block.found)),
        recovery,
        first_hour: found(&run, left, left + HOUR),
    }
}

/// Nobody mines for a day, then all who did do so again: the seconds until the first block, and the
/// blocks of the first hour.
#[must_use]
pub fn silence(network: &NetworkParams, rule: Rule, seed: u64) -> (f64, usize) {
    let back = CALM + DAY;
    let power = vec![(0, POWER), (CALM, 0.0), (back, POWER)];
    let mut run = class(network, rule, vec![Miner::with_power(power)], seed);
    run.until(back + HOUR);
    let chain = run.chain();
    let first = chain.iter().find(|block| block.found >= back);
    let first = first.map_or(f64::INFINITY, |block| {
        (block.found - back) as f64 / SECOND as f64
    });
    (first, found(&run, back, back + HOUR))
}

/// What a miner gets, beside what he and the network should.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// Blocks of the chain over those that the spacing gives.
    pub all: f64,
    /// His blocks over those that his share of the hash power gives at that spacing.
    pub own: f64,
}

/// A miner with this share of the hash power writes what times he likes for `hours`.
#[must_use]
pub fn liar(
    network: &NetworkParams,
    rule: Rule,
    share: f64,
    clock: Clock,
    hours: u64,
    seed: u64,
) -> Gain {
    let liar = Miner {
        clock,
        ..Miner::honest(POWER * share)
    };
    let honest = Miner::honest(POWER * (1.0 - share));
    let mut run = class(network, rule, vec![honest, liar], seed);
    let end = CALM + hours * HOUR;
    run.until(end);
    let due = (hours * HOUR) as f64 / (u64::from(network.spacing) * SECOND) as f64;
    let chain = run.chain();
    let counted = chain.iter().filter(|block| block.found >= CALM);
    let own = counted
        .clone()
        .filter(|block| block.miner == Some(1))
        .count();
    Gain {
        all: counted.count() as f64 / due,
        own: own as f64 / (due * share),
    }
}

/// Blocks for so many hashes, over those that the same hashes give on a steady chain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Yield {
    /// Of who comes and goes.
    pub guest: f64,
    /// Of those who stay.
    pub stayers: f64,
    /// Blocks of the chain over those that the spacing gives.
    pub all: f64,
}

fn yields(network: &NetworkParams, rule: Rule, guest: Miner, hours: u64, seed: u64) -> Yield {
    let mut run = class(network, rule, vec![Miner::honest(POWER), guest], seed);
    run.until(hours * HOUR);
    let chain = run.chain();
    let own = chain.iter().filter(|block| block.miner == Some(1)).count();
    let of = |blocks: usize, miner| blocks as f64 * WORK as f64 / run.spent(miner);
    let due = (hours * HOUR) as f64 / (u64::from(network.spacing) * SECOND) as f64;
    Yield {
        guest: of(own, 1),
        stayers: of(chain.len() - own, 0),
        all: chain.len() as f64 / due,
    }
}

/// A guest with `factor` times the hash power comes while a block takes at most as many hashes as on
/// the steady chain, and goes when it takes more than `above` times as many.
#[must_use]
pub fn hopper(
    network: &NetworkParams,
    rule: Rule,
    (factor, above): (f64, f64),
    hours: u64,
    seed: u64,
) -> Yield {
    let guest = Miner {
        presence: Presence::Hops {
            below: WORK as f64,
            above: WORK as f64 * above,
        },
        ..Miner::honest(POWER * factor)
    };
    yields(network, rule, guest, hours, seed)
}

/// A guest with `factor` times the hash power mines for `period`, stays away for as long, and so on.
#[must_use]
pub fn alternation(
    network: &NetworkParams,
    rule: Rule,
    (factor, period): (f64, Micros),
    hours: u64,
    seed: u64,
) -> Yield {
    let turns = hours * HOUR / period;
    let power = (0..=turns)
        .map(|turn| match turn % 2 {
            0 => (turn * period, 0.0),
            _ => (turn * period, POWER * factor),
        })
        .collect();
    yields(network, rule, Miner::with_power(power), hours, seed)
}

/// A guest with `factor` times the hash power leaves a chain whose remaining miners are liars to
/// this share: their blocks over their share, until the chain has recovered.
#[must_use]
pub fn liar_in_a_stall(
    network: &NetworkParams,
    rule: Rule,
    (factor, share): (f64, f64),
    clock: Clock,
    seed: u64,
) -> f64 {
    let left = CALM + VISIT;
    let guest = vec![(0, 0.0), (CALM, POWER * (factor - 1.0)), (left, 0.0)];
    let liar = Miner {
        clock,
        power: vec![(0, 0.0), (left, POWER * share)],
        presence: Presence::Always,
    };
    let honest = vec![(0, POWER), (left, POWER * (1.0 - share))];
    let miners = vec![Miner::with_power(honest), liar, Miner::with_power(guest)];
    let mut run = class(network, rule, miners, seed);
    run.until(left);
    let end = left + 30 * DAY;
    run.until_calm(2.0 * f64::from(network.spacing), end);
    let chain = run.chain();
    let after = chain.iter().filter(|block| block.found >= left);
    let own = after.clone().filter(|block| block.miner == Some(1)).count();
    own as f64 / (after.count() as f64 * share)
}
